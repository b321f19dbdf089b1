import fs from "node:fs";

import { run, tryRun, writeSysctls } from "./host";
import type { ClusterKind } from "./kinds";
import type { ClusterPlan } from "./plan";

/** Marks every rule of ours, so that it can be told from a user's. */
const comment = ["-m", "comment", "--comment", "kubernetes-django-sandbox"];

interface Rule {
  table: "nat" | "filter";
  chain: string;
  match: string[];
}

/** Prefix that runs a command inside the cluster's network namespace. */
export function inside(kind: ClusterKind): string[] {
  // `ip netns exec` would remount /sys and hide the cgroups from the kubelet.
  return kind.namespace ? ["nsenter", `--net=/var/run/netns/${kind.namespace.name}`] : [];
}

/** Rules that let the pods' bridge reach out; Docker's own are off, since two daemons would fight over its chains. */
function bridgeRules(kind: ClusterKind, plan: ClusterPlan): Rule[] {
  const subnet = `${plan.podNetwork}.0.0/16`;
  return [
    {
      table: "nat",
      chain: "POSTROUTING",
      match: ["-s", subnet, "!", "-o", kind.bridge, ...comment, "-j", "MASQUERADE"],
    },
    { table: "filter", chain: "FORWARD", match: ["-i", kind.bridge, ...comment, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", match: ["-o", kind.bridge, ...comment, "-j", "ACCEPT"] },
  ];
}

/** Rules of the host that let the namespace reach out through it. */
function linkRules(namespace: NonNullable<ClusterKind["namespace"]>): Rule[] {
  const subnet = `${namespace.network}.0/24`;
  return [
    {
      table: "nat",
      chain: "POSTROUTING",
      match: ["-s", subnet, "!", "-d", subnet, ...comment, "-j", "MASQUERADE"],
    },
    { table: "filter", chain: "FORWARD", match: ["-i", namespace.link, ...comment, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", match: ["-o", namespace.link, ...comment, "-j", "ACCEPT"] },
  ];
}

const iptables = (action: "-I" | "-D", { table, chain, match }: Rule): string[] => [
  "iptables",
  "-w",
  "-t",
  table,
  action,
  chain,
  ...match,
];

/** Makes the namespace (if the kind has one), the bridge and the rules. */
export async function setUpNetwork(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const host = async (...command: string[]): Promise<string> => await run(environment, command);
  const node = async (...command: string[]): Promise<string> => await run(environment, [...inside(kind), ...command]);
  const { namespace } = kind;
  if (namespace) {
    await host("ip", "netns", "add", namespace.name);
    await host("ip", "link", "add", namespace.link, "type", "veth", "peer", "name", "eth0", "netns", namespace.name);
    await host("ip", "address", "add", `${namespace.network}.1/24`, "dev", namespace.link);
    await host("ip", "link", "set", namespace.link, "up");
    await node("ip", "address", "add", `${plan.nodeAddress}/24`, "dev", "eth0");
    await node("ip", "link", "set", "eth0", "up");
    await node("ip", "link", "set", "lo", "up");
    await node("ip", "route", "add", "default", "via", `${namespace.network}.1`);
    if (namespace.routesPods) {
      // It goes with the link. The nodes reach each other's pods over it, since this machine is their gateway.
      await host("ip", "route", "add", `${plan.podNetwork}.0.0/16`, "via", plan.nodeAddress);
    }
    for (const rule of linkRules(namespace)) {
      await host(...iptables("-I", rule));
    }
    await node("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
  }
  await node("ip", "link", "add", kind.bridge, "type", "bridge");
  await node("ip", "address", "add", `${plan.podNetwork}.0.1/16`, "dev", kind.bridge);
  await node("ip", "link", "set", kind.bridge, "up");
  for (const rule of bridgeRules(kind, plan)) {
    await node(...iptables("-I", rule));
  }
  await tryRun(environment, ["modprobe", "br_netfilter"]);
  await writeSysctls({ "net/ipv4/ip_forward": "1", "net/bridge/bridge-nf-call-iptables": "1" });
}

/** Takes everything away again that `setUpNetwork` and the node made; what is gone already is passed over. */
export async function tearDownNetwork(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  if (kind.namespace) {
    // The bridge, the pods' links and every rule inside go with the namespace.
    for (const rule of linkRules(kind.namespace)) {
      await tryRun(environment, iptables("-D", rule));
    }
    await tryRun(environment, ["ip", "link", "delete", kind.namespace.link]);
    if (fs.existsSync(`/var/run/netns/${kind.namespace.name}`)) {
      await run(environment, ["ip", "netns", "delete", kind.namespace.name]);
    }
  } else {
    for (const rule of bridgeRules(kind, plan)) {
      await tryRun(environment, iptables("-D", rule));
    }
    await tryRun(environment, ["kube-proxy", "--cleanup"]);
    await removeKubeChains(environment);
    await tryRun(environment, ["ip", "link", "delete", kind.bridge]);
  }
}

/** kube-proxy's own clean-up leaves its canary chains behind. None were there before: `refuseTaken` made sure. */
async function removeKubeChains(environment: NodeJS.ProcessEnv): Promise<void> {
  for (const family of ["iptables", "ip6tables"]) {
    for (const table of ["nat", "filter", "mangle"]) {
      const listing = await run(environment, [family, "-w", "-t", table, "-S"]).catch(() => "");
      const lines = listing.split("\n");
      for (const line of lines.filter((each) => each.startsWith("-A") && / -j KUBE-/.test(each))) {
        await tryRun(environment, ["sh", "-c", `${family} -w -t ${table} ${line.replace(/^-A/, "-D")}`]);
      }
      const chains = lines.flatMap((each) => /^-N (KUBE-\S+)$/.exec(each)?.[1] ?? []);
      for (const action of ["-F", "-X"]) {
        for (const chain of chains) {
          await tryRun(environment, [family, "-w", "-t", table, action, chain]);
        }
      }
    }
  }
}

/** The rules as they are, for telling whether another node or an earlier run left some. */
export async function currentRules(environment: NodeJS.ProcessEnv): Promise<string> {
  return await run(environment, ["iptables-save"]);
}
