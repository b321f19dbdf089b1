import fs from "node:fs/promises";
import path from "node:path";

import execa from "execa";

import { baseImage, provideImage } from "../images/baseImage";
import { refuseUnsupportedHost } from "../cluster/cluster";
import { clusterFolder } from "../cluster/kinds";
import { showLatestLine } from "../../terminal/latestLine";
import { type Progress, step } from "../../terminal/progress";
import { architecture } from "../install/versions";
import { isHostRunning, makeNodeNetwork, minikubeHost, startHost, stopHost } from "./host";
import { ensureNodeImage } from "./nodeImage";
import { installMinikube, type MinikubeTools } from "./tools";

export { installMinikube, type MinikubeTools, missingTools } from "./tools";

/** The node's container runtime. */
export type Runtime = "docker" | "containerd";

/**
 * Starts a real minikube with the docker driver in its own Docker Engine; a stopped one keeps its objects and images.
 * The base image of app/Dockerfile is loaded into the daemon that builds: the node's, or the engine for containerd.
 *
 * @returns the environment in which `minikube`, `kubectl` and `docker` use this minikube
 */
export async function startMinikube(runtime: Runtime = "docker"): Promise<NodeJS.ProcessEnv> {
  refuseUnsupportedHost(process.platform, process.getuid?.());
  const tools = await installMinikube();
  const { environment } = tools;
  await step("Docker Engine of minikube", async () => {
    await startHost(environment);
    await makeNodeNetwork(environment);
  });
  const node = await step("Node image of minikube", async (progress) => await ensureNodeImage(tools, progress));
  await step(`Base image ${baseImage}`, async (progress) => {
    progress.detail(
      await provideImage(minikubeHost, environment, tools.cluster.engine.mmdebstrap, baseImage, progress),
    );
  });
  await linkBinaries(tools);
  await step("minikube start", async (progress) => {
    await minikube(environment, startArguments(tools, node, runtime), progress);
  });
  if (runtime === "docker") {
    await step(`Base image ${baseImage} in minikube`, async (progress) => {
      await loadBaseImage(environment, progress);
    });
  }
  return environment;
}

/** Arguments of `minikube start`; `node` is the image of the node. */
export function startArguments(
  { cluster }: { cluster: { kubernetes: { version: string } } },
  node: string,
  runtime: Runtime,
): string[] {
  return [
    ...["start", "--driver=docker", `--container-runtime=${runtime}`, "--cni=bridge", `--base-image=${node}`],
    // minikube refuses to run as root otherwise, and the engine needs root.
    "--force",
    `--kubernetes-version=v${cluster.kubernetes.version}`,
    // Nothing is downloaded: the node image has everything except CoreDNS and the add-ons, which Django does not need.
    ...["--preload=false", "--cache-images=false", "--install-addons=false"],
    ...["--extra-config=kubeadm.skip-phases=addon/coredns", "--extra-config=kubeadm.ignore-preflight-errors=ImagePull"],
    "--extra-config=kubelet.cgroup-driver=cgroupfs",
    "--wait=apiserver,node_ready",
  ];
}

/** Links Kubernetes' executables into the cache to which minikube would download them. */
async function linkBinaries({ cluster, kubeadm, environment }: MinikubeTools): Promise<void> {
  const cache = path.join(environment["MINIKUBE_HOME"] ?? "", ".minikube", "cache", "linux", architecture.go);
  const folder = path.join(cache, `v${cluster.kubernetes.version}`);
  await fs.mkdir(folder, { recursive: true });
  for (const [name, from] of Object.entries({
    kubelet: cluster.kubernetes.folder,
    kubectl: cluster.kubernetes.folder,
    kubeadm: kubeadm.folder,
  })) {
    await fs.rm(path.join(folder, name), { force: true });
    await fs.symlink(path.join(from, name), path.join(folder, name));
  }
}

async function loadBaseImage(environment: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
  const images = await minikube(environment, ["image", "ls"], progress);
  if (!images.includes(baseImage)) {
    await minikube(environment, ["image", "load", baseImage], progress);
  }
}

/** Stops minikube's node as a user does; the engine keeps running. */
export async function stopMinikube(): Promise<void> {
  const { environment } = await installMinikube();
  await step("minikube stop", async (progress) => {
    await minikube(environment, ["stop"], progress);
  });
}

/** Deletes the cluster as a user does, and stops the engine, whose images stay for the next start. */
export async function deleteMinikube(): Promise<void> {
  const { environment } = await installMinikube();
  await step("minikube delete", async (progress) => {
    if (isHostRunning()) {
      await minikube(environment, ["delete"], progress);
    }
    await stopHost(environment);
  });
}

/** Deletes the cluster and the engine's folder with its images; the tools stay. */
export async function removeMinikube(): Promise<void> {
  await deleteMinikube();
  await fs.rm(clusterFolder(minikubeHost), { recursive: true, force: true });
}

/** Runs `minikube` and shows the latest line that it prints; an error contains all that it printed. */
async function minikube(environment: NodeJS.ProcessEnv, args: string[], progress: Progress): Promise<string> {
  const child = execa("minikube", args, { env: environment, extendEnv: false, all: true, stdin: "ignore" });
  showLatestLine(child.all, progress);
  const { stdout } = await child;
  return stdout;
}
