import { once } from "node:events";

import type { ExecaChildProcess, ExecaReturnValue } from "execa";

const limitSeconds = 300;

/** A command that goes on until it is ended, in a process group of its own. */
export class RunningCommand {
  /** What it has printed so far. */
  printed = "";
  private position = 0;

  constructor(readonly child: ExecaChildProcess) {
    child.all?.setEncoding("utf8").on("data", (text: string) => (this.printed += text));
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until it has printed a text after what was waited for last; returns all that came in between. */
  async until(text: string): Promise<string> {
    const signal = AbortSignal.timeout(limitSeconds * 1000);
    const begin = this.position;
    for (let isOver = false; ;) {
      const found = this.printed.indexOf(text, begin);
      if (found >= 0) {
        this.position = found + text.length;
        return this.printed.slice(begin, found);
      }
      if (signal.aborted || isOver) {
        throw new Error(`\`${this.child.spawnargs.join(" ")}\` does not print "${text}":\n${this.printed}`);
      }
      const more = once(this.child.all ?? this.child, "data", { signal }).catch(() => undefined);
      // The last of what it printed may be read after it has ended.
      isOver = await Promise.race([more.then(() => false), this.child.then(() => true)]);
    }
  }

  /** Ends it as Ctrl-C in its terminal would: that reaches every process of the group. */
  async interrupt(): Promise<ExecaReturnValue> {
    if (this.isRunning) {
      process.kill(-Number(this.child.pid), "SIGINT");
    }
    return await this.child;
  }
}
