import fs from "node:fs";

import { parse } from "yaml";

import { type KubeContext, kubeconfigFiles, readKubeContext } from "../components/kubeconfig";
import type { TargetName } from "../components/settings";
import { type Host, targets, thisHost } from "../components/target";
import { whichCluster } from "./session";
import { configured } from "./stackConfig";

/** The kube context that a stack goes to. Throws a `Problem` when no kubeconfig has it. */
export function contextOf(stack: string, target: TargetName, host: Host = thisHost): KubeContext {
  const row = targets[target];
  const which = whichCluster(stack);
  const files = row.kubeconfig === undefined ? kubeconfigFiles(host.environment, host.home) : [row.kubeconfig];
  return readKubeContext(files, configured(stack, "kubeContext") ?? row.kubeContext(which), row.startHint(which));
}

/** Names of the stacks that have a file in the checkout. */
export function stackFiles(): string[] {
  return fs.readdirSync(".").flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

/** A stack's config value, or the default that Pulumi.yaml has for it. */
export function configuredOrDefault(stack: string, key: string): string {
  const { config } = parse(fs.readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default?: string }> };
  return configured(stack, key) ?? config[key]?.default ?? "";
}
