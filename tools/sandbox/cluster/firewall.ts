import { run, tryRun } from "./host";

/** A rule of iptables. */
export interface Rule {
  table: "nat" | "filter" | "mangle";
  chain: string;
  /** What the rule matches, and its target. */
  match: string[];
}

/** A network behind this machine, in iptables' conditions. */
export interface Network {
  subnet: string;
  /** Where its packets stay within it: those keep their source address. */
  within: string[];
  /** Which packets come from it, and which go to it. */
  from: string[];
  to: string[];
}

/**
 * Rules that let a network reach others: its packets are forwarded, and leave under this machine's address.
 *
 * @param mark comment of every rule, by which it differs from a user's
 */
export function forwardingRules({ subnet, within, from, to }: Network, mark: string): Rule[] {
  const comment = ["-m", "comment", "--comment", mark];
  return [
    {
      table: "nat",
      chain: "POSTROUTING",
      match: ["-s", subnet, "!", ...within, ...comment, "-j", "MASQUERADE"],
    },
    { table: "filter", chain: "FORWARD", match: [...from, ...comment, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", match: [...to, ...comment, "-j", "ACCEPT"] },
  ];
}

/** The sandbox's own interfaces, of all its clusters. */
const own = "kdj-+";

/**
 * Rules that keep a network from this machine's neighbours: what they send into it is dropped, unless it answers. They
 * are in a table before the one in which kube-proxy accepts what is for a NodePort, and a user's rules something else.
 *
 * @param address of this machine in the network, at which it serves the network's nodes
 */
export function refusalRules({ to }: Pick<Network, "to">, address: string, mark: string): Rule[] {
  const comment = ["-m", "comment", "--comment", mark];
  const isNew = ["-m", "conntrack", "!", "--ctstate", "RELATED,ESTABLISHED"];
  const refuse = (chain: string, ...match: string[]): Rule => ({
    table: "mangle",
    chain,
    match: [...match, "!", "-i", own, ...isNew, ...comment, "-j", "DROP"],
  });
  return [
    refuse("FORWARD", ...to),
    // This machine itself reaches its address by the loopback interface, from an address of its own.
    refuse("INPUT", "-d", address, "-m", "addrtype", "!", "--src-type", "LOCAL"),
  ];
}

/**
 * Inserts rules before all others of their chains.
 *
 * @param inside prefix that runs a command in a network namespace; @default the host's own
 */
export async function addRules(rules: Rule[], environment: NodeJS.ProcessEnv, inside: string[] = []): Promise<void> {
  for (const rule of rules) {
    await run(environment, [...inside, ...iptables("-I", rule)]);
  }
}

/** Removes rules of the host's namespace; a rule that is gone already is no error. */
export async function removeRules(rules: Rule[], environment: NodeJS.ProcessEnv): Promise<void> {
  for (const rule of rules) {
    await tryRun(environment, iptables("-D", rule));
  }
}

function iptables(action: "-I" | "-D", { table, chain, match }: Rule): string[] {
  return ["iptables", "-w", "-t", table, action, chain, ...match];
}

/** The host's rules, as `iptables-save` prints them: another Kubernetes node or an earlier run may have left some. */
export async function currentRules(environment: NodeJS.ProcessEnv): Promise<string> {
  return await run(environment, ["iptables-save"]);
}

/**
 * Removes every chain of kube-proxy and the rules that lead there: its own clean-up leaves some. All of them are the
 * sandbox's, since `refuseTaken` let no cluster start beside another node's chains.
 */
export async function removeKubeChains(environment: NodeJS.ProcessEnv): Promise<void> {
  for (const family of ["iptables", "ip6tables"]) {
    for (const table of ["nat", "filter", "mangle"]) {
      const listing = await run(environment, [family, "-w", "-t", table, "-S"]).catch(() => "");
      const lines = listing.split("\n");
      for (const line of lines.filter((each) => each.startsWith("-A") && / -j KUBE-/.test(each))) {
        // The shell takes the quotes off, in which iptables lists comments.
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
