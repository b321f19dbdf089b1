/** The versions that are installed where the machine has no accepted one. */
export const versions = {
  go: "1.26.0",
  pulumi: "3.220.0",
  kubernetes: "1.34.4",
  etcd: "3.6.4",
  criDockerd: "0.4.0",
  pause: "1.0.0",
  volumeProvisioner: "1.0.0",
  docker: "26.1.5",
  buildkit: "0.13.2",
  iptables: "1.8.9",
  iproute2: "6.1.0",
  socat: "1.7.4",
  kubeScore: "1.20.0",
  checkov: "3.3.30",
  kwok: "0.8.0",
  dockerRegistry: "2.8.2",
  seaweedFs: "4.48",
  busybox: "1.35.0",
  dockerContext: "1.0.0",
  oldestNode: "20.20.2",
  newestNode: "26.10.0",
  /** Debian's versions, where they differ. */
  debian: { go: "1.24.4" },
} as const;

const [major = "", minor = ""] = versions.kubernetes.split(".");

/** The Go variables by which Kubernetes' executables know their version. */
export const kubernetesVersionVariables = {
  "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
  "k8s.io/component-base/version.gitMajor": major,
  "k8s.io/component-base/version.gitMinor": minor,
};

/** This machine's architecture in the vendors' spellings. For one that a vendor does not support, downloads are not found. */
export const architecture = {
  /** For Go, Kubernetes and most others. */
  go: process.arch === "x64" ? "amd64" : process.arch,
  /** For Node.js and Pulumi. */
  node: process.arch,
};
