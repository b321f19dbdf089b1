import fs from "node:fs";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { isatty } from "node:tty";

import execa from "execa";

import { lastLine } from "../../terminal/latestLine";
import { allowUnreadInput } from "../../terminal/unreadInput";

/** How a command in a pod ended. */
export interface Ended {
  /** That of the command, or of kubectl where it did not run. */
  exitCode: number;
  stdout: Buffer;
  stderr: Buffer;
}

/** What a command in a pod reads on standard input: a text, or an open file. */
export type Input = { input: string } | { file: number };

/** A command in a pod whose input and output are streams. */
export interface RunningCommand {
  /** Null for one without input. */
  stdin: Writable | null;
  stdout: Readable;
  /** Resolves once it prints a line on standard error; never, if it does not. */
  said(line: string): Promise<void>;
  /** Calls back with the latest line of it. */
  onLine(show: (line: string) => void): void;
  /** Resolves at its end. */
  ended: Promise<{ exitCode: number; stderr: string }>;
  end(): void;
}

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
    const flags = [...terminal, "--stdin"];
    if (!goesToFile(process.stdout.fd)) {
      return (await this.exec(flags, command, { stdio: "inherit" }, interruption)).exitCode;
    }
    // kubectl ends with 0 where it cannot write to a file, as on a full disk; this process does not.
    const options = { stdio: ["inherit", "pipe", "inherit"], buffer: false } as const;
    return (await this.exec(flags, command, options, interruption, process.stdout)).exitCode;
  }

  /** Runs a command and returns what it prints, bytes as they are. */
  async ask(command: string[], input?: Input, interruption?: AbortSignal): Promise<Ended> {
    const options: execa.Options =
      input === undefined ? { stdin: "ignore" } : "file" in input ? { stdin: input.file } : input;
    // In a process group of its own, Ctrl-C does not reach it.
    const own = { ...options, detached: true };
    return await this.exec(input === undefined ? [] : ["--stdin"], command, own, interruption);
  }

  /**
   * Starts a command whose input and output may be large.
   *
   * @param interruption ends it
   * @throws its reason where it has come already
   */
  start(command: string[], stdin: "pipe" | "ignore", interruption: AbortSignal): RunningCommand {
    interruption.throwIfAborted();
    const flags = stdin === "pipe" ? ["--stdin"] : [];
    const child = allowUnreadInput(
      execa("kubectl", ["exec", ...this.place, this.name, ...flags, "--", ...command], {
        env: this.environment,
        extendEnv: false,
        reject: false,
        buffer: false,
        stdin,
        // In a process group of its own, Ctrl-C does not reach it.
        detached: true,
      }),
    );
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const end = (): void => {
      child.kill("SIGINT");
    };
    interruption.addEventListener("abort", end);
    const ended = async (): Promise<{ exitCode: number; stderr: string }> => {
      // The last of what it printed may be read after it has ended.
      const [{ exitCode }] = await Promise.all([child, child.stderr && finished(child.stderr).catch(() => undefined)]);
      interruption.removeEventListener("abort", end);
      return { exitCode: Number.isInteger(exitCode) ? exitCode : 127, stderr };
    };
    return {
      stdin: child.stdin,
      // execa makes a pipe of it.
      stdout: child.stdout as Readable,
      said: async (line) => {
        await new Promise<void>((resolve) => {
          child.stderr?.on("data", () => {
            if (stderr.split("\n").slice(0, -1).includes(line)) {
              resolve();
            }
          });
        });
      },
      onLine: (show) => {
        child.stderr?.on("data", () => {
          show(lastLine(stderr));
        });
      },
      ended: ended(),
      end,
    };
  }

  private async exec(
    flags: string[],
    command: string[],
    options: execa.Options,
    interruption: AbortSignal | undefined,
    shown?: NodeJS.WriteStream,
  ): Promise<Ended> {
    interruption?.throwIfAborted();
    const child = allowUnreadInput(
      execa("kubectl", ["exec", ...this.place, this.name, ...flags, "--", ...command], {
        ...options,
        env: this.environment,
        extendEnv: false,
        reject: false,
        encoding: null,
        stripFinalNewline: false,
        maxBuffer: 1e9,
      }),
    );
    const end = (): boolean => child.kill("SIGINT");
    interruption?.addEventListener("abort", end);
    if (shown !== undefined) {
      // Files are written at once, so nothing is kept here.
      child.stdout?.on("data", (bytes: Buffer) => shown.write(bytes));
    }
    const [ended] = await Promise.all([child, shown && child.stdout && finished(child.stdout).catch(() => undefined)]);
    interruption?.removeEventListener("abort", end);
    return {
      // Without one it was ended by a signal, or could not be started.
      exitCode: Number.isInteger(ended.exitCode) ? ended.exitCode : 127,
      stdout: ended.stdout,
      stderr: ended.stderr,
    };
  }
}

/** Whether what is written there is neither read by a program nor shown on a terminal. */
function goesToFile(descriptor: number): boolean {
  const stats = fs.fstatSync(descriptor);
  return stats.isFile() || (stats.isCharacterDevice() && !isatty(descriptor));
}

/** The command that runs one of the programs in pod/. */
export function podProgram(name: string, ...args: string[]): string[] {
  // Every installation has it; some, such as Debian's, have no `python`.
  return ["python3", "-c", fs.readFileSync(path.join(__dirname, "pod", `${name}.py`), "utf8"), ...args];
}
