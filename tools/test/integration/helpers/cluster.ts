import type { Context } from "mocha";

import type { Builder } from "../../../../components/config/image";
import { isRunning } from "../../../sandbox/cluster/cluster";
import { startForTests, type TestSandbox } from "../../../sandbox/cluster/forTests";
import type { ClusterKind } from "../../../sandbox/cluster/kinds";
import { installClusterTools, installPulumi, type PluginName } from "../../../sandbox/install/install";
import { untilTrue } from "../../../waiting";
import type { Tools } from "./workspace";

let tools: Promise<Tools> | undefined;

/** The tools, found or installed once for the whole run. */
export async function getTools(): Promise<Tools> {
  tools ??= (async () => ({ pulumi: await installPulumi(), cluster: await installClusterTools() }))();
  return await tools;
}

/** What `npm test` did about the sandbox for several runs of tests; undefined in a run by itself. */
const given = process.env["TEST_SANDBOX"] as "started" | "found" | undefined;

let started: TestSandbox | undefined;

/** Whether the tests started the sandbox; otherwise it is a developer's, and stays. */
export const startedByTests = (): boolean => given === "started" || started?.wasRunning === false;

export async function startSandbox(): Promise<void> {
  await getTools();
  if (given === undefined) {
    started = await startForTests();
  }
}

export async function stopSandbox(): Promise<void> {
  await started?.stop();
}

/** Waits until a look finds a cluster running: one look may come while others have the processor. */
export async function untilRunning(kind: ClusterKind): Promise<void> {
  const late = (): Error => new Error(`the ${kind.name} sandbox does not run`);
  await untilTrue(async () => await isRunning(kind), { seconds: 120, late });
}

/** Skips a test, or from a hook all those it is for; the reason stands in their titles. */
export function skip(context: Context, reason: string): never {
  const { test } = context;
  const note = (each: { title: string }): void => {
    each.title += ` (skipped: ${reason})`;
  };
  if (test && "type" in test && test.type === "hook") {
    test.parent?.eachTest(note);
  } else if (test) {
    note(test);
  }
  return context.skip();
}

/** Skips where a provider's plugin cannot be had. */
export async function needPlugin(context: Context, name: PluginName): Promise<void> {
  const state = (await getTools()).pulumi.plugins[name];
  if (state !== "installed") {
    skip(context, state.unavailable);
  }
}

/** The default builder where its plugin can be had, else the other one. */
export async function availableBuilder(): Promise<Builder> {
  return (await getTools()).pulumi.plugins.docker === "installed" ? "docker" : "docker-build";
}

/** Adds a figure to the title of the test that runs. */
export function figure(context: Context, text: string): void {
  if (context.test) {
    context.test.title += `: ${text}`;
  }
}
