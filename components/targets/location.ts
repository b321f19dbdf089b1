import type { ClusterSettings } from "../config/cluster";
import type { DaemonAddress, DaemonFacts } from "./endpoints";
import { tlsVariables } from "./dockerCli";
import { findDaemon, type FoundDaemon, type PassedOver } from "./findDaemon";
import type { Host } from "./host";
import type { KubeContext } from "./kubeconfig";
import { Minikube } from "./minikube";
import { type Reach, reachOf, sharesDaemon, shellVariables } from "./minikubeProfile";

/** Which of several clusters of one kind is meant. */
export type Which = Pick<ClusterSettings, "minikubeProfile"> & Partial<Pick<ClusterSettings, "kubeContext">>;

/** Where a target's parts are, as far as that is known before any of them was asked. */
export interface Location {
  /** Docker daemon to build on. */
  daemon: DaemonAddress;
  /** What that daemon says about itself, where it was asked in order to find it. */
  facts?: DaemonFacts;
  /** What of this shell names that daemon, where that decided. */
  namedBy?: string;
  /** Daemons that were asked before; all of them where none can be used. */
  passedOver?: PassedOver[];
  /** What has to stand in the environment beside that daemon's DOCKER_HOST. */
  besideDockerHost?: Record<string, string>;
  /** What to do when that daemon does not answer. */
  daemonHint: string;
  /** minikube profile whose nodes have to be given the image, since they do not run it from the daemon. */
  loadInto?: string;
  /** How the service is reached in the cluster of a context. Throws a `Problem` when that is another cluster. */
  reach: (context: KubeContext) => Reach;
}

/** The location of a cluster whose images a Docker daemon builds that was looked for. */
export function atFoundDaemon(
  { daemon, facts, named, passedOver }: FoundDaemon,
  daemonHint: string,
  reach: Location["reach"],
): Location {
  return {
    daemon,
    ...(facts && { facts }),
    ...(named && { namedBy: named.by }),
    passedOver,
    daemonHint: named === undefined ? daemonHint : `start it, or run \`${named.undo}\` for another one`,
    reach,
  };
}

/** What to do when no daemon of this machine answers. */
export const startDocker = "start Docker, which builds the image";

/** Asks minikube where its profile is. Throws a `Problem` when it does not run. */
export async function locateMinikube({ minikubeProfile }: Which, host: Host): Promise<Location> {
  const minikube = new Minikube(host.run, minikubeProfile);
  const ip = minikube.ip();
  const early = minikube.looksShared(host.environment, host.home) ? minikube.dockerEnv() : undefined;
  // What is wrong with the profile says more than what is wrong with these.
  for (const each of [ip, early]) {
    each?.catch(() => undefined);
  }
  const profile = await minikube.read();
  const own = sharesDaemon(profile) ? await (early ?? minikube.dockerEnv()) : undefined;
  const address = await ip;
  const reach: Location["reach"] = (context) => reachOf(profile, address, context, own?.host);
  return own === undefined
    ? { ...atFoundDaemon(await findDaemon(host), startDocker, reach), loadInto: minikubeProfile }
    : {
        daemon: own,
        daemonHint: `run \`minikube start -p ${minikubeProfile}\``,
        besideDockerHost: shellVariables(minikubeProfile, own, host.environment),
        reach,
      };
}

/** What the docker CLI needs in its environment to reach a target's daemon. */
export function dockerVariables({
  daemon: { host, certPath },
  besideDockerHost,
}: Pick<Location, "daemon" | "besideDockerHost">): Record<string, string> {
  const tls = certPath === undefined ? {} : { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" };
  return { DOCKER_HOST: host, ...tls, ...besideDockerHost };
}

/** An environment in which the docker CLI reaches a target's daemon, whatever other daemon the given one leads to. */
export function dockerEnvironment(environment: NodeJS.ProcessEnv, location: Location): NodeJS.ProcessEnv {
  // A variable that is empty counts as not set.
  const others = Object.fromEntries(daemonVariables.filter((name) => environment[name]).map((name) => [name, ""]));
  return { ...environment, ...others, ...dockerVariables(location) };
}

/** Variables that say how a daemon is spoken to; where it is, DOCKER_HOST says first. */
const daemonVariables = [...tlsVariables, "DOCKER_API_VERSION"];
