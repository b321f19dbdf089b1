import execa from "execa";

import { Problem } from "../../components/problem";
import type { PulumiCli } from "../stack/stack";

/** A resource as a stack's state has it; what is not named here is carried along. */
export interface StoredResource {
  urn: string;
  type: string;
  /** Name that the provider knows it by; absent for a component, and until it was created. */
  id?: string;
  /** Whether it was replaced and is still to be deleted. */
  delete?: boolean;
  /** Whether it must not be deleted. */
  protect?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

/** What the engine was at when it was killed: "creating", "updating", "deleting" and the like. */
export interface PendingOperation {
  type: string;
  resource: StoredResource;
}

/** What is deployed, and what was begun. */
export interface Deployment {
  resources?: StoredResource[];
  pending_operations?: PendingOperation[];
  [key: string]: unknown;
}

/** A stack's state, as `pulumi stack export` writes it. */
export interface StackState {
  version: number;
  deployment: Deployment;
}

/** What a question about stacks takes of `PulumiCli`. */
export type StateReader = Pick<PulumiCli, "folder" | "environment">;

/** Names of this project's stacks in the backend. */
export async function stackNames({ folder, environment }: StateReader): Promise<string[]> {
  const stdout = await pulumi(environment, ["-C", folder, "stack", "ls", "--json"]);
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name.split("/").at(-1) ?? name);
}

export async function exportState({ folder, environment }: StateReader, stack: string): Promise<StackState> {
  return JSON.parse(await pulumi(environment, ["-C", folder, "stack", "export", "--stack", stack])) as StackState;
}

/** The state of every stack of this project in the backend, by its name. */
export async function readStates(reader: StateReader): Promise<Map<string, StackState>> {
  const names = await stackNames(reader);
  return new Map(await Promise.all(names.map(async (name) => [name, await exportState(reader, name)] as const)));
}

/** The image that a stack deployed last, if its nodes run it from the Docker daemon that built it: one with a digest is in a registry. */
export function imageOnDaemon(deployment: Deployment): string | undefined {
  const image = imageOf(deployment);
  return image?.includes("@") === true ? undefined : image;
}

/** The image that a stack deployed last: its output. */
export function imageOf({ resources }: Deployment): string | undefined {
  const stack = resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const image = stack?.outputs?.["image"];
  return typeof image === "string" ? image : undefined;
}

/** Lets a stack's resources be deleted that were protected. */
export async function unprotect({ folder, environment }: StateReader, stack: string): Promise<void> {
  await pulumi(environment, ["-C", folder, "state", "unprotect", "--all", "--yes", "--stack", stack]);
}

/** Replaces a stack's state. Pulumi drops operations that are still pending in it. */
export async function importState(
  { folder, environment }: StateReader,
  stack: string,
  state: StackState,
): Promise<void> {
  await pulumi(environment, ["-C", folder, "stack", "import", "--stack", stack], JSON.stringify(state));
}

async function pulumi(environment: NodeJS.ProcessEnv, args: string[], input?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    env: environment,
    extendEnv: false,
    reject: false,
    maxBuffer: 1e9,
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  if (exitCode !== 0) {
    const command = args.slice(args.indexOf("stack")).join(" ");
    throw new Problem(
      `\`pulumi ${command}\` failed: ${
        stderr
          .replace(/^error: /, "")
          .trim()
          .split("\n")
          .at(-1) ?? ""
      }`,
    );
  }
  return stdout;
}
