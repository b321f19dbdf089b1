import path from "node:path";

import { clusterEnvironment } from "../cluster/cluster";
import { clusterFiles, clusterFolder } from "../cluster/kinds";
import { type ClusterTools, installClusterTools } from "../install/install";
import { installAll, machine } from "../install/obtain";
import type { InstalledTool, Tool } from "../install/tool";
import { architecture, versions } from "../install/versions";
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
  // The node image is made for what this minor version expects of one.
  onPath: { accepts: "1.38.x" },
  ways: [
    { kind: "download", files: [{ url: minikubeRelease, sums: `${minikubeRelease}.sha256`, to: "bin/minikube" }] },
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

/** A tool of its own, so that who uses no minikube need not have it, nor those who have the rest of Kubernetes. */
export const kubeadm: Tool = {
  name: "kubeadm",
  title: "kubeadm",
  version: versions.kubernetes,
  executables: ["kubeadm"],
  versionArguments: ["version", "--output=short"],
  onPath: { accepts: "1.34.x" },
  ways: [
    { kind: "download", files: [{ url: kubeadmRelease, sums: `${kubeadmRelease}.sha256`, to: "bin/kubeadm" }] },
    {
      kind: "go",
      builds: [
        {
          module: "kubernetes",
          package: "./kubeadm",
          output: "bin/kubeadm",
          variables: {
            "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
            "k8s.io/component-base/version.gitMajor": "1",
            "k8s.io/component-base/version.gitMinor": "34",
          },
        },
      ],
    },
  ],
  byHand: "put Kubernetes 1.34's kubeadm on PATH (https://kubernetes.io/releases/download)",
};

/** Asks a container runtime for its containers, in the node. */
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

/** Everything that a minikube is started from, the clusters' own tools included. */
export interface MinikubeTools {
  readonly cluster: ClusterTools;
  readonly minikube: InstalledTool;
  readonly kubeadm: InstalledTool;
  readonly crictl: InstalledTool;
  /** What `minikube` is run with: its own PATH, home, kubeconfig and Docker daemon. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Finds or installs what a minikube consists of; built from Go modules it takes minutes, and is cached by version.
 *
 * @throws one sentence when one of the tools cannot be had in any way
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

/** The tools that a start would have to install first. */
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
