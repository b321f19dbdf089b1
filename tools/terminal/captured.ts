import execa from "execa";

import { showLatestLine } from "./latestLine";

export interface CaptureOptions {
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Called with the latest line each time that the command prints something. */
  onLine?: (line: string) => void;
  /** Interrupts the command. @default nothing does */
  signal?: AbortSignal;
}

/** What a command printed, and how it ended. */
export interface CapturedCommand {
  /** 127 for a command that could not be started. */
  exitCode: number;
  stdout: string;
  /** Standard output and standard error, in order. */
  output: string;
}

/** Runs a command without input and keeps its output. Never rejects; the terminal's Ctrl-C does not reach the command. */
export async function captured(
  file: string,
  args: string[],
  { folder, environment, onLine, signal }: CaptureOptions,
): Promise<CapturedCommand> {
  const child = execa(file, args, {
    cwd: folder,
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    // In a process group of its own, it receives one signal, from here.
    detached: true,
    maxBuffer: 1e9,
  });
  if (onLine !== undefined) {
    showLatestLine(child.all, { detail: onLine });
  }
  const end = (): boolean => child.kill("SIGINT");
  signal?.addEventListener("abort", end);
  const { exitCode, stdout, all } = await child;
  signal?.removeEventListener("abort", end);
  return { exitCode: Number.isInteger(exitCode) ? exitCode : 127, stdout, output: all ?? "" };
}

/** The last lines of an output, for `Problem.output`. */
export function lastLines(output: string, count: number): string[] {
  return output.trim().split("\n").slice(-count);
}
