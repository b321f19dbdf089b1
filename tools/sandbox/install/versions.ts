/** The one table of what is installed where the machine has nothing that will do. */
export const versions = {
  go: "1.26.0",
  pulumi: "3.220.0",
  kubernetes: "1.34.4",
  etcd: "3.6.4",
  criDockerd: "0.4.0",
  pause: "1.0.0",
  volumeProvisioner: "1.0.0",
  docker: "27.5.1",
  buildx: "0.20.1",
  iptables: "1.8.9",
  iproute2: "6.1.0",
  kubeScore: "1.20.0",
  checkov: "3.3.30",
  kwok: "0.8.0",
  dockerRegistry: "2.8.2",
  busybox: "1.35.0",
  /** What Debian has of those that are newer elsewhere. */
  debian: { go: "1.24.4", docker: "26.1.5" },
} as const;

/** This machine's architecture in the vendors' spellings; one that a vendor does not build for is answered with a 404. */
export const architecture = {
  /** As Go, Kubernetes and most others have it. */
  go: process.arch === "x64" ? "amd64" : process.arch,
  /** As Node and Pulumi have it. */
  node: process.arch,
  /** As the kernel and Docker have it. */
  kernel: { x64: "x86_64", arm64: "aarch64" }[process.arch as string] ?? process.arch,
};
