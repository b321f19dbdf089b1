import { processesSelector } from "../../app/role";
import type { Commands } from "../commands";
import { StartedWatch, type WatchCommand } from "../watchCommand";
import { podProcesses } from "./atRest";

/** A way to deploy, whose command can watch. */
export interface Watchable {
  readonly commands: Commands;
  readonly namespace: string;
  first(): Promise<void>;
  destroyed(): Promise<void>;
  url(): Promise<string>;
  dispose(): Promise<void>;
}

/** A way to deploy with its command that watches. */
export class Watching {
  private started: StartedWatch | undefined;

  constructor(
    readonly side: Watchable,
    private readonly watch: WatchCommand,
  ) {}

  get title(): string {
    return this.watch.title;
  }

  get project(): string {
    return `${this.side.commands.folder}/app`;
  }

  /** Starts the command; resolves when it waits for a change. */
  async start(): Promise<void> {
    this.started = await StartedWatch.start(this.side.commands, this.watch);
  }

  /** Waits until the command says that it is done with the last save. */
  async settled(): Promise<void> {
    await this.started?.settled();
  }

  async stop(): Promise<void> {
    await this.started?.stop();
    this.started = undefined;
  }

  /** The command and all that it started. */
  async processes(): Promise<number[]> {
    return (await this.started?.processes()) ?? [];
  }

  /** The processes of the pods that run the app's image. */
  async podProcesses(): Promise<number[]> {
    const { commands, namespace } = this.side;
    const pods = ["get", "pods", "--selector", processesSelector, "--output", "jsonpath={.items[*].metadata.uid}"];
    return await podProcesses((await commands.kubectl(namespace, ...pods)).split(" ").filter((uid) => uid !== ""));
  }
}
