import { appName } from "../app/objectMeta";
import type { ClusterSettings } from "../config/cluster";
import type { ObjectKey } from "../kubernetes/types";
import { Problem } from "../problem";
import type { Endpoints, Sight } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import { inhabitants, isNobodys, takenVolumes, strangers } from "./inhabitants";
import { markOf } from "./mark";
import type { Owner } from "./ownership";
import type { PriorState } from "./priorState";
import { ending, foreign, judge, type Place, refuseUnusable } from "./verdict";

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
  const verdict = refuseUnusable(judge(sight, prior, namespace, isSameCluster), place);
  const wasAdopted = isSameCluster && prior.claim?.isAdopted === true;
  const owner = (isAdopted = wasAdopted): Owner => ({ mark: prior.mark, isGuest, isAdopted });
  switch (verdict) {
    case "ours":
      return owner();
    case "free":
      if (isGuest) {
        refuseMade(await endpoints.see(context, claimKey({ namespace, existingNamespace: false })), place);
        refuseStrangers(await inhabitants(context, namespace, endpoints), prior.app, place);
      }
      return owner(false);
  }
  const { whose, uid, wasOurs } = verdict;
  if (sight !== "absent" && sight !== "hidden" && sight.metadata.deletionTimestamp !== undefined) {
    throw ending(place);
  }
  const canAdopt = whose !== undefined || isNobodys(await inhabitants(context, namespace, endpoints), prior.app);
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

/** A namespace that a stack made goes with that stack, and with it what a guest has there. */
function refuseMade(sight: Sight, { namespace, context, stack }: Place): void {
  const mark = typeof sight === "object" ? markOf(sight.metadata) : undefined;
  if (mark !== undefined) {
    throw new Problem(
      `Config key "existingNamespace" is true, and namespace "${namespace}" of kube context "${context}" belongs to ${mark.madeBy}, with which it would be deleted`,
      `run \`pulumi config rm existingNamespace --stack ${stack}\` and \`pulumi config set namespace NAME --stack ${stack}\` for a namespace of its own`,
    );
  }
}

function refuseStrangers(found: string[], app: string, { namespace, context }: Place): void {
  const place = `Namespace "${namespace}" of kube context "${context}"`;
  const others = strangers(found);
  const other = "run `pulumi config set namespace NAME` for another namespace";
  if (others.length > 0) {
    throw new Problem(
      `${place} holds workloads of others (${some(others)}), and a stack has to be alone with its own`,
      other,
    );
  }
  const volumes = takenVolumes(found, app);
  if (volumes.length > 0) {
    throw new Problem(
      `${place} holds what another stack, or a lost state, has left with its data (${some(volumes)}), and this stack would take it over`,
      `${other}, or delete it if nobody needs the data`,
    );
  }
}

const some = (names: string[]): string => `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}`;
