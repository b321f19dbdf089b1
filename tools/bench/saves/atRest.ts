import fs from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { linuxProcesses } from "../memory";

/** Ticks of processor time in a second, on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

/** Processor time of a process in ticks, of a line of /proc/PID/stat: its own, without its children's. */
export function ticksOf(stat: string): number | undefined {
  // The name in parentheses may contain blanks and parentheses; fields 14 and 15 follow it as the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return Number.isFinite(user + system) ? user + system : undefined;
}

/** Whether a process belongs to a pod, by what /proc/PID/cgroup says. */
export function isInPod(cgroups: string, uid: string): boolean {
  return cgroups.includes(`pod${uid}`) || cgroups.includes(`pod${uid.replaceAll("-", "_")}`);
}

const read = async (pid: number, file: string): Promise<string> =>
  // If the process ends meanwhile, reading fails in several ways.
  await fs.readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");

/** The processes of pods on a node that is this machine, without the container that holds a pod's network. */
export async function podProcesses(uids: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await linuxProcesses.pids()) {
    const cgroups = await read(pid, "cgroup");
    if (uids.some((uid) => isInPod(cgroups, uid)) && (await read(pid, "comm")).trim() !== "pause") {
      found.push(pid);
    }
  }
  return found;
}

/** What some processes take while nothing happens. */
export interface Rest {
  /** Percent of one core. */
  cpuPercent: number;
  /** PSS in MiB at the end. */
  mib: number;
}

/** Looks at sets of processes at the same time, for some seconds. */
export async function measureRest(sets: readonly (() => Promise<number[]>)[], seconds: number): Promise<Rest[]> {
  const start = performance.now();
  const before = await Promise.all(sets.map(async (find) => await ticks(await find())));
  await sleep(seconds * 1000);
  const passed = (performance.now() - start) / 1000;
  return await Promise.all(
    sets.map(async (find, index) => {
      const pids = await find();
      const after = await ticks(pids);
      const used = ticksBetween(before[index] ?? new Map<never, never>(), after);
      const kib = (await Promise.all(pids.map((pid) => linuxProcesses.memory(pid)))).reduce<number>(
        (sum, each) => sum + (each ?? 0),
        0,
      );
      return { cpuPercent: (100 * used) / ticksPerSecond / passed, mib: kib / 1024 };
    }),
  );
}

async function ticks(pids: readonly number[]): Promise<Map<number, number>> {
  const found = await Promise.all(pids.map(async (pid) => [pid, ticksOf(await read(pid, "stat"))] as const));
  return new Map(found.flatMap(([pid, each]) => (each === undefined ? [] : [[pid, each] as const])));
}

/** Ticks that processes used between two looks; one that began in between counts whole. */
export function ticksBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [pid, each]) => sum + each - (before.get(pid) ?? 0), 0);
}
