import execa from "execa";

import { Problem } from "../components/problem";

/** The Pulumi CLI as one `npm run` uses it: its environment, its stack, that stack's config. */
export interface PulumiCli {
  stack: string;
  /** Stack config that `npm run` generated. */
  configFile: string;
  /** Folder with that config and a copy of Pulumi.yaml: a stack is made there, so that its salt lands in that config. */
  folder: string;
  environment: NodeJS.ProcessEnv;
}

/** Runs an operation with its own progress display on the user's terminal. Rejects when it fails. */
export async function operate(cli: PulumiCli, operation: string, flags: string[]): Promise<void> {
  const args = [operation, "--yes", "--stack", cli.stack, "--config-file", cli.configFile, ...flags];
  // Ctrl-C reaches the CLI as well, and it has to end the update properly before this process goes.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  try {
    const { exitCode } = await execa("pulumi", args, {
      env: cli.environment,
      extendEnv: false,
      stdio: "inherit",
      reject: false,
    });
    if (exitCode !== 0) {
      throw new Problem(`\`pulumi ${operation} --stack ${cli.stack}\` failed; what it printed above says why.`);
    }
  } finally {
    process.off("SIGINT", ignore);
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
  const stacks = JSON.parse(await ask(cli, ["-C", cli.folder, "stack", "ls", "--json"])) as { name: string }[];
  return stacks.some(({ name }) => name.split("/").at(-1) === cli.stack);
}

export async function createStack(cli: PulumiCli): Promise<void> {
  await ask(cli, ["-C", cli.folder, "stack", "init", cli.stack, "--no-select"]);
}

export async function stackOutputs(cli: PulumiCli): Promise<Record<string, unknown>> {
  return JSON.parse(await ask(cli, ["stack", "output", "--json", "--stack", cli.stack])) as Record<string, unknown>;
}
