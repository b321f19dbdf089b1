import type { MediaForm } from "../app/mediaVolume";
import type { ClusterSettings } from "../config/cluster";
import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import { claimNamespace, seeClaim } from "../safeguards/claimNamespace";
import type { Owner } from "../safeguards/ownership";
import { refuseFewerPods } from "../safeguards/podCount";
import { refuseForeignPredecessor } from "../safeguards/predecessor";
import type { PriorState } from "../safeguards/priorState";
import { refuseLeavingData, refuseLosingData } from "../safeguards/protectedData";
import { refuseOtherVolume } from "../safeguards/volumeForm";
import { refuseOtherPostgres } from "../safeguards/postgresVersion";
import { refuseResize } from "../safeguards/volumeSize";
import type { Sight } from "./endpoints";
import type { Host } from "./host";
import { identityOf } from "./identity";
import type { KubeContext } from "./kubeconfig";
import { reasonOf } from "./reason";

/** What a cluster that answered says of itself. */
export interface SeenCluster {
  context: KubeContext;
  /** Uid of kube-system; undefined when this user may not read it. */
  uid: string | undefined;
  /** What it says of what marks the stack's namespace. */
  sight: Sight;
}

/** Asks the cluster which it is, and whose the namespace is. Throws a `Problem` when it does not answer. */
export async function lookAtCluster(
  context: KubeContext,
  settings: ClusterSettings,
  startHint: string,
  { endpoints }: Host,
): Promise<SeenCluster> {
  const sight = seeClaim(context, settings, endpoints);
  // That the cluster cannot be reached is said with how to start it.
  sight.catch(() => undefined);
  const uid = await endpoints.cluster(context).catch((error: unknown) => {
    throw new Problem(
      `The cluster of kube context "${context.name}" at ${context.server} cannot be reached (${reasonOf(error)})`,
      startHint,
    );
  });
  return { context, uid, sight: await sight };
}

/** What config and target decide together. */
interface Chosen {
  /** Number of pods, or the least number with an autoscaler. */
  replicas: number;
  /** Volume for uploads; undefined for none. */
  media: MediaForm | undefined;
}

/** What the cluster says. */
interface Claimed {
  clusterIdentifier: string;
  owner: Owner;
  /** Whether there is a volume for uploads. */
  hasMedia: boolean;
}

/**
 * Decides which cluster it is, and makes sure that the stack may change its namespace there and loses nothing.
 *
 * @throws a `Problem` that says what to do
 */
export async function claimCluster(
  settings: Settings,
  { replicas, media }: Chosen,
  { context, uid, sight }: SeenCluster,
  prior: PriorState,
  host: Host,
): Promise<Claimed> {
  refuseLosingData(settings, prior);
  const clusterIdentifier = identityOf({ context, uid, prior, sight });
  refuseLeavingData(settings, prior, { context: context.name, clusterIdentifier });
  const isSameCluster = prior.cluster?.clusterIdentifier === clusterIdentifier;
  const claim = { settings: settings.cluster, prior, context, sight, isSameCluster };
  const owner = await claimNamespace(claim, host.endpoints);
  await refuseForeignPredecessor(claim, host);
  if (sight !== "absent") {
    await refuseResize(settings, prior, context, host.endpoints);
    await refuseOtherPostgres(settings, prior, context, host.endpoints);
  }
  if (isSameCluster && prior.hasAutoscaler && settings.web.maxReplicas === undefined) {
    const metadata = { name: settings.name, namespace: settings.cluster.namespace };
    const key = { apiVersion: "apps/v1", kind: "Deployment", metadata };
    refuseFewerPods(prior.stack, replicas, await host.endpoints.see(context, key));
  }
  const hasMedia =
    media !== undefined &&
    sight !== "absent" &&
    (await refuseOtherVolume(settings.cluster.namespace, media, prior, context, host.endpoints));
  return { clusterIdentifier, owner, hasMedia };
}
