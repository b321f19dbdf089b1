import type { Commands } from "./commands";
import type { ScenarioName } from "./scenarioNames";
import type { Side } from "./side";
import { StartedWatch, type WatchCommand } from "./watchCommand";

/** A side whose command is already running when a line is edited. It takes part in that scenario alone. */
export class Loop implements Side {
  readonly scenarios: readonly ScenarioName[] = ["edit"];
  readonly title: string;
  readonly commands: Commands;
  private started: StartedWatch | undefined;

  /** @param side provides the sources, and removes what the command deploys */
  constructor(
    private readonly side: Side,
    private readonly watch: WatchCommand,
  ) {
    ({ title: this.title } = watch);
    ({ commands: this.commands } = side);
  }

  /** Also starts the command: this call is not timed. */
  async url(): Promise<string> {
    this.started = await StartedWatch.start(this.commands, this.watch);
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
    await this.started?.settled();
    this.commands.peakMib = (await this.started?.peakMib()) ?? 0;
    await this.started?.stop();
  }

  async destroyed(): Promise<void> {
    await this.side.destroyed();
  }

  async dispose(): Promise<void> {
    await this.started?.stop();
    await this.side.dispose();
  }
}
