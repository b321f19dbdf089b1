import execa, { type ExecaChildProcess, type ExecaReturnValue, type Options } from "execa";

import { Problem } from "../../components/problem";
import { until } from "../waiting";
import { MemoryWatch } from "./memory";

/** Runs the commands of one side in its folder and environment. */
export class Commands {
  /** Whether memory is sampled. Sampling takes processor time, so it is off while time is measured. */
  watchMemory = false;
  /** Peak memory of one command and its descendants together, in MiB, since `watchMemory` was set. */
  peakMib = 0;
  /** The first three words of every command that ended, in order. */
  readonly finished: { command: string; milliseconds: number }[] = [];

  constructor(
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Runs a command and returns its standard output. Throws a `Problem` with all its output when it fails. */
  async run(file: string, ...args: string[]): Promise<string> {
    return (await this.runToEnd(file, args)).stdout;
  }

  /** Runs a command and returns everything it printed. Rejects with that when it fails. */
  async runPrinting(file: string, ...args: string[]): Promise<string> {
    return (await this.runToEnd(file, args)).all ?? "";
  }

  private async runToEnd(file: string, args: string[]): Promise<ExecaReturnValue> {
    const start = performance.now();
    const { child, memory: watch } = this.start(file, args);
    const ended = await child;
    const command = [file, ...args].slice(0, 3).join(" ");
    this.finished.push({ command, milliseconds: performance.now() - start });
    if (watch !== undefined) {
      this.peakMib = Math.max(this.peakMib, await watch.stop());
    }
    if (ended.exitCode !== 0) {
      throw new Problem(`\`${[file, ...args].join(" ")}\` failed`, undefined, (ended.all ?? "").split("\n"));
    }
    return ended;
  }

  /** Starts a command, which never rejects, and samples its memory if `watchMemory` is set. */
  start(
    file: string,
    args: string[],
    options: Pick<Options, "detached"> = {},
  ): { child: ExecaChildProcess; memory: MemoryWatch | undefined } {
    const child = execa(file, args, {
      cwd: this.folder,
      env: this.environment,
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      all: true,
      ...options,
    });
    const memory = this.watchMemory && child.pid !== undefined ? new MemoryWatch(child.pid) : undefined;
    return { child, memory };
  }

  /** Runs kubectl in a namespace of the cluster. */
  async kubectl(namespace: string, ...args: string[]): Promise<string> {
    return await this.run("kubectl", ...args, "--context", "docker-desktop", "--namespace", namespace);
  }

  /** Waits until no pod of the cluster is terminating. */
  async untilNothingEnds(): Promise<void> {
    const path = "jsonpath={.items[*].metadata.deletionTimestamp}";
    const look = async (): Promise<void> => {
      const ending = await this.kubectl("default", "get", "pods", "--all-namespaces", "--output", path);
      if (ending !== "") {
        throw new Error(`Pods are still terminating, since ${ending}`);
      }
    };
    await until(look, { seconds: 60, pauseMilliseconds: 500 });
  }

  /** Deletes a namespace and the images of a repository of the same name, if they exist. */
  async clear(name: string): Promise<void> {
    await this.kubectl(name, "delete", "namespace", name, "--ignore-not-found");
    const images = await this.run("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", name);
    if (images !== "") {
      await this.run("docker", "image", "rm", "--force", ...images.split("\n"));
    }
  }
}
