import fs from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { writeWhole } from "../../wholeFile";
import { clusterData, clusterFolder, type ClusterKind } from "./kinds";

/** The addresses and ports of a cluster, all free on this machine before the cluster starts. */
export interface ClusterPlan {
  /** The address of the API server and, in a namespace, of the NodePorts. */
  address: string;
  /** The node's own address; the kubelet refuses a loopback one, so the local kind uses the address of its bridge. */
  nodeAddress: string;
  /** First two octets of the pods' /16; its gateway is .0.1. */
  podNetwork: string;
  ports: Record<(typeof portNames)[number], number>;
  /** The API server of the cluster that this node joins; @default its own, at `address` */
  joined?: { address: string; port: number };
  /** Its folder of data; @default an earlier release started it */
  data?: string;
  /** The kernel settings to restore when the cluster stops. */
  sysctls: Record<string, string>;
}

const portNames = ["apiServer", "etcdClient", "etcdPeer", "kubelet", "proxyMetrics"] as const;

const firstPort = 16443;

/**
 * The first network of `candidates` in which this machine has no address.
 *
 * @param candidates the first octets of networks
 * @throws a `Problem` when all are taken
 */
export function freeNetwork(candidates: string[], addresses: string[]): string {
  const free = candidates.find((network) => !addresses.some((address) => address.startsWith(`${network}.`)));
  if (free === undefined) {
    throw new Problem(
      `No network is free for the sandbox: this machine has addresses in all of ${candidates.join(", ")}`,
      "run `ip address` and remove one that is not needed",
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

/**
 * Finds free TCP ports.
 *
 * @param first the first port to try; 500 are tried
 * @throws a `Problem` when fewer than `count` are free
 */
export async function freePorts(first: number, count: number, probe = isFree): Promise<number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count && port < first + 500; port++) {
    if (await probe(port)) {
      found.push(port);
    }
  }
  if (found.length < count) {
    throw new Problem(
      `Only ${found.length} of the ${count} ports that the sandbox needs are free between ${first} and ${first + 499}`,
      "run `ss -ltnp` to see the processes that use them",
    );
  }
  return found;
}

/**
 * Refuses to start a cluster whose interfaces exist, or beside another Kubernetes node in the same network namespace.
 *
 * @param iptablesRules the output of `iptables-save`
 */
export function refuseTaken(kind: ClusterKind, interfaces: string[], iptablesRules: string): void {
  for (const name of [kind.bridge, ...(kind.namespace ? [kind.namespace.link] : [])]) {
    if (interfaces.includes(name)) {
      throw new Problem(
        `The network interface ${name} exists, although the sandbox is not running`,
        `run \`ip link delete ${name}\` if nothing uses it`,
      );
    }
  }
  if (!kind.namespace && iptablesRules.includes(":KUBE-SERVICES")) {
    throw new Problem(
      "Another Kubernetes node runs on this machine (its iptables chain KUBE-SERVICES exists), and a second one would overwrite its rules",
      "use that cluster with `npm run up -- minikube` or `npm run up -- dev`, or stop it first",
    );
  }
}

/**
 * Chooses addresses and ports for a cluster that is about to start.
 *
 * @param beside plans of clusters that may still be starting, whose addresses and ports are not in use yet; @default none
 */
export async function makePlan(
  kind: ClusterKind,
  iptablesRules: string,
  beside: readonly ClusterPlan[] = [],
): Promise<ClusterPlan> {
  const interfaces = os.networkInterfaces();
  const links = await fs.readdir("/sys/class/net");
  refuseTaken(kind, links, iptablesRules);
  const addresses = [
    ...Object.values(interfaces).flatMap((list) => (list ?? []).map((each) => each.address)),
    ...beside.map((plan) => `${plan.podNetwork}.0.1`),
  ];
  const podNetwork = freeNetwork(kind.podNetworks, addresses);
  if (kind.namespace) {
    freeNetwork([kind.namespace.network], addresses);
  }
  const taken = beside.flatMap((plan) => Object.values(plan.ports));
  const probe = async (port: number): Promise<boolean> => !taken.includes(port) && (await isFree(port));
  const numbers = await freePorts(firstPort, portNames.length, probe);
  const ports = Object.fromEntries(portNames.map((name, index) => [name, numbers[index]])) as ClusterPlan["ports"];
  const joined = kind.joins && (await apiServerToJoin(kind, kind.joins));
  const address = kind.namespace ? `${kind.namespace.network}.2` : "127.0.0.1";
  return {
    address,
    nodeAddress: kind.namespace ? address : `${podNetwork}.0.1`,
    podNetwork,
    ports: kind.namespace ? { ...ports, apiServer: 8443 } : ports,
    ...(joined ? { joined } : {}),
    data: clusterData(kind),
    sysctls: {},
  };
}

async function apiServerToJoin(kind: ClusterKind, other: ClusterKind): Promise<ClusterPlan["joined"]> {
  const plan = await readPlan(clusterFolder(other));
  if (plan === undefined) {
    throw new Problem(
      `The ${kind.name} sandbox is a node of the ${other.name} sandbox, which does not run`,
      "start that one first",
    );
  }
  return apiServerOf(plan);
}

/** The address of the API server of a plan's cluster. */
export function apiServerOf({ address, ports, joined }: ClusterPlan): { address: string; port: number } {
  return joined ?? { address, port: ports.apiServer };
}

const planFile = (folder: string): string => path.join(folder, "plan.json");

/**
 * The plan of the cluster that was started in `folder`, or undefined when none was started.
 *
 * @throws a `Problem` when it cannot be understood
 */
export async function readPlan(folder: string): Promise<ClusterPlan | undefined> {
  const file = planFile(folder);
  const text = await fs.readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
  try {
    return text === undefined ? undefined : (JSON.parse(text) as ClusterPlan);
  } catch {
    throw new Problem(
      `${file}, which says what the sandbox has on this machine, is ${text === "" ? "empty" : "damaged"}`,
      "restart this machine, which ends what is left of it, and delete the file",
    );
  }
}

/** The plans of the other clusters that run: those with folders beside this one. */
export async function plansBeside(folder: string): Promise<ClusterPlan[]> {
  const parent = path.dirname(folder);
  const entries = await fs.readdir(parent, { withFileTypes: true });
  const others = entries.filter((each) => each.isDirectory() && each.name !== path.basename(folder));
  const plans = await Promise.all(others.map(async ({ name }) => await readPlan(path.join(parent, name))));
  return plans.filter((plan) => plan !== undefined);
}

/** Keeps a plan until `forgetPlan`: with a plan, a cluster counts as started. */
export function writePlan(folder: string, plan: ClusterPlan): void {
  writeWhole(planFile(folder), JSON.stringify(plan, undefined, 2));
}

/** Deletes the plan of a cluster that has stopped. */
export async function forgetPlan(folder: string): Promise<void> {
  await fs.rm(planFile(folder), { force: true });
}
