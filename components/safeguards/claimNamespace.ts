import { appName } from "../app/objectMeta";
import type { ClusterSettings } from "../config/cluster";
import type { ObjectKey } from "../kubernetes/types";
import { Problem } from "../problem";
import type { Endpoints, Sight } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import { inhabitants, isNobodys, strangers } from "./inhabitants";
import type { Owner } from "./ownership";
import type { PriorState } from "./priorState";
import { ending, foreign, gone, judge, type Place, unseen } from "./verdict";

/** Name of the ConfigMap that marks what a stack has in a namespace of others. */
export const anchorName = `${appName}-stack`;

/** What says whose a namespace is: itself, or the ConfigMap of a stack that is a guest in it. */
export function claimKey({
  namespace,
  existingNamespace,
}: Pick<ClusterSettings, "namespace" | "existingNamespace">): ObjectKey {
  return existingNamespace
    ? { apiVersion: "v1", kind: "ConfigMap", metadata: { name: anchorName, namespace } }
    : { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
}

/** Asks for what says whose the namespace is; for a stack that is a guest in it, the namespace has to be there. */
export async function seeClaim(context: KubeContext, settings: ClusterSettings, endpoints: Endpoints): Promise<Sight> {
  const { namespace, existingNamespace } = settings;
  if (existingNamespace) {
    const key = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    if ((await endpoints.see(context, key)) === "absent") {
      throw new Problem(
        `Config key "existingNamespace" is true, and the cluster of kube context "${context.name}" has no namespace "${namespace}"`,
        `ask for it, or run \`pulumi config rm existingNamespace\` if the stack may make it`,
      );
    }
  }
  return await endpoints.see(context, claimKey(settings));
}

/** What a claim is decided by. */
export interface Claim {
  settings: ClusterSettings;
  prior: PriorState;
  context: KubeContext;
  /** As `seeClaim` gives it. */
  sight: Sight;
  /** Whether the cluster is that of the state. */
  isSameCluster: boolean;
}

/** Makes sure that the namespace is the stack's, or nobody's. Throws a `Problem` that says whose it is. */
export async function claimNamespace(claim: Claim, endpoints: Endpoints): Promise<Owner> {
  const { settings, prior, context, sight, isSameCluster } = claim;
  const { namespace, existingNamespace: isGuest, adoptNamespace } = settings;
  const place: Place = { namespace, context: context.name, stack: prior.stack };
  refuseOtherKind(claim, place);
  const verdict = judge(sight, prior, namespace, isSameCluster);
  const wasAdopted = isSameCluster && prior.claim?.isAdopted === true;
  const owner = (isAdopted = wasAdopted): Owner => ({ mark: prior.mark, isGuest, isAdopted });
  switch (verdict) {
    case "ours":
      return owner();
    case "free":
      if (isGuest) {
        refuseStrangers(await inhabitants(context, namespace, endpoints), place);
      }
      return owner(false);
    case "gone":
      throw gone(place);
    case "ending":
      throw ending(place);
    case "unknown":
      throw unseen(place);
  }
  const { whose, uid, wasOurs } = verdict;
  if (sight !== "absent" && sight !== "hidden" && sight.metadata.deletionTimestamp !== undefined) {
    throw ending(place);
  }
  const canAdopt = whose !== undefined || isNobodys(await inhabitants(context, namespace, endpoints));
  if (adoptNamespace === uid && canAdopt && !wasOurs) {
    return owner(true);
  }
  throw foreign(place, verdict, canAdopt);
}

/** What the stack made would be deleted, or what it did not make would be taken for its own. */
function refuseOtherKind({ settings, prior: { claim }, isSameCluster }: Claim, { namespace, stack }: Place): void {
  const isMade = claim?.key.kind === "Namespace" && claim.key.metadata.name === namespace;
  if (settings.existingNamespace && isMade && isSameCluster) {
    throw new Problem(
      `Config key "existingNamespace" is true, and stack ${stack} made the namespace "${namespace}" itself: it would be deleted`,
      `run \`pulumi config rm existingNamespace --stack ${stack}\``,
    );
  }
}

function refuseStrangers(found: string[], { namespace, context }: Place): void {
  const others = strangers(found);
  if (others.length > 0) {
    throw new Problem(
      `Namespace "${namespace}" of kube context "${context}" holds workloads of others (${others.slice(0, 3).join(", ")}${others.length > 3 ? ", …" : ""}), and a stack has to be alone with its own`,
      "run `pulumi config set namespace NAME` for another namespace",
    );
  }
}
