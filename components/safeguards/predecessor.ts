import { Problem } from "../problem";
import type { Endpoints } from "../targets/endpoints";
import { contextOf, type KubeContext } from "../targets/kubeconfig";
import type { Claim } from "./claimNamespace";
import { refuseForeignOthers } from "./otherApps";
import type { PriorClaim, PriorCluster } from "./priorState";
import type { Sight } from "../targets/endpoints";
import { isOurs, nameOf } from "./verdict";

/** The machine, as far as it leads to another cluster. */
interface Machine {
  endpoints: Endpoints;
  environment: NodeJS.ProcessEnv;
  home: string;
}

/**
 * Makes sure that what the stack leaves, and the engine deletes by its name, is still the stack's: the app's namespace,
 * and those of apps that are dropped.
 *
 * @throws a `Problem` when another stack took it over
 */
export async function refuseForeignPredecessor(
  { settings, prior, context, isSameCluster }: Claim,
  machine: Machine,
): Promise<void> {
  const { stack, claim, cluster } = prior;
  if (cluster === undefined) {
    return;
  }
  const place = isSameCluster ? context : contextIfThere(cluster, machine);
  // What is not to be seen from here the engine cannot delete either.
  const see = async ({ key }: PriorClaim): Promise<Sight | undefined> =>
    place && (await machine.endpoints.see(place, key).catch(() => undefined));
  await refuseForeignOthers(prior, see);
  const namespace = claim && nameOf(claim.key.metadata);
  if (claim === undefined || namespace === undefined || (isSameCluster && namespace === settings.namespace)) {
    return;
  }
  const sight = await see(claim);
  if (typeof sight === "object" && !isOurs(sight, prior)) {
    throw new Problem(
      `Stack ${stack} would delete the namespace "${namespace}" of kube context "${cluster.context}", which is not its own any more`,
      `run \`npm run down -- ${stack}\`, which clears this stack's state and leaves the namespace as it is`,
    );
  }
}

function contextIfThere(cluster: PriorCluster, machine: Machine): KubeContext | undefined {
  try {
    return contextOf(cluster, machine);
  } catch {
    return undefined;
  }
}
