import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { stringify } from "yaml";

import { Problem } from "../../../components/problem";
import { captured, type CapturedCommand, type CaptureOptions, lastLines } from "../../terminal/captured";
import type { Cleanup } from "../../terminal/cleanup";

/** A stack in its own backend, in a temporary folder, which knows none of the user's stacks. */
export interface ThrowawayStack {
  name: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Salt of the passphrase, which every config file of the stack needs. */
  salt: string;
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
  fs.mkdirSync(state);
  fs.mkdirSync(project);
  fs.copyFileSync("Pulumi.yaml", path.join(project, "Pulumi.yaml"));
  const own: NodeJS.ProcessEnv = {
    ...environment,
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(32).toString("base64"),
  };
  // In the user's shell these may point elsewhere.
  for (const variable of ["PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_ACCESS_TOKEN"]) {
    Reflect.deleteProperty(own, variable);
  }
  const args = ["stack", "init", name, "--no-select", "--non-interactive"];
  const { exitCode, output } = await cleanup.run("pulumi", args, { folder: project, environment: own });
  if (exitCode !== 0) {
    throw new Problem(`\`pulumi stack init\` failed for the throwaway stack: ${output.trim()}`);
  }
  const salt = /^encryptionsalt: (.*)$/m.exec(fs.readFileSync(path.join(project, `Pulumi.${name}.yaml`), "utf8"))?.[1];
  return { name, folder, environment: own, salt: salt ?? "" };
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

const common = ["--non-interactive", "--color", "never"];

/** Deploys a program. */
export async function deploy(
  cleanup: Cleanup,
  { stack, folder, configFile }: Operation,
  onLine: (line: string) => void,
): Promise<CapturedCommand> {
  const args = ["up", "--yes", "--skip-preview", "--stack", stack.name, "--config-file", configFile, ...common];
  return await cleanup.run("pulumi", args, { folder, environment: stack.environment, onLine });
}

/** Previews what a program would change. */
export async function preview(cleanup: Cleanup, { stack, folder, configFile }: Operation): Promise<CapturedCommand> {
  // The base was deployed a moment ago, so there is nothing to refresh.
  const flags = ["--json", "--show-sames", "--refresh=false"];
  const args = ["preview", ...flags, "--stack", stack.name, "--config-file", configFile, ...common];
  return await cleanup.run("pulumi", args, { folder, environment: stack.environment });
}

/** How `kubectl` reaches the cluster. */
export interface ClusterAccess {
  context: string;
  kubeconfig: string | undefined;
}

/** Destroys what was deployed. Rejects when something may be left. */
export async function destroy(
  { stack, folder, configFile }: Operation,
  namespaces: string[],
  { context, kubeconfig }: ClusterAccess,
): Promise<void> {
  const { environment } = stack;
  const deleted = deleteNamespaces(namespaces, { context, kubeconfig }, { folder, environment });
  const args = ["destroy", "--yes", "--skip-preview", "--stack", stack.name, "--config-file", configFile, ...common];
  const { exitCode, output } = await captured("pulumi", args, { folder, environment });
  await deleted;
  if (exitCode !== 0) {
    throw new Error(`\`pulumi destroy\` failed: ${output.trim().split("\n").slice(-10).join("\n")}`);
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
