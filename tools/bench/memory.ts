import fs from "node:fs/promises";

const sampleMilliseconds = 50;

/** The processes in /proc; undefined for a process that is gone. */
export interface ProcessTable {
  pids(): Promise<number[]>;
  parent(pid: number): Promise<number | undefined>;
  /** Proportional set size in KiB: a page that several processes share is divided among them. */
  memory(pid: number): Promise<number | undefined>;
}

async function read(pid: number, file: string): Promise<string> {
  // If the process ends meanwhile, reading fails in several ways.
  return await fs.readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}

const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

export const linuxProcesses: ProcessTable = {
  async pids() {
    return (await fs.readdir("/proc")).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  },
  async parent(pid) {
    // The name in parentheses may contain blanks and parentheses.
    return number(/^.*\) \S (\d+) /s.exec(await read(pid, "stat"))?.[1]);
  },
  async memory(pid) {
    return number(/^Pss:\s+(\d+) kB$/m.exec(await read(pid, "smaps_rollup"))?.[1]);
  },
};

/** A process and all its descendants. */
export async function processTree(root: number, table: ProcessTable = linuxProcesses): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const pid of await table.pids()) {
    const parent = await table.parent(pid);
    if (parent !== undefined) {
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    }
  }
  const tree = [root];
  for (const pid of tree) {
    tree.push(...(children.get(pid) ?? []));
  }
  return tree;
}

/** Samples the memory of a process and its descendants together every 50 ms; `stop` returns the peak in MiB. */
export class MemoryWatch {
  private peakKib = 0;
  private stopped = false;
  private readonly ended: Promise<void>;

  constructor(
    private readonly root: number,
    private readonly table: ProcessTable = linuxProcesses,
  ) {
    this.ended = this.watch();
  }

  async stop(): Promise<number> {
    this.stopped = true;
    await this.ended;
    return this.peakKib / 1024;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      const sizes = await Promise.all((await processTree(this.root, this.table)).map((pid) => this.table.memory(pid)));
      this.peakKib = Math.max(
        this.peakKib,
        sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
      );
      await new Promise((resolve) => setTimeout(resolve, sampleMilliseconds));
    }
  }
}
