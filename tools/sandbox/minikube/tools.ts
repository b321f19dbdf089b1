import path from "node:path";

import { clusterEnvironment } from "../cluster/cluster";
import { clusterFiles, clusterFolder } from "../cluster/kinds";
import { type ClusterTools, installClusterTools } from "../install/install";
import { installAll, machine } from "../install/obtain";
import type { InstalledTool, Tool } from "../install/tool";
import { architecture, kubernetesVersionVariables, versions } from "../install/versions";
import { minikubeHost } from "./host";

const version = { minikube: "1.38.1", crictl: "1.36.0" };
const minikubeRelease = `https://storage.googleapis.com/minikube/releases/v${version.minikube}/minikube-linux-${architecture.go}`;
const kubeadmRelease = `https://dl.k8s.io/release/v${versions.kubernetes}/bin/linux/${architecture.go}/kubeadm`;

export const minikube: Tool = {
  name: "minikube",
  title: "minikube",
  version: version.minikube,
  executables: ["minikube"],
  versionArguments: ["version"],
  // The node image fits this minor version.
  onPath: { accepts: "1.38.x" },
  ways: [
    {
      kind: "download",
      files: [
        {
          url: minikubeRelease,
          sums: {
            amd64: "099477eaf248bcb5bcea8ce78a2898e93ac01461c35189da1848c3de82ecd22e",
            arm64: "a0b8a1ebfc8c07a247271d8df98ac0ddd7c8c855b601d402463e2e50c08c6bab",
          },
          to: "bin/minikube",
        },
      ],
    },
    {
      kind: "go",
      builds: [
        {
          module: "minikube",
          package: "k8s.io/minikube/cmd/minikube",
          output: "bin/minikube",
          variables: {
            "k8s.io/minikube/pkg/version.version": `v${version.minikube}`,
            "k8s.io/minikube/pkg/version.isoVersion": `v${version.minikube}`,
          },
        },
      ],
    },
  ],
  byHand: `install minikube ${version.minikube} (https://minikube.sigs.k8s.io/docs/start)`,
};

/** Separate from the rest of Kubernetes, since only minikube needs it. */
export const kubeadm: Tool = {
  name: "kubeadm",
  title: "kubeadm",
  version: versions.kubernetes,
  executables: ["kubeadm"],
  versionArguments: ["version", "--output=short"],
  onPath: { accepts: "1.34.x" },
  ways: [
    {
      kind: "download",
      files: [
        {
          url: kubeadmRelease,
          sums: {
            amd64: "b967f1fa0e36621c402d38bb560eb4a943954d5cf5a00e5150842f6f5da73455",
            arm64: "d8028b7e8c8d6c9b3fc3da6bc88d4d0cfb33df1b4b026a7d6e8c35d1471c9f6e",
          },
          to: "bin/kubeadm",
        },
      ],
    },
    {
      kind: "go",
      builds: [
        {
          module: "kubernetes",
          package: "./kubeadm",
          output: "bin/kubeadm",
          variables: kubernetesVersionVariables,
        },
      ],
    },
  ],
  byHand: "put Kubernetes 1.34's kubeadm on PATH (https://kubernetes.io/releases/download)",
};

/** The client of container runtimes that kubeadm and minikube run in the node. */
export const crictl: Tool = {
  name: "crictl",
  title: "crictl",
  version: version.crictl,
  executables: ["crictl"],
  versionArguments: ["--version"],
  ways: [
    {
      kind: "go",
      builds: [
        {
          module: "crictl",
          package: "sigs.k8s.io/cri-tools/cmd/crictl",
          output: "bin/crictl",
          variables: { "sigs.k8s.io/cri-tools/pkg/version.Version": `v${version.crictl}` },
        },
      ],
    },
  ],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install), which compiles it",
};

/** The tools that a minikube is started with. */
export interface MinikubeTools {
  readonly cluster: ClusterTools;
  readonly minikube: InstalledTool;
  readonly kubeadm: InstalledTool;
  readonly crictl: InstalledTool;
  /** The environment of `minikube`: its PATH, home, kubeconfig and Docker daemon. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Finds or installs the tools of a minikube. Compiling them from Go modules takes minutes; they are cached by version.
 *
 * @throws a `Problem` when one of them cannot be installed
 */
export async function installMinikube(): Promise<MinikubeTools> {
  const cluster = await installClusterTools();
  const [minikubeTool, kubeadmTool, crictlTool] = await installAll([minikube, kubeadm, crictl]);
  return {
    cluster,
    minikube: minikubeTool,
    kubeadm: kubeadmTool,
    crictl: crictlTool,
    environment: await minikubeEnvironment(cluster, minikubeTool),
  };
}

/** The names of the tools that a start would have to install. */
export async function missingTools(): Promise<string[]> {
  const tools = [minikube, kubeadm, crictl];
  const found = await Promise.all(tools.map(async (tool) => machine.cached(tool) ?? (await machine.onPath(tool))));
  return tools.filter((_, index) => found[index] === undefined).map(({ name }) => name);
}

async function minikubeEnvironment(cluster: ClusterTools, tool: InstalledTool): Promise<NodeJS.ProcessEnv> {
  const environment = await clusterEnvironment(minikubeHost, cluster);
  const { kubeconfig, dockerSocket } = clusterFiles(minikubeHost);
  return {
    ...environment,
    PATH: [tool.folder, environment["PATH"]].join(path.delimiter),
    MINIKUBE_HOME: path.join(clusterFolder(minikubeHost), "home"),
    KUBECONFIG: kubeconfig,
    DOCKER_HOST: `unix://${dockerSocket}`,
  };
}
