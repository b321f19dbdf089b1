import { priorOf, type PriorState } from "../../components/safeguards/priorState";
import type { Sight } from "../../components/targets/endpoints";
import type { Host } from "../../components/targets/host";
import { contextOf } from "../../components/targets/kubeconfig";
import type { Deployment } from "./state";

/** What a stack deployed before, as the program sees it: without a mark in the state it has none. */
export function priorStateOf(stack: string, { resources = [] }: Deployment): PriorState {
  return priorOf(resources, { stack, mark: { id: "", madeBy: "" } });
}

/** What the state's cluster says of what marks the stack's namespace. */
export interface Look {
  /** Undefined where the stack has none. */
  sight: Sight | undefined;
  /** Whether the kube context of the state leads to another cluster by now; undefined where neither says which it is. */
  isElsewhere: boolean | undefined;
}

/** Asks the state's cluster for what marks the stack's namespace. Throws a `Problem` when it does not say. */
export async function lookAtClaim({ claim, cluster }: PriorState, host: Host): Promise<Look> {
  if (claim === undefined || cluster === undefined) {
    return { sight: undefined, isElsewhere: undefined };
  }
  const context = contextOf(cluster, host);
  const [sight, uid] = await Promise.all([
    host.endpoints.see(context, claim.key),
    host.endpoints.cluster(context).catch(() => undefined),
  ]);
  const before = cluster.clusterIdentifier;
  const isKnown = uid !== undefined && before !== undefined && !/^https?:/.test(before);
  return { sight, isElsewhere: isKnown ? uid !== before : undefined };
}
