import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { Problem } from "../../components/problem";
import { keepScratchFor, makeScratch } from "../scratch";
import type { PulumiCli } from "../stack/stack";
import { startPulumi } from "./cli";
import { type EngineEvent, EventLog, eventLogEnvironment } from "./engineEvents";
import { EngineOutput } from "./engineOutput";
import { findLockProblem } from "./repair/lockedOut";

/** How an operation ended; `interrupted` is that the user did so. */
export type End = "well" | "failed" | "interrupted";

/** Follows the engine while it works. */
export interface Watch {
  onEvent: (event: EngineEvent) => void;
  /** Ends the watch. Returns why the operation failed, where the watch knows: the engine may report success too early. */
  stop: (end: End) => Promise<Problem | undefined>;
}

/** Makes a watch from what cancels the operation, as Ctrl-C would, and from what shows a line of the watch's own. */
export type MakeWatch = (cancel: () => void, say: (line: string) => void) => Watch;

type Operation = "up" | "destroy" | "refresh";

const commands: Record<Operation, string> = { up: "npm run up", destroy: "npm run down", refresh: "npm run up" };

/** How often an operation is tried that another process kept from beginning, and is gone. */
const tries = 5;

/** Milliseconds in which several signals are one Ctrl-C: npm passes on what the terminal has sent already. */
const oneInterruption = 1000;

/**
 * Runs an operation and shows its progress on standard error.
 *
 * @param makeWatch @default nothing follows the engine
 * @returns the engine's events
 * @throws a `Problem` when the operation fails
 */
export async function operate(
  cli: PulumiCli,
  operation: Operation,
  flags: string[],
  makeWatch?: MakeWatch,
): Promise<EngineEvent[]> {
  for (let left = tries; ; left--) {
    const outcome = await attempt(cli, operation, flags, makeWatch);
    if ("events" in outcome) {
      return outcome.events;
    }
    const problem = await findLockProblem(cli, outcome.locks);
    if (problem !== undefined || left === 1) {
      throw problem ?? new Problem(`Stack ${cli.stack} is being changed by others again and again`);
    }
    // Two that begin at the same instant keep each other from it.
    await setTimeout(Math.random() * 1000);
  }
}

/** One try; resolves to who has the stack when that kept it from beginning. */
async function attempt(
  cli: PulumiCli,
  operation: Operation,
  flags: string[],
  makeWatch?: MakeWatch,
): Promise<{ events: EngineEvent[] } | { locks: string[] }> {
  const scratch = makeScratch("engine");
  const events = path.join(scratch.folder, "events.json");
  const output = new EngineOutput(path.join(scratch.folder, "output"));
  // The log is created before the process that writes it.
  const log = new EventLog(events, 100, (event) => watch?.onEvent(event));
  const environment = { ...cli.environment, ...eventLogEnvironment, ...scratch.environment };
  const pulumi = startPulumi(
    [operation, "--yes", "--event-log", events, ...flags, ...output.flags],
    { ...cli, folder: process.cwd(), environment },
    output.options,
  );
  keepScratchFor(pulumi.pid);
  const interruption = new Interruption(() => {
    pulumi.kill("SIGINT", { forceKillAfterTimeout: false });
  });
  // This process stays until the CLI has ended the update.
  const onSignal = (): void => {
    output.cancel();
    if (interruption.byUser()) {
      output.say("Interrupted: Pulumi ends what it is at; Ctrl-C once more stops it at once");
    }
  };
  process.on("SIGINT", onSignal);
  const cancel = (): void => {
    output.cancel();
    interruption.cancel();
  };
  let watch: Watch | undefined;
  try {
    try {
      watch = makeWatch?.(cancel, output.say);
    } catch (error) {
      cancel();
      await pulumi;
      throw error;
    }
    const { exitCode, signal } = await pulumi;
    const seen = log.stop();
    output.stop();
    const end = exitCode === 0 ? "well" : interruption.isByUser ? "interrupted" : "failed";
    const reason = output.locks === undefined ? await watch?.stop(end) : undefined;
    if (reason !== undefined) {
      throw reason;
    }
    if (output.locks !== undefined) {
      await watch?.stop("interrupted");
      return { locks: output.locks };
    }
    if (end !== "well") {
      throw (end === "failed" ? goneProblem(cli, seen) : undefined) ?? endProblem(cli, operation, end, signal);
    }
    return { events: seen };
  } finally {
    process.off("SIGINT", onSignal);
    log.stop();
    output.stop();
    scratch.remove();
  }
}

/** What the engine says of an object that it would change, and that somebody has deleted. */
const gone = /\bupdate of resource "[^"]*" failed: ([\w.]+) "([^"]+)" not found/;

/** Why an update failed where somebody has deleted an object of the stack by hand. */
function goneProblem({ stack }: PulumiCli, events: readonly EngineEvent[]): Problem | undefined {
  const found = events.map(({ diagnosticEvent }) => gone.exec(diagnosticEvent?.message ?? ""));
  const [, kind = "", name = ""] = found.find((match) => match !== null) ?? [];
  return name === ""
    ? undefined
    : new Problem(
        `Stack ${stack} made ${name} (${kind}), which is not in the cluster any more`,
        `run \`npm run drift -- ${stack} --restore\` to make it again`,
      );
}

function endProblem({ stack }: PulumiCli, operation: Operation, end: End, signal: string | undefined): Problem {
  const finish = `run \`${commands[operation]} -- ${stack}\`, which finishes it`;
  if (end === "interrupted") {
    return new Problem(`\`pulumi ${operation} --stack ${stack}\` was interrupted before everything was done`, finish);
  }
  return signal === undefined
    ? new Problem(`\`pulumi ${operation} --stack ${stack}\` failed`, "what it printed above says why")
    : new Problem(`\`pulumi ${operation} --stack ${stack}\` was ended by ${signal}`, finish);
}

/** Interrupts a process: the first time it completes its current steps, the second time it stops at once. */
class Interruption {
  isByUser = false;
  private last = -Infinity;

  constructor(private readonly interrupt: () => void) {}

  /** Interrupts it for the user. Returns whether that is the first time. */
  byUser(): boolean {
    const isFirst = !this.isByUser;
    this.isByUser = true;
    this.cancel();
    return isFirst;
  }

  readonly cancel = (): void => {
    const now = performance.now();
    if (now - this.last > oneInterruption) {
      this.last = now;
      this.interrupt();
    }
  };
}
