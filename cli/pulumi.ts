import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { Problem } from "../components/problem";
import { removeTornAttributes } from "./repair/attributes";
import { type EngineEvent, EventLog, eventLogEnvironment } from "./engineEvents";
import { ownStateFolder, stateFile } from "./ownState";

/** The Pulumi CLI as one `npm run` uses it: its environment, its stack, that stack's config. */
export interface PulumiCli {
  stack: string;
  /** Stack config that `npm run` generated. */
  configFile: string;
  /** Folder with that config and a copy of Pulumi.yaml: a stack is made there, so that its salt lands in that config. */
  folder: string;
  environment: NodeJS.ProcessEnv;
}

/** Looks on while the engine works. */
export interface Watch {
  onEvent: (event: EngineEvent) => void;
  /** Ends it. Returns why the operation failed, when that was seen. */
  stop: (failed: boolean) => Promise<string | undefined>;
}

/**
 * Runs an operation with its own progress display on the user's terminal. Rejects when it fails.
 *
 * @param watch makes a watch that may cancel the operation, as Ctrl-C would; by default nobody looks on
 * @returns what the engine told of it
 */
export async function operate(
  cli: PulumiCli,
  operation: string,
  flags: string[],
  watch?: (cancel: () => void) => Watch,
): Promise<EngineEvent[]> {
  const events = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-events-")), "events.json");
  const args = [operation, "--yes", "--stack", cli.stack, "--config-file", cli.configFile, "--event-log", events];
  // Ctrl-C reaches the CLI as well, and it has to end the update properly before this process goes.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  const pulumi = execa("pulumi", [...args, ...flags], {
    env: { ...cli.environment, ...eventLogEnvironment },
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  const watching = watch?.(() => {
    pulumi.kill("SIGINT", { forceKillAfterTimeout: false });
  });
  const log = new EventLog(events, 100, watching?.onEvent);
  try {
    const { exitCode } = await pulumi;
    const seen = log.stop();
    const reason = await watching?.stop(exitCode !== 0);
    if (exitCode !== 0) {
      throw new Problem(
        reason ?? `\`pulumi ${operation} --stack ${cli.stack}\` failed; what it printed above says why.`,
      );
    }
    return seen;
  } finally {
    process.off("SIGINT", ignore);
    log.stop();
    fs.rmSync(path.dirname(events), { recursive: true });
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
