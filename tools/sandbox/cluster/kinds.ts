import path from "node:path";

import {
  clusterFolder as folderOf,
  dataFolder,
  sandboxContext,
  sandboxFolderName,
} from "../../../components/targets/sandbox";

/** What differs between the clusters that the sandbox can start. */
export interface ClusterKind {
  name: "local" | "isolated" | "pair" | "worker" | "minikube" | "fake";
  /** Name of its folders beside those of the other kinds; @default `name` */
  folderName?: string;
  /** The kube context in the cluster's kubeconfig; also the node's name. */
  context: string;
  /** The pods' bridge, and their control group; at most 15 characters, the kernel's limit for an interface. */
  bridge: string;
  /** Candidates for the first two octets of the pods' /16; the first free one is used. */
  podNetworks: string[];
  /** The cluster's own network namespace, reached over a veth pair; @default the host's namespace */
  namespace?: {
    name: string;
    /** The host's end of the veth pair. */
    link: string;
    /** First three octets of the /24 between host and node: the host is .1, the node .2. */
    network: string;
    /** Whether this machine routes packets to the pods, as between the nodes of one cluster; @default false */
    routesPods?: boolean;
  };
  /** Whether the daemon keeps images in containerd's store, as Docker Desktop's does; @default false */
  containerdStore?: boolean;
  /** Port of the Docker API with TLS on the node's address; @default the API is on the socket only */
  dockerTlsPort?: number;
  /** The cluster to which this kind adds a node; @default none, the kind is a cluster with a control plane */
  joins?: ClusterKind;
  /** Seconds between a node's heartbeats, and without one until it counts as failed; @default Kubernetes', 10 and 50 */
  failureDetection?: { heartbeat: number; grace: number };
  /** Whether a power cut may lose its objects, since it is deleted after its use; @default false */
  isThrowaway?: boolean;
  /** File with a certificate authority that the Docker daemon trusts in addition to the machine's; @default none */
  extraAuthority?: string;
}

const podNetworks = ["172.30", "172.29", "172.28", "10.222", "10.223"];

/** `local` is like Docker Desktop: one daemon for the user and the node, NodePorts on localhost. */
export const local: ClusterKind = {
  name: "local",
  folderName: sandboxFolderName,
  context: sandboxContext,
  // The name that earlier releases gave it: a sandbox that one of them started can still be stopped.
  bridge: "kdj-shared",
  podNetworks,
};

/** `isolated` is like minikube: its own host, with a Docker daemon that is reached over TLS at 192.168.49.2. */
export const isolated: ClusterKind = {
  name: "isolated",
  context: "minikube",
  bridge: "kdj-isolated",
  podNetworks,
  namespace: { name: "kdj-isolated", link: "kdj-node", network: "192.168.49" },
  dockerTlsPort: 2376,
};

/** `pair` is a cluster of two nodes, and its first node. A failure of a node is noticed within seconds. */
export const pair: ClusterKind = {
  name: "pair",
  context: "kubernetes-django-pair",
  bridge: "kdj-pair",
  podNetworks: ["172.24", "10.226", "10.228"],
  namespace: { name: "kdj-pair", link: "kdj-pair-node", network: "192.168.50", routesPods: true },
  failureDetection: { heartbeat: 1, grace: 3 },
};

/** `worker` is the second node of `pair`: its own host, with a Docker daemon without the first one's images. */
export const worker: ClusterKind = {
  name: "worker",
  context: "kubernetes-django-worker",
  bridge: "kdj-worker",
  podNetworks: ["172.23", "10.227", "10.229"],
  namespace: { name: "kdj-worker", link: "kdj-worker-node", network: "192.168.51", routesPods: true },
  joins: pair,
  failureDetection: { heartbeat: 1, grace: 3 },
};

export const kinds: readonly ClusterKind[] = [local, isolated, pair, worker];

/** Where a cluster keeps its images, logs and sockets. */
export function clusterFolder(kind: ClusterKind): string {
  return folderOf(kind.folderName ?? kind.name);
}

/** Where a cluster keeps what outlives a cleared cache: `etcd/`, `volumes/` and `pki/`. */
export function clusterData(kind: ClusterKind): string {
  return path.join(dataFolder(), "clusters", kind.folderName ?? kind.name);
}

/** Folder of a cluster's keys and certificates. */
export function pkiFolder(kind: ClusterKind): string {
  return path.join(clusterData(kind), "pki");
}

/** Files of a cluster that the program, the tests and a user's shell read. */
export function clusterFiles(kind: ClusterKind): { kubeconfig: string; dockerSocket: string; dockerCerts: string } {
  const folder = clusterFolder(kind);
  return {
    kubeconfig: path.join(folder, "kubeconfig"),
    dockerSocket: path.join(folder, "docker.sock"),
    dockerCerts: path.join(pkiFolder(kind), "docker-client"),
  };
}

/** Folder of the certificate authority that all nodes of a cluster share. */
export function authorityFolder(kind: ClusterKind): string {
  return pkiFolder(kind.joins ?? kind);
}
