import type { ServiceType } from "../config/exposure";
import type { Builder, ImageSettings } from "../config/image";
import type { Settings } from "../config/settings";
import type { DaemonStore, RegistryStore } from "../image/djangoImage";
import { type RegistryUser, registryOf } from "../image/registry";
import { appName } from "../app/objectMeta";
import { Problem } from "../problem";
import { claimNamespace, seeClaim } from "../safeguards/claimNamespace";
import type { Owner } from "../safeguards/ownership";
import { refuseFewerPods } from "../safeguards/podCount";
import { refuseForeignPredecessor } from "../safeguards/predecessor";
import type { PriorState } from "../safeguards/priorState";
import { refuseLeavingData, refuseLosingData } from "../safeguards/protectedData";
import { type Daemon, refuseOtherMinikube, resolveDaemon } from "./daemon";
import type { Sight } from "./endpoints";
import { identityOf } from "./identity";
import { type KubeContext, kubeconfigFiles, readKubeContext } from "./kubeconfig";
import type { Reach } from "./minikubeProfile";
import { reasonOf } from "./reason";
import { type Host, thisHost } from "./host";
import { targets, type TargetRow } from "./target";
import {
  chooseCpuLimit,
  choosePlatforms,
  chooseReplicas,
  chooseServiceType,
  refuseUnusedRegistry,
} from "./targetChoices";

/** The cluster, as the Kubernetes provider is configured for it. */
export interface Cluster {
  context: string;
  /** File to read the context from; undefined for those that kubectl reads, whose paths differ between machines. */
  kubeconfig: string | undefined;
  clusterIdentifier: string;
}

/** A cluster that answered, and everything that the stack's config leaves to it, decided. */
export interface Target {
  cluster: Cluster;
  /** The stack's right to the namespace of its app. */
  owner: Owner;
  daemon: Daemon;
  /** Pulumi provider that builds the image on it. */
  builder: Builder;
  /** Where the image is kept. */
  store: DaemonStore | RegistryStore;
  /** The user with whom the nodes sign in to its registry; undefined where they need none, or have their own. */
  registry: RegistryUser | undefined;
  /** What the image is built for, such as linux/amd64. */
  platforms: string[];
  imagePullPolicy: TargetRow["imagePullPolicy"];
  replicas: number;
  cpuLimit: string | undefined;
  rolloutTimeoutSeconds: number;
  serviceType: ServiceType;
  servicePort: number;
  /** How the service is reached from this machine. */
  reach: Reach;
}

/**
 * Finds the target's cluster and Docker daemon and makes sure that both answer, and that the stack may change the
 * namespace and loses nothing.
 *
 * @throws a `Problem` that says what to do
 */
export async function resolveTarget(settings: Settings, prior: PriorState, host: Host = thisHost): Promise<Target> {
  const { cluster, image, web, exposure } = settings;
  const row = targets[cluster.target];
  row.refuse?.(settings);
  refuseLosingData(settings, prior);
  refuseUnusedRegistry(settings, row);
  const serviceType = chooseServiceType(settings, row.serviceTypes);
  const replicas = chooseReplicas(settings, row.replicas);
  const cpuLimit = chooseCpuLimit(settings, row.cpuLimit);
  refuseOtherMinikube(cluster.target, row.minikubeProfile?.(cluster), host.environment);

  const location = await row.locate(cluster, host);
  const startHint = row.startHint(cluster);
  const files = row.kubeconfig ? [row.kubeconfig] : kubeconfigFiles(host.environment, host.home);
  const context = readKubeContext(files, cluster.kubeContext ?? row.kubeContext(cluster), startHint);
  // Also refuses a context that leads elsewhere.
  const reach = location.reach(context);
  const [{ clusterIdentifier, owner }, { daemon, builder }] = await Promise.all([
    claimOnCluster({ settings, prior, replicas, context, startHint, host }),
    resolveDaemon(cluster.target, { choice: image.builder, pulls: row.pulls }, location, host),
  ]);

  const { loadInto: profile } = location;
  const registry = registryUser(image);
  return {
    cluster: { context: context.name, kubeconfig: row.kubeconfig, clusterIdentifier },
    owner,
    daemon,
    builder,
    store: row.pulls
      ? { address: registryOf(image.imageRepository), user: registry, keepsCache: daemon.containerdStore }
      : {
          daemonId: daemon.id,
          loadInto: profile === undefined ? undefined : { profile, clusterIdentifier, dockerHost: daemon.host },
        },
    registry,
    platforms: choosePlatforms(settings, row, daemon, builder),
    imagePullPolicy: row.imagePullPolicy,
    replicas,
    cpuLimit,
    rolloutTimeoutSeconds: web.rolloutTimeoutSeconds ?? row.rolloutTimeoutSeconds,
    serviceType,
    servicePort: row.servicePort,
    reach: exposure.urlHost === undefined ? reach : { urlHost: exposure.urlHost },
  };
}

interface OnCluster {
  settings: Settings;
  prior: PriorState;
  /** Number of pods, or the least number with an autoscaler. */
  replicas: number;
  context: KubeContext;
  startHint: string;
  host: Host;
}

/** Which cluster it is, and whether the stack may change its namespace there. */
async function claimOnCluster({
  settings,
  prior,
  replicas,
  context,
  startHint,
  host,
}: OnCluster): Promise<{ clusterIdentifier: string; owner: Owner }> {
  const { endpoints } = host;
  const key = { apiVersion: "apps/v1", kind: "Deployment", metadata: deploymentOf(settings) };
  const isUnscaled = prior.hasAutoscaler && settings.web.maxReplicas === undefined;
  const [uid, sight, scaled] = await Promise.all([
    ask(context, startHint, host),
    // What cannot be reached is reported by the first.
    seeClaim(context, settings.cluster, endpoints),
    isUnscaled ? endpoints.see(context, key) : Promise.resolve<Sight>("absent"),
  ]);
  const clusterIdentifier = identityOf({ context, uid, prior, sight });
  refuseLeavingData(settings, prior, { context: context.name, clusterIdentifier });
  const isSameCluster = prior.cluster?.clusterIdentifier === clusterIdentifier;
  const claim = { settings: settings.cluster, prior, context, sight, isSameCluster };
  const owner = await claimNamespace(claim, endpoints);
  await refuseForeignPredecessor(claim, host);
  if (isSameCluster) {
    refuseFewerPods(prior.stack, replicas, scaled);
  }
  return { clusterIdentifier, owner };
}

async function ask(context: KubeContext, startHint: string, host: Host): Promise<string | undefined> {
  try {
    return await host.endpoints.cluster(context);
  } catch (error) {
    throw new Problem(
      `The cluster of kube context "${context.name}" at ${context.server} cannot be reached (${reasonOf(error)})`,
      startHint,
    );
  }
}

const deploymentOf = ({ cluster }: Settings): { name: string; namespace: string } => ({
  name: appName,
  namespace: cluster.namespace,
});

function registryUser({
  imageRepository,
  registryUsername: username,
  registryPassword: password,
}: ImageSettings): RegistryUser | undefined {
  return username === undefined || password === undefined
    ? undefined
    : { address: registryOf(imageRepository), username, password };
}
