import { RunningCommand } from "../test/integration/helpers/runningCommand";
import type { Commands } from "./commands";
import type { MemoryWatch } from "./memory";
import type { ScenarioName } from "./scenarioNames";
import type { Side } from "./side";

/** A command that deploys at its start and after each change. */
export interface LoopCommand {
  title: string;
  command: [file: string, ...args: string[]];
  /** What the command prints once it has deployed and waits for a change. */
  waiting: string;
  /** What it prints once it is done with a change. */
  settled: string;
}

/** A side whose command is already running when a line is edited. It takes part in that scenario alone. */
export class Loop implements Side {
  readonly scenarios: readonly ScenarioName[] = ["edit"];
  readonly title: string;
  readonly commands: Commands;
  private running: RunningCommand | undefined;
  private memory: MemoryWatch | undefined;

  /** @param side provides the sources, and removes what the command deploys */
  constructor(
    private readonly side: Side,
    private readonly loop: LoopCommand,
  ) {
    ({ title: this.title } = loop);
    ({ commands: this.commands } = side);
  }

  /** Also starts the command: this call is not timed. */
  async url(): Promise<string> {
    const [file, ...args] = this.loop.command;
    const { child, memory } = this.commands.start(file, args, { detached: true });
    this.running = new RunningCommand(child);
    this.memory = memory;
    await this.running.until(this.loop.waiting);
    return await this.side.url();
  }

  async first(): Promise<void> {
    await this.side.first();
  }

  async unchanged(): Promise<void> {
    await this.side.unchanged();
  }

  async edited(): Promise<void> {
    // The command sees the change by itself.
  }

  async settle(): Promise<void> {
    await this.running?.until(this.loop.settled);
    this.commands.peakMib = (await this.memory?.stop()) ?? 0;
    await this.running?.interrupt();
  }

  async destroyed(): Promise<void> {
    await this.side.destroyed();
  }

  async dispose(): Promise<void> {
    await this.running?.interrupt();
    await this.side.dispose();
  }
}
