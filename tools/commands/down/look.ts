import type { TargetName } from "../../../components/config/cluster";
import type { PriorCluster, PriorState } from "../../../components/safeguards/priorState";
import type { Host } from "../../../components/targets/host";
import { contextOf, type KubeContext } from "../../../components/targets/kubeconfig";
import type { Which } from "../../../components/targets/location";
import { targets } from "../../../components/targets/target";
import { contextName, whichCluster } from "../../stack/kubeContext";
import type { StackConfig } from "../../stack/stackConfig";

/** Which of several clusters of one kind the state means: the config may name another one by now. */
export function whichOfState(config: StackConfig, target: TargetName, { cluster }: PriorState): Which {
  return cluster === undefined || cluster.context === contextName(config, target)
    ? whichCluster(config)
    : { minikubeProfile: cluster.context, kubeContext: cluster.context };
}

/** Whether the state's own cluster was deleted, and with it everything of the stack. */
export async function isGone(target: TargetName, which: Which, { cluster }: PriorState, host: Host): Promise<boolean> {
  if (cluster === undefined || !(await targets[target].isGone?.(which, host))) {
    return false;
  }
  const context = contextIfThere(cluster, host);
  // Its context may be called otherwise than its profile.
  const answers =
    context &&
    (await host.endpoints.cluster(context).then(
      () => true,
      () => false,
    ));
  return answers !== true;
}

function contextIfThere(cluster: PriorCluster, host: Host): KubeContext | undefined {
  try {
    return contextOf(cluster, host);
  } catch {
    return undefined;
  }
}
