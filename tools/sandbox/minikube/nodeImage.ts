import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import type { Progress } from "../../terminal/progress";
import { docker, hasImage } from "../cluster/dockerCli";
import { run } from "../cluster/host";
import { clusterFolder } from "../cluster/kinds";
import { buildDebianImage, debianRelease } from "../images/debianImage";
import { minikubeHost } from "./host";
import type { MinikubeTools } from "./tools";

const repository = "kubernetes-django-sandbox";
const sources = path.join(__dirname, "node");
const packages = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "sudo", "procps", "hostname", "kmod", "curl"],
  ...["docker.io", "docker-cli", "docker-buildx", "containerd", "containernetworking-plugins", "ca-certificates"],
  ...["iptables", "iproute2", "conntrack", "ethtool", "socat"],
];
/** The executables of the static pods and of kube-proxy. */
const components = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "etcd"];

/**
 * Builds the image of minikube's node, unless the engine has it, and returns its name.
 *
 * @throws a `Problem` on a system without Debian's packages
 */
export async function ensureNodeImage(tools: MinikubeTools, progress: Progress): Promise<string> {
  const name = `${repository}/minikube-node:${recipe(tools)}`;
  if (await hasImage(minikubeHost, tools.environment, name)) {
    progress.detail("present");
    return name;
  }
  const base = await ensurePackages(tools, progress);
  const context = path.join(clusterFolder(minikubeHost), "node-build");
  fs.rmSync(context, { recursive: true, force: true });
  fs.cpSync(sources, context, { recursive: true });
  layOut(tools, context);
  const build = async (target: string, ...names: string[]): Promise<void> => {
    progress.detail(`building ${target}`);
    const flags = ["--quiet", "--build-arg", `PACKAGES=${base}`, "--target", target];
    const tags = names.flatMap((each) => ["--tag", each]);
    await run(tools.environment, ["docker", "build", ...flags, ...tags, context]);
  };
  const images = await kubernetesImages(tools);
  await build("kubernetes", ...images.filter((image) => !image.includes("/pause:")));
  await build("pause", ...images.filter((image) => image.includes("/pause:")));
  const archive = path.join(context, "kubernetes-images.tar");
  await docker(minikubeHost, tools.environment, ["save", "--output", archive, ...images]);
  await build("node", name);
  fs.rmSync(context, { recursive: true });
  progress.detail("built from Debian's packages");
  return name;
}

/** Twelve hexadecimal digits of what the image is made of: a change of any part builds another image. */
function recipe({ cluster, kubeadm, crictl }: MinikubeTools): string {
  const versions = [cluster.kubernetes, cluster.criDockerd, kubeadm, crictl].map(({ name, version }) => [
    name,
    version,
  ]);
  const files = fs.readdirSync(sources).sort();
  const contents = files.map((file) => [file, fs.readFileSync(path.join(sources, file), "utf8")]);
  return digits(JSON.stringify([debianRelease, packages, versions, contents]));
}

function digits(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Builds the image with the node's Debian packages, unless the engine has it, and returns its name. */
async function ensurePackages(tools: MinikubeTools, progress: Progress): Promise<string> {
  const { environment } = tools;
  const { mmdebstrap } = tools.cluster.engine;
  const name = `${repository}/minikube-packages:${digits(JSON.stringify([debianRelease, packages]))}`;
  if (await hasImage(minikubeHost, tools.environment, name)) {
    return name;
  }
  if (mmdebstrap === undefined) {
    throw new Problem(
      "minikube's node can only be built on a system with Debian's packages",
      "start a minikube of yours and run `npm run up -- minikube`",
    );
  }
  await buildDebianImage(minikubeHost, environment, mmdebstrap, name, { packages }, progress);
  return name;
}

/** Copies executables into the build's context; an executable with several names stays one file. */
function layOut({ cluster, crictl }: MinikubeTools, context: string): void {
  fs.mkdirSync(path.join(context, "bin"));
  fs.copyFileSync(cluster.pause, path.join(context, "pause"));
  fs.copyFileSync(path.join(cluster.criDockerd.folder, "cri-dockerd"), path.join(context, "cri-dockerd"));
  fs.copyFileSync(path.join(crictl.folder, "crictl"), path.join(context, "crictl"));
  const copies = new Map<string, string>();
  for (const name of components) {
    const file = fs.realpathSync(path.join(cluster.kubernetes.folder, name));
    const copy = copies.get(file);
    if (copy === undefined) {
      fs.copyFileSync(file, path.join(context, "bin", name));
      copies.set(file, name);
    } else {
      fs.symlinkSync(copy, path.join(context, "bin", name));
    }
  }
}

/** The images that kubeadm uses, without CoreDNS: the cluster is started without it. */
async function kubernetesImages({ cluster, kubeadm, environment }: MinikubeTools): Promise<string[]> {
  const ask = ["config", "images", "list", "--kubernetes-version", `v${cluster.kubernetes.version}`];
  const list = await run(environment, [path.join(kubeadm.folder, "kubeadm"), ...ask]);
  return list.split("\n").filter((image) => image !== "" && !image.includes("/coredns"));
}
