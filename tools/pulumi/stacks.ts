import fs from "node:fs";
import os from "node:os";

import { Problem } from "../../components/problem";
import { backendInWords } from "../../components/safeguards/backendName";
import type { PulumiCli } from "../stack/stack";
import { askPulumi, type PulumiCall } from "./cli";
import { ownStateFolder, stateFile } from "./ownState";
import { removeTornAttributes } from "./repair/attributes";

/** Where a backend's stacks are asked for. */
export type BackendCall = Pick<PulumiCall, "folder" | "environment">;

/** A stack's own name, of one that may have its organization and project before it. */
export const ownName = (stack: string): string => stack.split("/").at(-1) ?? stack;

/** Names of this project's stacks in the backend. Throws a `Problem` when the backend cannot be opened. */
export async function stackNames(call: BackendCall): Promise<string[]> {
  const { folder, environment } = call;
  try {
    const stdout = await askPulumi(["stack", "ls", "--json"], { folder, environment });
    return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => ownName(name));
  } catch (error) {
    const isUnopened = ownStateFolder(call) === undefined && !(await opens(call));
    throw error instanceof Problem && isUnopened ? notOpened(environment, error) : error;
  }
}

/** Whether a backend answers, asked in a folder without a Pulumi.yaml, which may be what is wrong. */
async function opens(call: BackendCall): Promise<boolean> {
  try {
    await askPulumi(["whoami"], { ...call, folder: os.tmpdir() });
    return true;
  } catch {
    return false;
  }
}

function notOpened(environment: NodeJS.ProcessEnv, { output }: Problem): Problem {
  // That of the environment may be what `pulumi login` chose, taken from this folder.
  const help = process.env["PULUMI_BACKEND_URL"]
    ? "set PULUMI_BACKEND_URL to a backend that can be opened, or unset it to use that of `pulumi login`"
    : process.env["PULUMI_ACCESS_TOKEN"]
      ? "set PULUMI_ACCESS_TOKEN to a token that it takes, or unset it to use the backend of `pulumi login`"
      : "run this again once it can be opened, or `pulumi login` to sign in again or to another one";
  return new Problem(`Pulumi cannot open the state in ${backendInWords(environment)}`, help, output);
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
