import execa from "execa";

import { Problem } from "../../components/problem";
import { showLatestLine } from "./latestLine";

/** Work that undoes what it did, however it ends. */
export interface Scope {
  /** Has `action` run at the end; of several the last comes first. */
  finally(what: string, action: () => Promise<void> | void): void;
  /** Runs a command, which is interrupted when this process is asked to end. Never rejects for its exit code. */
  run(file: string, args: string[], options: CommandOptions): Promise<Finished>;
}

export interface CommandOptions {
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Called with the latest line, each time that it prints something. */
  onLine?: (line: string) => void;
}

export interface Finished {
  exitCode: number;
  stdout: string;
  /** Standard output and error, in order. */
  output: string;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does some work and then, last first, everything that it asked to have done at the end; so too after a failure,
 * Ctrl-C and SIGTERM.
 *
 * @throws what `work` throws, or a `Problem` with what could not be undone
 */
export async function inScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const atEnd: { what: string; action: () => Promise<void> | void }[] = [];
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    if (!interruption.signal.aborted) {
      console.error(`${signal}: clearing away what was made`);
      interruption.abort(new Problem(`Ended by ${signal}; everything that was made for the preview is gone again.`));
    }
  };
  for (const signal of signals) {
    process.on(signal, interrupt);
  }
  const scope: Scope = {
    finally: (what, action) => atEnd.push({ what, action }),
    run: async (file, args, options) => {
      interruption.signal.throwIfAborted();
      const finished = await runCommand(file, args, options, interruption.signal);
      interruption.signal.throwIfAborted();
      return finished;
    },
  };
  try {
    return await work(scope);
  } finally {
    const left: string[] = [];
    for (const { what, action } of atEnd.reverse()) {
      try {
        await action();
      } catch (error) {
        left.push(`${what} (${(error as Error).message})`);
      }
    }
    for (const signal of signals) {
      process.off(signal, interrupt);
    }
    if (left.length > 0) {
      // What stays behind matters more than why the work ended, which its own output said.
      // eslint-disable-next-line no-unsafe-finally
      throw new Problem(`Could not be cleared away: ${left.join("; ")}.`);
    }
  }
}

/** Runs a command; the terminal's Ctrl-C does not reach it. */
export async function runCommand(
  file: string,
  args: string[],
  { folder, environment, onLine }: CommandOptions,
  signal?: AbortSignal,
): Promise<Finished> {
  const child = execa(file, args, {
    cwd: folder,
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    // In a process group of its own it is ended by us, once and in order.
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
  // A command that could not be started has no exit code.
  return { exitCode: Number.isInteger(exitCode) ? exitCode : 127, stdout, output: all ?? "" };
}
