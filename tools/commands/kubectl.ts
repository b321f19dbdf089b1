import os from "node:os";

import execa from "execa";

import { targets } from "../../components/targets/target";
import { withKubectl } from "../kubernetes/kubectl";
import { contextOf } from "../stack/kubeContext";
import { chooseTarget } from "../stack/session";
import { project } from "../stack/stackConfig";
import { takeStackFirst } from "./stackFlag";

/**
 * Runs kubectl on the cluster and the namespace of a stack's config, and takes over its exit code. As kubectl itself, it
 * does not ask whose the namespace is: it is also how a user looks at what another stack has there.
 */
export async function kubectl(args: string[]): Promise<void> {
  const environment = withKubectl();
  const { stack, rest } = await takeStackFirst(args, async (word) => await isCommand(word, environment));
  const { config, target } = await chooseTarget(stack, stack === undefined ? console.error : () => undefined);
  const { kubeconfig } = targets[target];
  const file = kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig];
  const namespace = config.text("namespace") ?? project;
  const place = placeOf(rest, namespace, () => contextOf(config, target).name);
  const { exitCode, signal } = await execa("kubectl", placed(rest, [...file, ...place]), {
    env: environment,
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  process.exitCode = Number.isInteger(exitCode) ? exitCode : endedBy(signal);
}

/** A shell's exit code for what a signal ended, or for what could not be started. */
export const endedBy = (signal: string | undefined): number =>
  signal === undefined ? 127 : 128 + os.constants.signals[signal as NodeJS.Signals];

const isCommand = async (word: string, env: NodeJS.ProcessEnv): Promise<boolean> =>
  (await execa("kubectl", [word, "--help"], { env, extendEnv: false, stdio: "ignore", reject: false })).exitCode === 0;

/** Flags are taken after a command alone: kubectl refuses a plugin, and a word that it does not know, behind them. */
export function placed(args: readonly string[], flags: readonly string[]): string[] {
  const first = args[0]?.startsWith("-") === false ? 1 : 0;
  return [...args.slice(0, first), ...flags, ...args.slice(first)];
}

/**
 * Flags that lead a command to a stack. One that is about contexts, or names one, does without the stack's own, which need
 * not be there.
 */
export function placeOf(args: readonly string[], namespace: string, context: () => string): string[] {
  if (args[0] === "config") {
    return [];
  }
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const isNamed = args.slice(0, end).some((arg) => /^--context(=|$)/.test(arg));
  return [...(isNamed ? [] : ["--context", context()]), "--namespace", namespace];
}
