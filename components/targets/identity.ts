import { shellWord } from "../advice";
import { Problem } from "../problem";
import type { PriorState } from "../safeguards/priorState";
import type { Sight } from "./endpoints";
import type { KubeContext } from "./kubeconfig";

/** What is known of a cluster. */
export interface ClusterEvidence {
  context: Pick<KubeContext, "name" | "server">;
  /** Uid of kube-system; undefined when this user may not read it. */
  uid: string | undefined;
  prior: Pick<PriorState, "cluster" | "claim">;
  /** What the cluster says of what marks the stack's namespace. */
  sight: Sight;
}

/**
 * The cluster's identity, a change of which replaces everything: the uid of kube-system, or the URL of a cluster that
 * never told it. What the state has stays unless another cluster was really read.
 *
 * @throws a `Problem` for another context whose cluster does not say which it is
 */
export function identityOf({ context, uid, prior, sight }: ClusterEvidence): string {
  const { context: priorContext, clusterIdentifier: before } = prior.cluster ?? {};
  if (before === undefined || before === uid) {
    return uid ?? context.server;
  }
  const isNamespaceThere =
    typeof sight === "object" && prior.claim?.uid !== undefined && sight.metadata.uid === prior.claim.uid;
  if (isNamespaceThere) {
    return before;
  }
  if (uid !== undefined) {
    const wasByUrl = /^https?:/.test(before);
    const mayBeTheSame = before === context.server || (sight === "hidden" && priorContext === context.name);
    return wasByUrl && mayBeTheSame ? before : uid;
  }
  if (priorContext === context.name) {
    return before;
  }
  throw new Problem(
    `The cluster of kube context "${context.name}" does not say which one it is, since you may not get its namespace kube-system, and the stack was deployed to that of "${priorContext ?? ""}"`,
    `${priorContext === undefined ? "" : `run \`pulumi config set kubeContext ${shellWord(priorContext)}\` if it is the same, or `}ask for the right to get the namespace kube-system`,
  );
}
