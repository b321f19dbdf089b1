import { Problem } from "../../components/problem";
import { type CapturedCommand, captured, type CaptureOptions } from "./captured";

/** Collects what has to be removed when some work ends, and runs the commands that a signal interrupts. */
export interface Cleanup {
  /** Runs `action` at the end, the one added last first. `what` names in an error what is left if `action` fails. */
  atEnd(what: string, action: () => Promise<void> | void): void;
  /** Aborted when this process receives a signal to end; its reason is the `Problem` to throw. */
  readonly interruption: AbortSignal;
  /**
   * Runs a command, and interrupts it when this process receives a signal to end.
   *
   * @throws a `Problem` after such a signal, but not for an exit code
   */
  run(file: string, args: string[], options: CaptureOptions): Promise<CapturedCommand>;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs some work, and then every action that was added with `atEnd`: after success, after a failure, and after Ctrl-C,
 * SIGTERM and SIGHUP.
 *
 * @throws what `work` throws, or a `Problem` that names what could not be removed
 */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const actions: { what: string; action: () => Promise<void> | void }[] = [];
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    if (!interruption.signal.aborted) {
      console.error(`${signal}: removing what was made`);
      interruption.abort(new Problem(`${signal} ended the command`, "everything that it made is removed again"));
    }
  };
  for (const signal of signals) {
    process.on(signal, interrupt);
  }
  const cleanup: Cleanup = {
    interruption: interruption.signal,
    atEnd: (what, action) => actions.push({ what, action }),
    run: async (file, args, options) => {
      interruption.signal.throwIfAborted();
      const command = await captured(file, args, { ...options, signal: interruption.signal });
      interruption.signal.throwIfAborted();
      return command;
    },
  };
  try {
    return await work(cleanup);
  } finally {
    const left: string[] = [];
    for (const { what, action } of actions.reverse()) {
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
      // What is left matters more than why the work ended, which its own output says.
      // eslint-disable-next-line no-unsafe-finally
      throw new Problem("Not everything that the command made could be removed", undefined, left);
    }
  }
}
