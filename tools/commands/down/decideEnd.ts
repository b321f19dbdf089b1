import { Problem } from "../../../components/problem";
import { markOf } from "../../../components/safeguards/mark";
import { volumesInWords } from "../../../components/safeguards/protectedData";
import { takenOver } from "../../../components/safeguards/otherApps";
import type { PriorState } from "../../../components/safeguards/priorState";
import { isOurs, nameOf } from "../../../components/safeguards/verdict";
import type { Look } from "../../pulumi/prior";
import type { Deployment } from "../../pulumi/state";

/** How a stack ends. */
export type End =
  | { action: "destroy" }
  /** What is protected went with the namespace. */
  | { action: "unprotect"; reason: string }
  /** Nothing that the cluster has is the stack's. */
  | { action: "clear"; reason: string };

/**
 * What `npm run down` has to do, so that it deletes what the stack made and nothing else.
 *
 * @throws a `Problem` when something is protected, or when nobody can tell whose the namespace is
 */
export function decideEnd(stack: string, deployment: Deployment, prior: PriorState, { sight, isElsewhere }: Look): End {
  const { claim, cluster } = prior;
  if (claim !== undefined && cluster !== undefined) {
    const namespace = nameOf(claim.key.metadata);
    const place = `Namespace "${namespace}" of kube context "${cluster.context}"`;
    if (sight === "hidden") {
      throw new Problem(
        `${place} may not be seen by you (403), so that nobody can tell whose it is, and nothing was destroyed`,
        `ask for the right to get it, and run \`npm run down -- ${stack}\` again`,
      );
    }
    if (typeof sight === "object" && !isOurs(sight, prior)) {
      if (isElsewhere !== false) {
        refuseProtected(stack, deployment);
      }
      if (isElsewhere !== true && prior.others.some((other) => other.claim !== undefined)) {
        // Their objects would run on, and be nobody's.
        throw takenOver(stack, prior, sight);
      }
      const whose = markOf(sight.metadata);
      const now = whose === undefined ? "was made by somebody else since" : `belongs to ${whose.madeBy} now`;
      return { action: "clear", reason: `${place} ${now} and stays` };
    }
    if (sight === "absent" && isElsewhere === false) {
      return { action: "unprotect", reason: `${place} was deleted with all that was in it` };
    }
  }
  refuseProtected(stack, deployment);
  return { action: "destroy" };
}

/** Without this, Pulumi would destroy everything else first. */
function refuseProtected(stack: string, { resources = [] }: Deployment): void {
  const kept = resources.filter(({ protect }) => protect === true);
  const volumes = kept.filter(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
  if (volumes.length > 0) {
    const names = volumes.map(({ id = "" }) => id.split("/").at(-1) ?? "");
    throw new Problem(
      `Stack ${stack} keeps data in ${volumesInWords(names)} (protectData is true), so nothing was destroyed`,
      `to delete ${volumes.length > 1 ? "them" : "it"} with the data, run \`pulumi config set protectData false --stack ${stack}\`, \`npm run up -- ${stack}\` and \`npm run down -- ${stack}\``,
    );
  }
  const [other] = kept;
  if (other !== undefined) {
    throw new Problem(
      `Stack ${stack} protects ${other.urn.split("::").at(-1) ?? ""} from being deleted, so nothing was destroyed`,
      `run \`pulumi state unprotect '${other.urn}' --stack ${stack}\` if it may go`,
    );
  }
}
