import { priorOf, type PriorState } from "../../components/safeguards/priorState";
import { claimKey } from "../../components/safeguards/claimNamespace";
import { markOf } from "../../components/safeguards/mark";
import { refuseForeignOthers } from "../../components/safeguards/otherApps";
import { foreign, isOurs, judge, nameOf, type Place, refuseUnusable } from "../../components/safeguards/verdict";
import type { Endpoints, Sight } from "../../components/targets/endpoints";
import type { Host } from "../../components/targets/host";
import { contextOf, type KubeContext } from "../../components/targets/kubeconfig";
import { project } from "../stack/stackConfig";
import type { Deployment } from "./state";

/** What a stack deployed before, as the program sees it: without a mark in the state it has none. `app` is the first one. */
export function priorStateOf(stack: string, { resources = [] }: Deployment, app = project): PriorState {
  return priorOf(resources, { stack, app, mark: { id: "", madeBy: "" } });
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

/** Refuses what others took over, by what the state's cluster says. Throws a `Problem`. */
export async function refuseForeign(prior: PriorState, sight: Sight | undefined, host: Host): Promise<void> {
  await refuseForeignApps(prior, host);
  const { claim, cluster, stack } = prior;
  if (claim !== undefined && typeof sight === "object" && !isOurs(sight, prior)) {
    const { uid } = sight.metadata;
    const place = { namespace: nameOf(claim.key.metadata), context: cluster?.context ?? "", stack };
    throw foreign(place, { whose: markOf(sight.metadata), uid, wasOurs: claim.uid === uid }, false);
  }
}

/** The same for the stack's other apps alone. */
export async function refuseForeignApps(prior: PriorState, host: Host): Promise<void> {
  const { cluster } = prior;
  if (cluster !== undefined) {
    await refuseForeignOthers(prior, async ({ key }) => await host.endpoints.see(contextOf(cluster, host), key));
  }
}

/** Asks a cluster for what marks the namespace of a stack's config. Throws a `Problem` when it does not say. */
export async function seeOwn(
  context: KubeContext,
  { claim }: PriorState,
  settings: { namespace: string; existingNamespace: boolean },
  endpoints: Endpoints,
): Promise<Sight> {
  const isStates = claim !== undefined && nameOf(claim.key.metadata) === settings.namespace;
  return await endpoints.see(context, isStates ? claim.key : claimKey(settings));
}

/**
 * Makes sure that a namespace is the stack's own before a command works in it.
 *
 * @param sight as `seeOwn` gives it
 * @returns whether the stack has anything there
 * @throws a `Problem` that says whose it is
 */
export function hasOwn(prior: PriorState, sight: Sight, place: Place): boolean {
  const isSameCluster = prior.cluster?.context === place.context;
  const verdict = refuseUnusable(judge(sight, prior, place.namespace, isSameCluster), place);
  if (typeof verdict === "object") {
    throw foreign(place, verdict, false);
  }
  return verdict === "ours";
}
