import fs from "node:fs";

import { changedSysctls, readSysctls, run } from "../../../sandbox/cluster/host";
import { clusterData, clusterFolder, type ClusterKind } from "../../../sandbox/cluster/kinds";
import { readMounts } from "../../../sandbox/cluster/mounts";
import { untilTrue } from "../../../waiting";

/** Everything of the host that a cluster touches; `ignored` are rules that another cluster is still writing. */
export async function hostState(environment: NodeJS.ProcessEnv, ignored = /^$/): Promise<Record<string, unknown>> {
  const rules = async (command: string): Promise<string[]> =>
    (await run(environment, [command]))
      .split("\n")
      // Comments carry the time, and chains their counters; a table that was only looked at appears with its defaults.
      .filter((line) => !ignored.test(line))
      .filter((line) => line.startsWith("-A") || /^:[A-Z-]+ - /.test(line))
      .map((line) => line.replace(/\[[0-9:]+\]/, ""));
  return {
    iptables: await rules("iptables-save"),
    ip6tables: await rules("ip6tables-save"),
    // Pods of other stacks come and go meanwhile, and with them their links.
    links: fs
      .readdirSync("/sys/class/net")
      .filter((link) => !link.startsWith("veth"))
      .sort(),
    // A bridge without pods has its link down.
    routes: (await run(environment, ["ip", "route", "show"]))
      .split("\n")
      .map((line) => line.replace(" linkdown", "").trim()),
    namespaces: fs.existsSync("/var/run/netns") ? fs.readdirSync("/var/run/netns") : [],
    sysctls: await readSysctls(changedSysctls),
  };
}

/** Ids of the processes in whose command line or environment a text stands. */
export function processesWith(place: "cmdline" | "environ", text: string): string[] {
  return fs.readdirSync("/proc").filter((pid) => {
    try {
      return /^[0-9]+$/.test(pid) && fs.readFileSync(`/proc/${pid}/${place}`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

/** Processes, mounts and control groups of a cluster. */
export async function traces(kind: ClusterKind): Promise<string[]> {
  const folder = `${clusterFolder(kind)}/`;
  const processes = [folder, `${clusterData(kind)}/`].flatMap((each) => processesWith("cmdline", each));
  const mounts = (await readMounts()).filter((mount) => mount.startsWith(folder));
  const groups = [`/sys/fs/cgroup/${kind.bridge}`, `/sys/fs/cgroup/memory/${kind.bridge}`].filter(fs.existsSync);
  return [...processes, ...mounts, ...groups];
}

/** Waits until no process has a text in its environment any more, and fails the test with what was printed if some are left. */
export async function untilNoProcessWith(text: string, printed: () => string): Promise<void> {
  const isGone = (): boolean => processesWith("environ", text).length === 0;
  await untilTrue(isGone, { seconds: 120, late: () => new Error(`processes are left:\n${printed()}`) });
}
