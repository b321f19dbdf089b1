import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Problem } from "../../components/problem";
import type { PulumiCli } from "../stack/stack";
import { startPulumi } from "./cli";
import { type EngineEvent, EventLog, eventLogEnvironment } from "./engineEvents";
import { HeldOutput } from "./heldOutput";

/** Follows the engine while it works. */
export interface Watch {
  onEvent: (event: EngineEvent) => void;
  /** Ends the watch. Returns why the operation failed, where the watch knows: the engine may report success too early. */
  stop: (failed: boolean) => Promise<Problem | undefined>;
}

/** Of an operation that is started before there is a change: its program waits. */
export interface Hold {
  /** Resolves with the change. From then on the output is shown. */
  until: Promise<unknown>;
  /** Is given what cancels the operation, as Ctrl-C would. */
  onStart: (cancel: () => void) => void;
}

/** The terminal for the CLI's display: standard output is left to what the command is asked for. */
const display = { stdio: ["inherit", process.stderr.fd, "inherit"] } as const;

/**
 * Runs an operation with its own progress display on the user's terminal.
 *
 * @param makeWatch makes a watch that may cancel the operation, as Ctrl-C would. @default nothing follows the engine
 * @param hold @default the operation is shown from the start
 * @returns the engine's events
 * @throws a `Problem` when the operation fails
 */
export async function operate(
  cli: PulumiCli,
  operation: "up" | "destroy",
  flags: string[],
  makeWatch?: (cancel: () => void) => Watch,
  hold?: Hold,
): Promise<EngineEvent[]> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-events-"));
  const events = path.join(scratch, "events.json");
  const output = hold === undefined ? undefined : new HeldOutput(path.join(scratch, "output"), hold.until);
  // The log is created before the process that writes it.
  const log = new EventLog(events, 100, (event) => watch?.onEvent(event));
  const pulumi = startPulumi(
    [operation, "--yes", "--event-log", events, ...flags, ...(output?.flags ?? [])],
    { ...cli, folder: process.cwd(), environment: { ...cli.environment, ...eventLogEnvironment } },
    output?.options ?? display,
  );
  const cancel = (): void => {
    pulumi.kill("SIGINT", { forceKillAfterTimeout: false });
  };
  // This process stays until the CLI has ended the update. On the terminal Ctrl-C reaches the CLI as well.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  hold?.onStart(cancel);
  const watch = makeWatch?.(cancel);
  try {
    const { exitCode } = await pulumi;
    const seen = log.stop();
    output?.stop();
    const reason = await watch?.stop(exitCode !== 0);
    if (reason !== undefined) {
      throw reason;
    }
    if (exitCode !== 0) {
      throw new Problem(`\`pulumi ${operation} --stack ${cli.stack}\` failed`, "what it printed above says why");
    }
    return seen;
  } finally {
    process.off("SIGINT", ignore);
    log.stop();
    output?.stop();
    fs.rmSync(scratch, { recursive: true });
  }
}
