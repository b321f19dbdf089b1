import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { stringify } from "yaml";

import { type PulumiCall, pulumiCommand, pulumiFailed } from "../../pulumi/cli";
import { errorsIn } from "../../pulumi/errorText";
import { readStackFile, stackFileName } from "../../stack/stackFiles";
import { type CommandOptions, type Finished, runCommand, type Scope } from "../../terminal/scope";

/** A stack in a backend of its own, in a temporary folder: no stack of the user's is known there. */
export interface ThrowawayStack {
  name: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Salt of the passphrase, which every config file of the stack has to carry. */
  salt: string;
}

/** Makes the stack; its state is gone with the folder. */
export async function makeStack(
  scope: Scope,
  name: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<ThrowawayStack> {
  const state = path.join(folder, "state");
  const project = path.join(folder, "stack");
  fs.mkdirSync(state);
  fs.mkdirSync(project);
  fs.copyFileSync("Pulumi.yaml", path.join(project, "Pulumi.yaml"));
  const own: NodeJS.ProcessEnv = {
    ...environment,
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(32).toString("base64"),
  };
  // Settings of a user's shell that would point elsewhere.
  for (const variable of ["PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_ACCESS_TOKEN"]) {
    Reflect.deleteProperty(own, variable);
  }
  const init = ["stack", "init", name, "--no-select"];
  const made = await scope.run(...pulumiCommand(init, { folder: project, environment: own }));
  if (made.exitCode !== 0) {
    throw pulumiFailed(init, {}, errorsIn(made));
  }
  const salt = readStackFile(path.join(project, stackFileName(name)))?.encryptionsalt ?? "";
  return { name, folder, environment: own, salt };
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
export async function deploy(scope: Scope, operation: Operation, onLine: (line: string) => void): Promise<Finished> {
  const [file, args, options] = pulumiCommand(["up", "--yes", "--skip-preview"], callOf(operation));
  return await scope.run(file, args, { ...options, onLine });
}

/** Asks what a program would change. */
export async function preview(scope: Scope, operation: Operation): Promise<Finished> {
  // Its state is as old as the deployment of a moment ago.
  const command = ["preview", "--json", "--show-sames", "--refresh=false"];
  return await scope.run(...pulumiCommand(command, callOf(operation)));
}

/** How `kubectl` reaches the cluster. */
export interface ClusterAccess {
  context: string;
  kubeconfig: string | undefined;
}

/** Destroys what was deployed. Rejects with what may be left. */
export async function destroy(
  operation: Operation,
  namespaces: string[],
  { context, kubeconfig }: ClusterAccess,
): Promise<void> {
  const call = callOf(operation);
  const { folder, environment } = call;
  const deleted = deleteNamespaces(namespaces, { context, kubeconfig }, { folder, environment });
  const command = ["destroy", "--yes", "--skip-preview"];
  const destroyed = await runCommand(...pulumiCommand(command, call));
  await deleted;
  if (destroyed.exitCode !== 0) {
    throw pulumiFailed(command, call, errorsIn(destroyed));
  }
}

/**
 * Begins to delete namespaces with all that is in them: an interrupted update may have made more than it wrote down.
 *
 * Kubernetes lets a namespace be for five seconds, in which the rest can be destroyed, and looks again five seconds later
 * if a pod is there still: nobody uses these, so they need not end in their own time. Without a kubectl it takes longer.
 */
async function deleteNamespaces(
  namespaces: string[],
  { context, kubeconfig }: ClusterAccess,
  options: CommandOptions,
): Promise<void> {
  const access = ["--context", context, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  const kubectl = async (...args: string[]): Promise<Finished> =>
    await runCommand("kubectl", [...access, "delete", ...args, "--ignore-not-found", "--wait=false"], options);
  await kubectl("namespace", ...namespaces);
  await Promise.all(namespaces.map(async (name) => await kubectl("pods", "--all", "--now", "--namespace", name)));
}

/** Removes the images that were built; layers that others share stay. */
export async function removeImages(
  repositories: string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const docker = async (...args: string[]): Promise<Finished> =>
    await runCommand("docker", args, { folder, environment });
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
      throw new Error(`\`docker image rm\` failed: ${removed.output.trim()}`);
    }
  }
}
