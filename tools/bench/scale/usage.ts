import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { linuxProcesses, MemoryWatch, type ProcessTable } from "../memory";

/** A first up of many apps takes minutes: looked at this seldom, looking costs the machine next to nothing. */
const pauseMilliseconds = 250;

/** The processes of this machine, whose list comes after a pause. */
const seldom: ProcessTable = {
  ...linuxProcesses,
  pids: async () => {
    await sleep(pauseMilliseconds);
    return await linuxProcesses.pids();
  },
};

/** What a command and its descendants held, and what the command itself wrote. */
export interface Usage {
  peakMib: number;
  /** Everything handed to write(2), the file of the state above all. */
  writtenMib: number;
}

/** Watches a command while it runs. */
export class UsageWatch {
  private readonly memory: MemoryWatch;
  private readonly timer: NodeJS.Timeout;
  private writtenBytes = 0;

  constructor(private readonly pid: number) {
    this.memory = new MemoryWatch(pid, seldom);
    this.timer = setInterval(() => {
      this.look();
    }, pauseMilliseconds);
  }

  async stop(): Promise<Usage> {
    clearInterval(this.timer);
    this.look();
    return { peakMib: await this.memory.stop(), writtenMib: this.writtenBytes / 2 ** 20 };
  }

  private look(): void {
    try {
      const io = fs.readFileSync(`/proc/${this.pid}/io`, "utf8");
      this.writtenBytes = Math.max(this.writtenBytes, Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0));
    } catch {
      // It has ended; what the last look saw counts.
    }
  }
}
