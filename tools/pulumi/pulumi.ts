import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { Problem } from "../../components/problem";
import { removeTornAttributes } from "./repair/attributes";
import { HeldOutput } from "./heldOutput";
import { type EngineEvent, EventLog, eventLogEnvironment } from "./engineEvents";
import type { PulumiCli } from "../stack/stack";
import { ownStateFolder, stateFile } from "./ownState";

/** Looks on while the engine works. */
export interface Watch {
  onEvent: (event: EngineEvent) => void;
  /** Ends it. Returns why the operation failed, when that was seen: the engine may take for done what is not. */
  stop: (failed: boolean) => Promise<Problem | undefined>;
}

/** For an operation that is begun before it is known what for: its program waits until then. */
export interface Hold {
  /** From here on it is shown. */
  until: Promise<unknown>;
  /** Is given what cancels it, as Ctrl-C would. */
  onStart: (cancel: () => void) => void;
  onEvent: (event: EngineEvent) => void;
}

/**
 * Runs an operation with its own progress display on the user's terminal. Rejects when it fails.
 *
 * @param watch makes a watch that may cancel the operation, as Ctrl-C would; by default nobody looks on
 * @param hold by default it is shown from the start
 * @returns what the engine told of it
 */
export async function operate(
  cli: PulumiCli,
  operation: string,
  flags: string[],
  watch?: (cancel: () => void) => Watch,
  hold?: Hold,
): Promise<EngineEvent[]> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-events-"));
  const events = path.join(scratch, "events.json");
  const output = hold === undefined ? undefined : new HeldOutput(path.join(scratch, "output"), hold.until);
  const args = [operation, "--yes", "--stack", cli.stack, "--config-file", cli.configFile, "--event-log", events];
  const pulumi = execa("pulumi", [...args, ...flags, ...(output?.flags ?? [])], {
    env: { ...cli.environment, ...eventLogEnvironment },
    extendEnv: false,
    reject: false,
    ...(output?.options ?? { stdio: "inherit" }),
  });
  const cancel = (): void => {
    pulumi.kill("SIGINT", { forceKillAfterTimeout: false });
  };
  // The CLI has to end the update properly before this process goes. One that is shown shares the terminal's Ctrl-C.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  hold?.onStart(cancel);
  const watching = watch?.(cancel);
  const log = new EventLog(events, 100, (event) => {
    watching?.onEvent(event);
    hold?.onEvent(event);
  });
  try {
    const { exitCode } = await pulumi;
    const seen = log.stop();
    output?.stop();
    const reason = await watching?.stop(exitCode !== 0);
    if (exitCode !== 0 || reason !== undefined) {
      throw (
        reason ?? new Problem(`\`pulumi ${operation} --stack ${cli.stack}\` failed; what it printed above says why.`)
      );
    }
    return seen;
  } finally {
    process.off("SIGINT", ignore);
    log.stop();
    output?.stop();
    fs.rmSync(scratch, { recursive: true });
  }
}

async function ask(cli: PulumiCli, args: string[]): Promise<string> {
  const { stdout } = await execa("pulumi", [...args, "--non-interactive"], {
    env: cli.environment,
    extendEnv: false,
    stdin: "ignore",
  });
  return stdout;
}

export async function stackExists(cli: PulumiCli): Promise<boolean> {
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    removeTornAttributes(folder);
    if (fs.existsSync(stateFile(folder, cli.stack))) {
      return true;
    }
  }
  const stacks = JSON.parse(await ask(cli, ["-C", cli.folder, "stack", "ls", "--json"])) as { name: string }[];
  return stacks.some(({ name }) => name.split("/").at(-1) === cli.stack);
}

export async function createStack(cli: PulumiCli): Promise<void> {
  await ask(cli, ["-C", cli.folder, "stack", "init", cli.stack, "--no-select"]);
}

export async function stackOutputs(cli: PulumiCli): Promise<Record<string, unknown>> {
  return JSON.parse(await ask(cli, ["stack", "output", "--json", "--stack", cli.stack])) as Record<string, unknown>;
}
