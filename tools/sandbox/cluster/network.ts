import fs from "node:fs";

import { addRules, forwardingRules, refusalRules, removeKubeChains, removeRules, type Rule } from "./firewall";
import { run, tryRun, writeSysctls } from "./host";
import type { ClusterKind } from "./kinds";
import type { ClusterPlan } from "./plan";

const mark = "kubernetes-django-sandbox";

/** Prefix that runs a command in the cluster's network namespace. */
export function inside(kind: ClusterKind): string[] {
  // `ip netns exec` would remount /sys and hide the cgroups from the kubelet.
  return kind.namespace ? ["nsenter", `--net=/var/run/netns/${kind.namespace.name}`] : [];
}

/** Rules for the pods' bridge. Docker's own are off: two daemons would overwrite each other's chains. */
export function bridgeRules({ bridge, namespace }: ClusterKind, { podNetwork, ports }: ClusterPlan): Rule[] {
  const subnet = `${podNetwork}.0.0/16`;
  const network = { subnet, within: ["-o", bridge], from: ["-i", bridge], to: ["-o", bridge] };
  return [
    ...forwardingRules(network, mark),
    // In a namespace of its own, whatever comes has passed the host's rules for the link.
    ...(namespace ? [] : [...refusalRules(network, `${podNetwork}.0.1`, mark), ...localhostRules(ports.proxyMetrics)]),
  ];
}

/**
 * Rules for what is at localhost: a port that is root's, and what neighbours send there. It would be let in since
 * NodePorts at localhost need the kernel's `route_localnet`.
 */
function localhostRules(rootsPort: number): Rule[] {
  const comment = ["-m", "comment", "--comment", mark];
  const isOthers = ["-m", "owner", "!", "--uid-owner", "0"];
  const port = ["-d", "127.0.0.1", "-p", "tcp", "--dport", String(rootsPort)];
  return [
    { table: "filter", chain: "OUTPUT", match: [...port, ...isOthers, ...comment, "-j", "REJECT"] },
    // Before an answer of a pod gets its address at localhost.
    { table: "mangle", chain: "PREROUTING", match: ["-d", "127.0.0.0/8", "!", "-i", "lo", ...comment, "-j", "DROP"] },
  ];
}

/** Rules of the host for the link to the namespace. */
export function linkRules({ network, link }: NonNullable<ClusterKind["namespace"]>): Rule[] {
  const subnet = `${network}.0/24`;
  const rules = { subnet, within: ["-d", subnet], from: ["-i", link], to: ["-o", link] };
  return [...forwardingRules(rules, mark), ...refusalRules(rules, `${network}.1`, mark)];
}

/**
 * Makes a bridge and sets it up.
 *
 * @param address address of the machine on the bridge, with the length of its prefix
 * @param prefix runs a command in a network namespace; @default the host's own
 */
export async function addBridge(
  name: string,
  address: string,
  environment: NodeJS.ProcessEnv,
  prefix: string[] = [],
): Promise<void> {
  await run(environment, [...prefix, "ip", "link", "add", name, "type", "bridge"]);
  await run(environment, [...prefix, "ip", "address", "add", address, "dev", name]);
  await run(environment, [...prefix, "ip", "link", "set", name, "up"]);
}

/** Makes the namespace (if the kind has one), the bridge and the rules. */
export async function setUpNetwork(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  if (kind.namespace) {
    await addNamespace(kind.namespace, plan, environment, inside(kind));
  }
  await addBridge(kind.bridge, `${plan.podNetwork}.0.1/16`, environment, inside(kind));
  await addRules(bridgeRules(kind, plan), environment, inside(kind));
  await tryRun(environment, ["modprobe", "br_netfilter"]);
  await writeSysctls({ "net/ipv4/ip_forward": "1", "net/bridge/bridge-nf-call-iptables": "1" });
}

async function addNamespace(
  namespace: NonNullable<ClusterKind["namespace"]>,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
  prefix: string[],
): Promise<void> {
  const host = async (...command: string[]): Promise<string> => await run(environment, command);
  const node = async (...command: string[]): Promise<string> => await run(environment, [...prefix, ...command]);
  await host("ip", "netns", "add", namespace.name);
  await host("ip", "link", "add", namespace.link, "type", "veth", "peer", "name", "eth0", "netns", namespace.name);
  await host("ip", "address", "add", `${namespace.network}.1/24`, "dev", namespace.link);
  await host("ip", "link", "set", namespace.link, "up");
  await node("ip", "address", "add", `${plan.nodeAddress}/24`, "dev", "eth0");
  await node("ip", "link", "set", "eth0", "up");
  await node("ip", "link", "set", "lo", "up");
  await node("ip", "route", "add", "default", "via", `${namespace.network}.1`);
  if (namespace.routesPods) {
    // The nodes of a cluster reach each other's pods by this route: this machine is their gateway. It goes with the link.
    await host("ip", "route", "add", `${plan.podNetwork}.0.0/16`, "via", plan.nodeAddress);
  }
  await addRules(linkRules(namespace), environment);
  await node("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
}

/** Removes what `setUpNetwork` and the node's processes made; what is gone already is no error. */
export async function tearDownNetwork(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  if (kind.namespace) {
    // The bridge, the pods' links and every rule inside go with the namespace.
    await removeRules(linkRules(kind.namespace), environment);
    await tryRun(environment, ["ip", "link", "delete", kind.namespace.link]);
    if (fs.existsSync(`/var/run/netns/${kind.namespace.name}`)) {
      await run(environment, ["ip", "netns", "delete", kind.namespace.name]);
    }
  } else {
    await removeRules(bridgeRules(kind, plan), environment);
    await tryRun(environment, ["kube-proxy", "--cleanup"]);
    await removeKubeChains(environment);
    await tryRun(environment, ["ip", "link", "delete", kind.bridge]);
  }
}
