import fs from "node:fs";
import path from "node:path";

import execa from "execa";

/** How a command in a pod ended. */
export interface Ended {
  /** That of the command, or of kubectl where it did not run. */
  exitCode: number;
  stdout: Buffer;
  stderr: Buffer;
}

/** What a command in a pod reads on standard input: a text, or an open file. */
export type Input = { input: string } | { file: number };

/** A container in which commands run by `kubectl exec`. */
export class Pod {
  /**
   * @param place arguments that lead kubectl to the container
   * @param environment one with kubectl on PATH
   */
  constructor(
    readonly name: string,
    private readonly place: string[],
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Runs a command on the user's terminal, if there is one.
   *
   * @param interruption ends it. @default nothing does
   * @returns its exit code
   */
  async runHere(command: string[], interruption?: AbortSignal): Promise<number> {
    const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
    return (await this.exec([...terminal, "--stdin"], command, { stdio: "inherit" }, interruption)).exitCode;
  }

  /** Runs a command and returns what it prints, bytes as they are. */
  async ask(command: string[], input?: Input, interruption?: AbortSignal): Promise<Ended> {
    const options: execa.Options =
      input === undefined ? { stdin: "ignore" } : "file" in input ? { stdin: input.file } : input;
    // In a process group of its own, Ctrl-C does not reach it.
    const own = { ...options, detached: true };
    return await this.exec(input === undefined ? [] : ["--stdin"], command, own, interruption);
  }

  private async exec(
    flags: string[],
    command: string[],
    options: execa.Options,
    interruption: AbortSignal | undefined,
  ): Promise<Ended> {
    const child = execa("kubectl", ["exec", ...this.place, this.name, ...flags, "--", ...command], {
      ...options,
      env: this.environment,
      extendEnv: false,
      reject: false,
      encoding: null,
      stripFinalNewline: false,
      maxBuffer: 1e9,
    });
    const end = (): boolean => child.kill("SIGINT");
    interruption?.addEventListener("abort", end);
    const ended = await child;
    interruption?.removeEventListener("abort", end);
    return {
      // Without one it was ended by a signal, or could not be started.
      exitCode: Number.isInteger(ended.exitCode) ? ended.exitCode : 127,
      stdout: ended.stdout,
      stderr: ended.stderr,
    };
  }
}

/** The command that runs one of the programs in pod/. */
export function podProgram(name: string, ...args: string[]): string[] {
  return ["python", "-c", fs.readFileSync(path.join(__dirname, "pod", `${name}.py`), "utf8"), ...args];
}
