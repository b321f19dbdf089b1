import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { stringify } from "yaml";

import { Problem } from "../../../components/problem";
import { type PulumiCall, pulumiCommand, pulumiFailed } from "../../pulumi/cli";
import { errorsIn } from "../../pulumi/errorText";
import { PassphraseKey } from "../../stack/passphraseKey";
import { readStackFile, stackFileName } from "../../stack/stackFiles";
import { captured, type CapturedCommand, type CaptureOptions, lastLines } from "../../terminal/captured";
import { asTemporary } from "../../scratch";
import type { Cleanup } from "../../terminal/cleanup";

/** A stack in its own backend, in a temporary folder, which knows none of the user's stacks. */
export interface ThrowawayStack {
  name: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Salt of the passphrase, which every config file of the stack needs. */
  salt: string;
  /** Encrypts a text for those files. */
  encrypt: (text: string) => string;
}

/** Creates the stack. Its state goes with the folder. */
export async function makeStack(
  cleanup: Cleanup,
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<ThrowawayStack> {
  const state = path.join(folder, "state");
  const project = path.join(folder, "stack");
  const temporary = path.join(folder, "temporary");
  fs.mkdirSync(temporary);
  fs.mkdirSync(state);
  fs.mkdirSync(project);
  fs.copyFileSync("Pulumi.yaml", path.join(project, "Pulumi.yaml"));
  const passphrase = randomBytes(32).toString("base64");
  const own: NodeJS.ProcessEnv = {
    ...environment,
    ...asTemporary(temporary),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
  };
  // In the user's shell these may point elsewhere.
  for (const variable of ["PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_ACCESS_TOKEN"]) {
    Reflect.deleteProperty(own, variable);
  }
  const init = ["stack", "init", name, "--no-select"];
  const made = await cleanup.run(...pulumiCommand(init, { folder: project, environment: own }));
  if (made.exitCode !== 0) {
    throw pulumiFailed(init, {}, errorsIn(made));
  }
  const salt = readStackFile(path.join(project, stackFileName(name)))?.encryptionsalt ?? "";
  const key = await PassphraseKey.of(passphrase, salt);
  if (key === undefined) {
    throw new Problem("`pulumi stack init` made a salt of another passphrase", "run the preview again");
  }
  return { name, folder, environment: own, salt, encrypt: (text) => key.encrypt(text) };
}

/** Writes config for the stack and returns the file. */
export function writeConfig(stack: ThrowawayStack, name: string, config: Record<string, unknown>): string {
  const file = path.join(stack.folder, `${name}.yaml`);
  fs.writeFileSync(file, stringify({ config, encryptionsalt: stack.salt }), { mode: 0o600 });
  return file;
}

export interface Operation {
  stack: ThrowawayStack;
  /** The program's folder. */
  folder: string;
  configFile: string;
}

const callOf = ({ stack, folder, configFile }: Operation): PulumiCall => ({
  folder,
  environment: stack.environment,
  stack: stack.name,
  configFile,
});

/** Deploys a program. */
export async function deploy(
  cleanup: Cleanup,
  operation: Operation,
  onLine: (line: string) => void,
): Promise<CapturedCommand> {
  const [file, args, options] = pulumiCommand(["up", "--yes", "--skip-preview"], callOf(operation));
  return await cleanup.run(file, args, { ...options, onLine });
}

/** Previews what a program would change. */
export async function preview(cleanup: Cleanup, operation: Operation): Promise<CapturedCommand> {
  // The base was deployed a moment ago, so there is nothing to refresh.
  const command = ["preview", "--json", "--show-sames", "--refresh=false"];
  return await cleanup.run(...pulumiCommand(command, callOf(operation)));
}

/** How `kubectl` reaches the cluster. */
export interface ClusterAccess {
  context: string;
  kubeconfig: string | undefined;
}

/** Destroys what was deployed. Rejects when something may be left. */
export async function destroy(
  operation: Operation,
  namespaces: string[],
  { context, kubeconfig }: ClusterAccess,
): Promise<void> {
  const call = callOf(operation);
  const { folder, environment } = call;
  const deleted = deleteNamespaces(namespaces, { context, kubeconfig }, { folder, environment });
  const command = ["destroy", "--yes", "--skip-preview"];
  const destroyed = await captured(...pulumiCommand(command, call));
  await deleted;
  if (destroyed.exitCode !== 0) {
    throw pulumiFailed(command, call, errorsIn(destroyed));
  }
}

/**
 * Starts to delete namespaces with everything in them: an interrupted update may have created more than its state says.
 *
 * Kubernetes starts on a namespace after five seconds, in which `pulumi destroy` can run, and retries five seconds later
 * if a pod is left. Nobody uses these pods, so they are killed at once. Without kubectl the deletion takes longer.
 */
async function deleteNamespaces(
  namespaces: string[],
  { context, kubeconfig }: ClusterAccess,
  options: CaptureOptions,
): Promise<void> {
  const access = ["--context", context, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  const kubectl = async (...args: string[]): Promise<CapturedCommand> =>
    await captured("kubectl", [...access, "delete", ...args, "--ignore-not-found", "--wait=false"], options);
  await kubectl("namespace", ...namespaces);
  await Promise.all(namespaces.map(async (name) => await kubectl("pods", "--all", "--now", "--namespace", name)));
}

/** Removes the images that were built. Layers that other images share stay. */
export async function removeImages(
  repositories: string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const docker = async (...args: string[]): Promise<CapturedCommand> =>
    await captured("docker", args, { folder, environment });
  for (const repository of repositories) {
    const found = await docker(
      "image",
      "ls",
      "--format",
      "{{.Repository}}:{{.Tag}}",
      "--filter",
      `reference=${repository}`,
    );
    const images = found.stdout.split("\n").filter((line) => line !== "");
    const removed = images.length === 0 ? found : await docker("image", "rm", "--force", ...images);
    if (removed.exitCode !== 0) {
      throw new Problem("`docker image rm` failed", undefined, lastLines(removed.output, 5));
    }
  }
}
