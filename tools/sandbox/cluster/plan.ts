import fs from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";

import { clusterFolder, type ClusterKind } from "./kinds";

/** Everything about one cluster that had to be free on this machine, found out before anything starts. */
export interface ClusterPlan {
  /** Address the API server and, in a namespace, the NodePorts answer on. */
  address: string;
  /** The node's own address; the kubelet refuses a loopback one, so the local kind uses the address of its bridge. */
  nodeAddress: string;
  /** First two octets of the pods' /16; its gateway is .0.1. */
  podNetwork: string;
  ports: Record<(typeof portNames)[number], number>;
  /** Where the API server of the cluster answers that this one is a node of; @default its own does, at `address` */
  joined?: { address: string; port: number };
  /** Kernel settings as they were, to be put back at the end. */
  sysctls: Record<string, string>;
}

const portNames = [
  "apiServer",
  "etcdClient",
  "etcdPeer",
  "kubelet",
  "kubeletHealth",
  "proxyHealth",
  "proxyMetrics",
  "controllerManager",
  "scheduler",
] as const;

const firstPort = 16443;

/** The first networks of `candidates` that no address of this machine lies in; an error names those that are taken. */
export function freeNetwork(candidates: string[], addresses: string[]): string {
  const free = candidates.find((network) => !addresses.some((address) => address.startsWith(`${network}.`)));
  if (free === undefined) {
    throw new Error(
      `No network is free for the sandbox: this machine has addresses in all of ${candidates.join(", ")}; run \`ip address\` and remove one that is not needed.`,
    );
  }
  return free;
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** As many free TCP ports as asked for, counted up from `first`. */
export async function freePorts(first: number, count: number, probe = isFree): Promise<number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count && port < first + 500; port++) {
    if (await probe(port)) {
      found.push(port);
    }
  }
  if (found.length < count) {
    throw new Error(
      `Only ${found.length} of the ${count} ports that the sandbox needs are free between ${first} and ${first + 499}; run \`ss -ltnp\` to see who holds them.`,
    );
  }
  return found;
}

/** Refuses names that something else on this machine already uses. */
export function refuseTaken(kind: ClusterKind, interfaces: string[], iptablesRules: string): void {
  for (const name of [kind.bridge, ...(kind.namespace ? [kind.namespace.link] : [])]) {
    if (interfaces.includes(name)) {
      throw new Error(
        `The network interface ${name} exists already although the sandbox is not running; remove it with \`ip link delete ${name}\` if it is a left-over.`,
      );
    }
  }
  if (!kind.namespace && iptablesRules.includes(":KUBE-SERVICES")) {
    throw new Error(
      "Another Kubernetes node runs on this machine (its iptables chain KUBE-SERVICES exists), and a second one would overwrite its rules; use that cluster with `npm run up -- minikube` or `npm run up -- dev`, or stop it first.",
    );
  }
}

/** Chooses addresses and ports for a cluster that is about to start. */
export async function makePlan(kind: ClusterKind, iptablesRules: string): Promise<ClusterPlan> {
  const interfaces = os.networkInterfaces();
  const links = await fs.readdir("/sys/class/net");
  refuseTaken(kind, links, iptablesRules);
  const addresses = Object.values(interfaces).flatMap((list) => (list ?? []).map((each) => each.address));
  const podNetwork = freeNetwork(kind.podNetworks, addresses);
  if (kind.namespace) {
    freeNetwork([kind.namespace.network], addresses);
  }
  const numbers = await freePorts(firstPort, portNames.length);
  const ports = Object.fromEntries(portNames.map((name, index) => [name, numbers[index]])) as ClusterPlan["ports"];
  const joined = kind.joins && (await apiServerToJoin(kind, kind.joins));
  const address = kind.namespace ? `${kind.namespace.network}.2` : "127.0.0.1";
  return {
    address,
    nodeAddress: kind.namespace ? address : `${podNetwork}.0.1`,
    podNetwork,
    ports: kind.namespace ? { ...ports, apiServer: 8443 } : ports,
    ...(joined ? { joined } : {}),
    sysctls: {},
  };
}

async function apiServerToJoin(kind: ClusterKind, other: ClusterKind): Promise<ClusterPlan["joined"]> {
  const plan = await readPlan(clusterFolder(other));
  if (plan === undefined) {
    throw new Error(
      `The ${kind.name} sandbox is a node of the ${other.name} sandbox, which does not run; start that one first.`,
    );
  }
  return apiServerOf(plan);
}

/** Where the API server of a plan's cluster answers. */
export function apiServerOf({ address, ports, joined }: ClusterPlan): { address: string; port: number } {
  return joined ?? { address, port: ports.apiServer };
}

const planFile = (folder: string): string => path.join(folder, "plan.json");

/** The plan of the cluster that was started in `folder`, or undefined when none was. */
export async function readPlan(folder: string): Promise<ClusterPlan | undefined> {
  try {
    return JSON.parse(await fs.readFile(planFile(folder), "utf8")) as ClusterPlan;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

export async function writePlan(folder: string, plan: ClusterPlan): Promise<void> {
  await fs.writeFile(planFile(folder), JSON.stringify(plan, undefined, 2));
}

export async function forgetPlan(folder: string): Promise<void> {
  await fs.rm(planFile(folder), { force: true });
}
