import { Problem } from "../problem";
import type { Sight } from "../targets/endpoints";
import { markOf } from "./mark";
import type { PriorApp, PriorClaim, PriorState } from "./priorState";
import { isOurs, nameOf } from "./verdict";

/**
 * Makes sure that the namespaces of the stack's other apps, which the engine deletes by their names, are still the
 * stack's.
 *
 * @param see asks the state's cluster; undefined for what it does not say
 * @throws a `Problem` when one is somebody else's
 */
export async function refuseForeignOthers(
  prior: Pick<PriorState, "stack" | "others">,
  see: (claim: PriorClaim) => Promise<Sight | undefined>,
): Promise<void> {
  for (const other of prior.others) {
    const sight = other.claim && (await see(other.claim));
    if (typeof sight === "object" && !isOurs(sight, other)) {
      throw takenOver(prior.stack, other, sight);
    }
  }
}

/** The namespace of one of several apps is somebody else's. */
export function takenOver(stack: string, { app, claim }: PriorApp, sight: Exclude<Sight, string>): Problem {
  const whose = markOf(sight.metadata);
  const now = whose === undefined ? "was made by somebody else since" : `belongs to ${whose.madeBy} now`;
  const namespace = claim && nameOf(claim.key.metadata);
  return new Problem(
    `Stack ${stack} has the namespace "${namespace ?? ""}" as that of its app "${app}", which ${now}`,
    `run \`pulumi state delete '${claim?.urn ?? ""}' --target-dependents --force --stack ${stack}\`, which leaves the namespace as it is`,
  );
}
