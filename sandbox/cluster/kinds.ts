import path from "node:path";

import { cacheFolder } from "../tools/folders";

/** What differs between the clusters the sandbox can start; everything else is the same code. */
export interface ClusterKind {
  name: "shared" | "isolated" | "minikube" | "fake";
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
  };
  /** Port of the TLS-protected Docker API on the node's address; without it the socket is the only way in. */
  dockerTlsPort?: number;
}

const podNetworks = ["172.30", "172.29", "172.28", "10.222", "10.223"];

/** `shared` is like Docker Desktop: one daemon for the user and the node, NodePorts on localhost. */
export const shared: ClusterKind = {
  name: "shared",
  context: "kubernetes-django-sandbox",
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

/** Where a cluster keeps its data, logs and sockets. */
export function clusterFolder(kind: ClusterKind): string {
  return path.join(cacheFolder(), "clusters", kind.name);
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
