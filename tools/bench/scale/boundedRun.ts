import { spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { processTree } from "../memory";
import { type Usage, UsageWatch } from "./usage";

/** Seconds that a command may take to end in order once it was told to. */
const graceSeconds = 60;

export interface Bounds {
  folder: string;
  environment: NodeJS.ProcessEnv;
  limitSeconds: number;
  /** Ends the command at once. */
  signal: AbortSignal;
  /** Takes what the command prints, which with many apps is too much for the memory of the one who measures. */
  outputFile: string;
}

/** What one command took. */
export interface Run extends Usage {
  /** False when it was ended because its time was over. */
  finished: boolean;
  seconds: number;
}

/**
 * Runs a command with all of its descendants for a limited time.
 *
 * @throws the end of what it printed when it fails by itself
 */
export async function runBounded(command: [string, ...string[]], bounds: Bounds): Promise<Run> {
  const { folder, environment, limitSeconds, signal, outputFile } = bounds;
  signal.throwIfAborted();
  const [file, ...args] = command;
  const output = fs.openSync(outputFile, "w");
  const start = performance.now();
  // In a process group of its own: Ctrl-C is for the one who measures, who then ends it.
  const child = spawn(file, args, { cwd: folder, env: environment, detached: true, stdio: ["ignore", output, output] });
  fs.closeSync(output);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", reject);
  });
  const { pid } = child;
  if (pid === undefined) {
    await ended;
    throw new Error(`\`${file}\` could not be started.`);
  }
  const watch = new UsageWatch(pid);
  const overtime = new AbortController();
  const limit = (async () => {
    await sleep(limitSeconds * 1000, undefined, { signal: overtime.signal });
    child.kill("SIGINT");
    await sleep(graceSeconds * 1000, undefined, { signal: overtime.signal });
    await endTree(pid);
  })().catch(ignoreAbort);
  const abort = (): void => {
    void endTree(pid);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    const exitCode = await ended;
    const seconds = (performance.now() - start) / 1000;
    signal.throwIfAborted();
    const finished = seconds < limitSeconds;
    if (finished && exitCode !== 0) {
      throw new Error(`\`${command.join(" ")}\` failed:\n${endOf(outputFile)}`);
    }
    return { finished, seconds: Math.min(seconds, limitSeconds), ...(await watch.stop()) };
  } finally {
    overtime.abort();
    signal.removeEventListener("abort", abort);
    await limit;
    await watch.stop();
  }
}

/** The end of what a command printed. */
export function endOf(file: string, bytes = 4000): string {
  const handle = fs.openSync(file, "r");
  try {
    const { size } = fs.fstatSync(handle);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    fs.readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString();
  } finally {
    fs.closeSync(handle);
  }
}

/** Pulumi puts each plugin into a process group of its own, so that there is no group to signal. */
async function endTree(root: number): Promise<void> {
  for (const pid of await processTree(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== "AbortError") {
    throw error;
  }
}
