import { RunningCommand } from "../terminal/runningCommand";
import type { Commands } from "./commands";
import { type MemoryWatch, processTree } from "./memory";

/** A command that deploys at its start and after each change. */
export interface WatchCommand {
  title: string;
  command: [file: string, ...args: string[]];
  /** What the command prints once it has deployed and waits for a change. */
  waiting: string;
  /** What it prints once it is done with a change. */
  settled: string;
}

/** A command that watches, from its start to Ctrl-C. */
export class StartedWatch {
  private constructor(
    private readonly running: RunningCommand,
    private readonly memory: MemoryWatch | undefined,
    private readonly watch: WatchCommand,
  ) {}

  /** Resolves when the command waits for a change. */
  static async start(commands: Commands, watch: WatchCommand): Promise<StartedWatch> {
    const [file, ...args] = watch.command;
    const { child, memory } = commands.start(file, args, { detached: true });
    const started = new StartedWatch(new RunningCommand(child), memory, watch);
    try {
      await started.running.until(watch.waiting);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** Waits until the command says that it is done with the last change. */
  async settled(): Promise<void> {
    await this.running.until(this.watch.settled);
  }

  /** The command and all that it started. */
  async processes(): Promise<number[]> {
    const { pid } = this.running.child;
    return pid === undefined ? [] : await processTree(pid);
  }

  /** Ends what samples its memory. Returns the peak in MiB; 0 where it was not sampled. */
  async peakMib(): Promise<number> {
    return (await this.memory?.stop()) ?? 0;
  }

  async stop(): Promise<void> {
    await this.running.interrupt();
  }
}
