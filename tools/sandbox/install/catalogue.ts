import type { Tool } from "./tool";
import { architecture, kubernetesVersionVariables, versions } from "./versions";

export { engine, iproute2, iptables } from "./engineCatalogue";
export { checkov, kubeScore } from "./scannerCatalogue";
export { busybox, dockerContext, dockerRegistry } from "./testCatalogue";

/** Compiles the other tools where their vendors cannot be reached; Go fetches a newer toolchain if a go.mod asks for one. */
export const go: Tool = {
  name: "go",
  title: "Go",
  version: versions.go,
  executables: ["go"],
  versionArguments: ["version"],
  onPath: { accepts: ">=1.21.0" },
  ways: [
    {
      kind: "download",
      files: [
        {
          url: `https://dl.google.com/go/go${versions.go}.linux-${architecture.go}.tar.gz`,
          sums: `https://dl.google.com/go/go${versions.go}.linux-${architecture.go}.tar.gz.sha256`,
          to: ".",
        },
      ],
    },
    {
      kind: "debian",
      version: versions.debian.go,
      packages: ["golang-1.24-go/trixie", "golang-1.24-src/trixie"],
      links: { "bin/go": "usr/lib/go-1.24/bin/go" },
    },
  ],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install)",
};

export const pulumi: Tool = {
  name: "pulumi",
  title: "Pulumi",
  version: versions.pulumi,
  executables: ["pulumi", "pulumi-language-nodejs"],
  versionArguments: ["version"],
  onPath: { accepts: `>=${versions.pulumi} <4` },
  ways: [
    { kind: "pulumi-installer" },
    {
      kind: "download",
      files: [
        {
          url: `https://get.pulumi.com/releases/sdk/pulumi-v${versions.pulumi}-linux-${architecture.node}.tar.gz`,
          to: "bin",
        },
      ],
    },
    {
      kind: "go",
      builds: [
        {
          module: "pulumi",
          package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
          output: "bin/pulumi",
          variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
        },
        {
          module: "nodejs-language-host",
          package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
          output: "bin/pulumi-language-nodejs",
        },
      ],
      scripts: ["pulumi-analyzer-policy", "pulumi-resource-pulumi-nodejs"],
    },
  ],
  byHand: `install Pulumi ${versions.pulumi} or newer (https://www.pulumi.com/docs/install)`,
};

const kubernetesNames = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
] as const;
const kubernetesRelease = `https://dl.k8s.io/release/v${versions.kubernetes}/bin/linux/${architecture.go}`;
const etcdRelease = `https://github.com/etcd-io/etcd/releases/download/v${versions.etcd}`;
const etcdArchive = `etcd-v${versions.etcd}-linux-${architecture.go}`;

/** The parts of Kubernetes, and etcd. */
export const kubernetes: Tool = {
  name: "kubernetes",
  title: "Kubernetes",
  version: versions.kubernetes,
  executables: [...kubernetesNames, "etcd"],
  versionArguments: ["--version"],
  // From 1.35 on, the kubelet refuses a machine with version 1 of the kernel's control groups.
  onPath: { accepts: "1.34.x" },
  ways: [
    {
      kind: "download",
      files: [
        ...kubernetesNames.map((name) => ({
          url: `${kubernetesRelease}/${name}`,
          sums: `${kubernetesRelease}/${name}.sha256`,
          to: `bin/${name}`,
        })),
        {
          url: `${etcdRelease}/${etcdArchive}.tar.gz`,
          sums: `${etcdRelease}/SHA256SUMS`,
          to: "bin",
          member: `${etcdArchive}/etcd`,
        },
      ],
    },
    {
      kind: "go",
      builds: [
        {
          module: "kubernetes",
          package: ".",
          output: "bin/kubernetes",
          variables: kubernetesVersionVariables,
          names: [...kubernetesNames, "etcd"],
        },
      ],
    },
  ],
  byHand: "put Kubernetes 1.34's executables and etcd on PATH (https://kubernetes.io/releases/download)",
};

/** Lets the kubelet run its pods in a Docker daemon. */
export const criDockerd: Tool = {
  name: "cri-dockerd",
  title: "cri-dockerd",
  version: versions.criDockerd,
  executables: ["cri-dockerd"],
  versionArguments: ["--version"],
  onPath: { accepts: `>=${versions.criDockerd}` },
  ways: [
    {
      kind: "download",
      files: [
        {
          url: `https://github.com/Mirantis/cri-dockerd/releases/download/v${versions.criDockerd}/cri-dockerd-${versions.criDockerd}.${architecture.go}.tgz`,
          to: "bin",
        },
      ],
    },
    {
      kind: "go",
      builds: [
        {
          module: "cri-dockerd",
          package: "github.com/Mirantis/cri-dockerd",
          output: "bin/cri-dockerd",
          variables: { "github.com/Mirantis/cri-dockerd/cmd/version.Version": versions.criDockerd },
        },
      ],
    },
  ],
  byHand: `install cri-dockerd ${versions.criDockerd} or newer (https://github.com/Mirantis/cri-dockerd/releases)`,
};

/** The process that holds a pod's namespaces; the sandbox makes an image of it. */
export const pause: Tool = {
  name: "pause",
  title: "pause",
  version: versions.pause,
  executables: ["pause"],
  ways: [{ kind: "go", builds: [{ module: "pause", package: ".", output: "bin/pause" }] }],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install), which compiles it",
};

/** Makes a folder of the node for each PersistentVolumeClaim. */
export const volumeProvisioner: Tool = {
  name: "volume-provisioner",
  title: "volume provisioner",
  version: versions.volumeProvisioner,
  executables: ["kube-volume-provisioner"],
  ways: [
    { kind: "go", builds: [{ module: "volume-provisioner", package: ".", output: "bin/kube-volume-provisioner" }] },
  ],
  byHand: "install Go 1.21 or newer (https://go.dev/doc/install), which compiles it",
};
