import path from "node:path";

import { clusterFolder as folderOf, sandboxContext, sandboxFolderName } from "../../../components/targets/sandbox";

/** What differs between the clusters the sandbox can start; everything else is the same code. */
export interface ClusterKind {
  name: "local" | "isolated" | "pair" | "worker" | "minikube" | "fake";
  /** Name of its folder beside those of the other kinds; @default `name` */
  folderName?: string;
  /** Kube context in the kubeconfig that the cluster writes; also the node's name. */
  context: string;
  /** Bridge that carries the pods; at most 15 characters, the kernel's limit for an interface. */
  bridge: string;
  /** Preferred first two octets of the pods' /16; the next free one is taken when it is in use. */
  podNetworks: string[];
  /** A network namespace of its own, reached over a veth pair; without one the cluster lives in the host's. */
  namespace?: {
    name: string;
    /** Host's end of the veth pair. */
    link: string;
    /** First three octets of the /24 between host and node: the host is .1, the node .2. */
    network: string;
    /** Whether this machine carries packets to the pods, as between the nodes of one cluster; @default false */
    routesPods?: boolean;
  };
  /** Whether the daemon keeps images in containerd's store, as Docker Desktop's does; @default false */
  containerdStore?: boolean;
  /** Port of the TLS-protected Docker API on the node's address; without it the socket is the only way in. */
  dockerTlsPort?: number;
  /** The cluster that this kind is a further node of; @default it is a cluster of its own, with a control plane */
  joins?: ClusterKind;
  /** Seconds between a node's signs of life, and after which one without is given up; @default Kubernetes', 10 and 50 */
  failureDetection?: { heartbeat: number; grace: number };
  /** File with a certificate authority that the Docker daemon trusts beside the machine's; @default none */
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

/** `isolated` is like minikube: a host of its own whose Docker daemon is reached over TLS at 192.168.49.2. */
export const isolated: ClusterKind = {
  name: "isolated",
  context: "minikube",
  bridge: "kdj-isolated",
  podNetworks,
  namespace: { name: "kdj-isolated", link: "kdj-node", network: "192.168.49" },
  dockerTlsPort: 2376,
};

/** `pair` is a cluster for two nodes, and its first one: they notice at once when the other fails. */
export const pair: ClusterKind = {
  name: "pair",
  context: "kubernetes-django-pair",
  bridge: "kdj-pair",
  podNetworks: ["172.24", "10.226", "10.228"],
  namespace: { name: "kdj-pair", link: "kdj-pair-node", network: "192.168.50", routesPods: true },
  failureDetection: { heartbeat: 1, grace: 3 },
};

/** `worker` is its second node: a host of its own with another Docker daemon, that has none of the first one's images. */
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

/** Where a cluster keeps its data, logs and sockets. */
export function clusterFolder(kind: ClusterKind): string {
  return folderOf(kind.folderName ?? kind.name);
}

/** Files of a cluster that others use: the program, the tests, a user's shell. */
export function clusterFiles(kind: ClusterKind): { kubeconfig: string; dockerSocket: string; dockerCerts: string } {
  const folder = clusterFolder(kind);
  return {
    kubeconfig: path.join(folder, "kubeconfig"),
    dockerSocket: path.join(folder, "docker.sock"),
    dockerCerts: path.join(folder, "pki", "docker-client"),
  };
}

/** Folder of the certificate authority by which all nodes of one cluster know each other. */
export function authorityFolder(kind: ClusterKind): string {
  return path.join(clusterFolder(kind.joins ?? kind), "pki");
}
