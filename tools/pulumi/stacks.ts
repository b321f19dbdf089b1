import fs from "node:fs";

import type { PulumiCli } from "../stack/stack";
import { askPulumi, type PulumiCall } from "./cli";
import { ownStateFolder, stateFile } from "./ownState";
import { removeTornAttributes } from "./repair/attributes";

/** Where a backend's stacks are asked for. */
export type BackendCall = Pick<PulumiCall, "folder" | "environment">;

/** A stack's own name, of one that may have its organization and project before it. */
export const ownName = (stack: string): string => stack.split("/").at(-1) ?? stack;

/** Names of this project's stacks in the backend. */
export async function stackNames({ folder, environment }: BackendCall): Promise<string[]> {
  const stdout = await askPulumi(["stack", "ls", "--json"], { folder, environment });
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => ownName(name));
}

export async function stackExists(cli: PulumiCli): Promise<boolean> {
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    removeTornAttributes(folder);
    if (fs.existsSync(stateFile(folder, cli.stack))) {
      return true;
    }
  }
  return (await stackNames(cli)).includes(cli.stack);
}

/** Makes a stack, unless another command does so at once; its salt goes into Pulumi.<stack>.yaml in the folder. */
export async function createStack({ stack, folder, environment }: BackendCall & { stack: string }): Promise<void> {
  try {
    await askPulumi(["stack", "init", stack, "--no-select"], { folder, environment });
  } catch (error) {
    if (!(await stackNames({ folder, environment })).includes(ownName(stack))) {
      throw error;
    }
  }
}

/** A stack's outputs, secrets masked. */
export async function stackOutputs({ stack, folder, environment }: PulumiCli): Promise<Record<string, unknown>> {
  const stdout = await askPulumi(["stack", "output", "--json"], { folder, environment, stack });
  return JSON.parse(stdout) as Record<string, unknown>;
}
