import type { Tool } from "./tool";
import { architecture, kubernetesVersionVariables, versions } from "./versions";

export { engine, iproute2, iptables, socat } from "./engineCatalogue";
export { checkov, kubeScore } from "./scannerCatalogue";
export { busybox, dockerContext, dockerRegistry, seaweedFs } from "./testCatalogue";

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
          sums: {
            amd64: "aac1b08a0fb0c4e0a7c1555beb7b59180b05dfc5a3d62e40e9de90cd42f88235",
            arm64: "bd03b743eb6eb4193ea3c3fd3956546bf0e3ca5b7076c8226334afe6b75704cd",
          },
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
    {
      kind: "download",
      files: [
        {
          url: `https://github.com/pulumi/pulumi/releases/download/v${versions.pulumi}/pulumi-v${versions.pulumi}-linux-${architecture.node}.tar.gz`,
          sums: {
            amd64: "6f00c595e0c35821cd31903d7bb328a11c3c4bdad7acd59403fbb14cfcad45ff",
            arm64: "2600ee0f43d8cc3756d5ba96c31864f9b246961bb7f6d8ae467ed8c270c4f66b",
          },
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
        {
          url: `https://dl.k8s.io/v${versions.kubernetes}/kubernetes-server-linux-${architecture.go}.tar.gz`,
          sums: {
            amd64:
              "65c75e81e3ea488f6d42b493cad64d7577ddfa1e5372037a1c841ac069039997d359b5b2f2d44e7665bf04c48ed0065cf9d4c9801b1e63bb6a1b099ef00d4863",
            arm64:
              "a1fad7060ed67b5634f32f3256a295179dd887dab5c82b8550c2eb62c69df34cfbb311c8f93e7608d558eba32b9e2ddc23976db39e512fd747cc6bf9b4c1765f",
          },
          to: "bin",
          members: kubernetesNames.map((name) => `kubernetes/server/bin/${name}`),
          strip: 3,
        },
        {
          url: `${etcdRelease}/${etcdArchive}.tar.gz`,
          sums: {
            amd64: "4d5f3101daa534e45ccaf3eec8d21c19b7222db377bcfd5e5a9144155238c105",
            arm64: "323421fa279f4f3d7da4c7f2dfa17d9e49529cb2b4cdf40899a7416bccdde42d",
          },
          to: "bin",
          members: [`${etcdArchive}/etcd`],
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
    // No sum of the vendor's archive is known.
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
