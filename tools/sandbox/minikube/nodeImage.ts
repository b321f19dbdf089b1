import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { docker } from "../cluster/dockerCli";
import { run } from "../cluster/host";
import { clusterFolder } from "../cluster/kinds";
import type { Progress } from "../../terminal/progress";
import { minikubeHost } from "./host";
import type { MinikubeTools } from "./tools";

const repository = "kubernetes-django-sandbox";
const sources = path.join(__dirname, "node");
const suite = "trixie";
const packages = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "sudo", "procps", "hostname", "kmod", "curl"],
  ...["docker.io", "docker-cli", "docker-buildx", "containerd", "containernetworking-plugins", "ca-certificates"],
  ...["iptables", "iproute2", "conntrack", "ethtool", "socat"],
];
/** What runs in pods of the node, beside etcd and pause. */
const components = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "etcd"];

/** Sees to it that the engine has the image of minikube's node, and returns its name. */
export async function ensureNodeImage(tools: MinikubeTools, progress: Progress): Promise<string> {
  const name = `${repository}/minikube-node:${recipe(tools)}`;
  if (await has(tools, name)) {
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

async function has(tools: MinikubeTools, image: string): Promise<boolean> {
  const ask = ["image", "inspect", "--format", "{{.Id}}", image];
  return (await docker(minikubeHost, tools.environment, ask, { reject: false })) !== "";
}

/** What the image is made of, as twelve digits: it is built anew when any of it changes. */
function recipe({ cluster, kubeadm, crictl }: MinikubeTools): string {
  const versions = [cluster.kubernetes, cluster.criDockerd, kubeadm, crictl].map(({ name, version }) => [
    name,
    version,
  ]);
  const files = fs.readdirSync(sources).sort();
  const contents = files.map((file) => [file, fs.readFileSync(path.join(sources, file), "utf8")]);
  return digits(JSON.stringify([suite, packages, versions, contents]));
}

function digits(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** The image of a bare system with what the node needs of Debian's. */
async function ensurePackages(tools: MinikubeTools, progress: Progress): Promise<string> {
  const { environment } = tools;
  const { mmdebstrap } = tools.cluster.engine;
  const name = `${repository}/minikube-packages:${digits(JSON.stringify([suite, packages]))}`;
  if (await has(tools, name)) {
    return name;
  }
  if (mmdebstrap === undefined) {
    throw new Error(
      "minikube's node can only be built on a system with Debian's packages; start a minikube of yours and run `npm run up -- minikube`.",
    );
  }
  const archive = path.join(clusterFolder(minikubeHost), "packages.tar");
  const clean = `rm -rf "$1"/usr/share/man "$1"/usr/share/doc "$1"/usr/share/locale "$1"/var/cache/apt`;
  const flags = ["--variant=minbase", `--include=${packages.join()}`, `--customize-hook=${clean}`];
  const child = execa(mmdebstrap, [...flags, suite, archive], { env: environment, extendEnv: false, all: true });
  child.all?.on("data", (chunk: Buffer) => {
    progress.detail(chunk.toString().trim().split("\n").at(-1) ?? "");
  });
  await child;
  await docker(minikubeHost, environment, ["import", archive, name]);
  fs.rmSync(archive);
  return name;
}

/** Copies executables into the build's context; one that has several names stays one file. */
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

/** The names that kubeadm will ask for. CoreDNS is left out: the cluster is started without it. */
async function kubernetesImages({ cluster, kubeadm, environment }: MinikubeTools): Promise<string[]> {
  const ask = ["config", "images", "list", "--kubernetes-version", `v${cluster.kubernetes.version}`];
  const list = await run(environment, [path.join(kubeadm.folder, "kubeadm"), ...ask]);
  return list.split("\n").filter((image) => image !== "" && !image.includes("/coredns"));
}
