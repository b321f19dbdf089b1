import { type KubeContext, kubeconfigFiles, readKubeContext } from "../../components/targets/kubeconfig";
import type { TargetName } from "../../components/config/cluster";
import { type Host, thisHost } from "../../components/targets/host";
import type { Which } from "../../components/targets/location";
import { targets } from "../../components/targets/target";
import type { StackConfig } from "./stackConfig";

/** Which of several clusters of one kind a stack's config means. */
export function whichCluster(config: StackConfig): Which {
  return { minikubeProfile: config.text("minikubeProfile") ?? "minikube", kubeContext: config.text("kubeContext") };
}

/** Name of the kube context that a stack goes to. */
export function contextName(config: StackConfig, target: TargetName): string {
  return config.text("kubeContext") ?? targets[target].kubeContext(whichCluster(config));
}

/** The kube context that a stack goes to. Throws a `Problem` when no kubeconfig has it. */
export function contextOf(config: StackConfig, target: TargetName, host: Host = thisHost): KubeContext {
  const row = targets[target];
  const files = row.kubeconfig === undefined ? kubeconfigFiles(host.environment, host.home) : [row.kubeconfig];
  return readKubeContext(files, contextName(config, target), row.startHint(whichCluster(config)));
}
