import type { MediaArgs } from "../app/mediaVolume";
import type { ServiceType } from "../config/exposure";
import type { Builder, ImageSettings } from "../config/image";
import type { PodSecurity } from "../config/process";
import type { Settings } from "../config/settings";
import type { DaemonStore, RegistryStore } from "../image/djangoImage";
import { type RegistryUser, registryOf } from "../image/registry";
import type { Owner } from "../safeguards/ownership";
import type { PriorState } from "../safeguards/priorState";
import { type KeptBeside, keptBeside } from "../safeguards/protectedData";
import { type Daemon, refuseOtherMinikube, resolveDaemon } from "./daemon";
import { claimCluster, lookAtCluster } from "./clusterClaim";
import { kubeconfigFiles, readKubeContext } from "./kubeconfig";
import type { Reach } from "./minikubeProfile";
import { type Host, thisHost } from "./host";
import { targets, type TargetRow } from "./target";
import {
  chooseCpuLimit,
  chooseMedia,
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
  podSecurity: PodSecurity;
  /** Volume for uploads; undefined for none. */
  media: MediaArgs | undefined;
  serviceType: ServiceType;
  servicePort: number;
  /** How the service is reached from this machine. */
  reach: Reach;
  /** What the stack has to keep of its other apps. */
  keptBeside: KeptBeside;
}

/**
 * Finds the target's cluster and Docker daemon and makes sure that both answer, and that the stack may change the
 * namespace and loses nothing.
 *
 * @param readPrior reads what the stack deployed of an app before; called only once both have answered
 * @throws a `Problem` that says what to do
 */
export async function resolveTarget(
  settings: Settings,
  readPrior: (app: string) => Promise<PriorState>,
  host: Host = thisHost,
): Promise<Target> {
  const { cluster, image, web, exposure } = settings;
  const row = targets[cluster.target];
  row.refuse?.(settings);
  refuseUnusedRegistry(settings, row);
  const serviceType = chooseServiceType(settings, row.serviceTypes);
  const replicas = chooseReplicas(settings, row.replicas);
  const cpuLimit = chooseCpuLimit(settings, row.cpuLimit);
  const media = chooseMedia(settings, row.accessMode);
  refuseOtherMinikube(cluster.target, row.minikubeProfile?.(cluster), host.environment);

  const location = await row.locate(cluster, host);
  const startHint = row.startHint(cluster);
  const files = row.kubeconfig ? [row.kubeconfig] : kubeconfigFiles(host.environment, host.home);
  const context = readKubeContext(files, cluster.kubeContext ?? row.kubeContext(cluster), startHint);
  // Also refuses a context that leads elsewhere.
  const reach = location.reach(context);
  const [seen, { daemon, builder }] = await Promise.all([
    lookAtCluster(context, cluster, startHint, host),
    resolveDaemon(cluster.target, { choice: image.builder, pulls: row.pulls }, location, host),
  ]);

  const platforms = choosePlatforms(settings, row, daemon, builder);
  const prior = await readPrior(settings.name);
  const claimed = await claimCluster(settings, { replicas, media }, seen, prior, host);
  const { clusterIdentifier, owner, hasMedia } = claimed;
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
    platforms,
    imagePullPolicy: row.imagePullPolicy,
    replicas,
    cpuLimit,
    rolloutTimeoutSeconds: web.rolloutTimeoutSeconds ?? row.rolloutTimeoutSeconds,
    podSecurity: settings.process.podSecurity ?? row.podSecurity,
    media: media && { ...media, isBound: hasMedia },
    serviceType,
    servicePort: row.servicePort,
    reach: exposure.urlHost === undefined ? reach : { urlHost: exposure.urlHost },
    keptBeside: keptBeside(prior, clusterIdentifier),
  };
}

function registryUser({
  imageRepository,
  registryUsername: username,
  registryPassword: password,
}: ImageSettings): RegistryUser | undefined {
  return username === undefined || password === undefined
    ? undefined
    : { address: registryOf(imageRepository), username, password };
}
