import { processesSelector } from "../../app/role";
import { RunningCommand } from "../../test/integration/helpers/runningCommand";
import type { Commands } from "../commands";
import type { LoopCommand } from "../loop";
import { processTree } from "../memory";
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

/** A command that watches, from its start to Ctrl-C. */
export class Watching {
  private running: RunningCommand | undefined;

  constructor(
    readonly side: Watchable,
    private readonly loop: LoopCommand,
  ) {}

  get title(): string {
    return this.loop.title;
  }

  get project(): string {
    return `${this.side.commands.folder}/app`;
  }

  /** Starts the command; resolves when it waits for a change. */
  async start(): Promise<void> {
    const [file, ...args] = this.loop.command;
    const { child } = this.side.commands.start(file, args, { detached: true });
    this.running = new RunningCommand(child);
    await this.running.until(this.loop.waiting);
  }

  /** Waits until the command says that it is done with the last save. */
  async settled(): Promise<void> {
    await this.running?.until(this.loop.settled);
  }

  async stop(): Promise<void> {
    await this.running?.interrupt();
    this.running = undefined;
  }

  /** The command and all that it started. */
  async processes(): Promise<number[]> {
    const pid = this.running?.child.pid;
    return pid === undefined ? [] : await processTree(pid);
  }

  /** The processes of the pods that run the app's image. */
  async podProcesses(): Promise<number[]> {
    const { commands, namespace } = this.side;
    const pods = ["get", "pods", "--selector", processesSelector, "--output", "jsonpath={.items[*].metadata.uid}"];
    return await podProcesses((await commands.kubectl(namespace, ...pods)).split(" ").filter((uid) => uid !== ""));
  }
}
