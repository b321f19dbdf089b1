import fs from "node:fs";

import { type KubeContext, kubeconfigFiles, readKubeContext } from "../../components/targets/kubeconfig";
import type { TargetName } from "../../components/config/cluster";
import { type Host, thisHost } from "../../components/targets/host";
import { targets } from "../../components/targets/target";
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
