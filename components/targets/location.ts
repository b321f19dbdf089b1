import type { ClusterSettings } from "../config/cluster";
import type { DaemonAddress } from "./endpoints";
import { type Host, localSocket } from "./host";
import type { KubeContext } from "./kubeconfig";
import { Minikube } from "./minikube";
import { type Reach, reachOf, sharesDaemon, shellVariables } from "./minikubeProfile";

/** Which of several clusters of one kind is meant. */
export type Which = Pick<ClusterSettings, "minikubeProfile">;

/** Where a target's parts are, as far as that is known before any of them was asked. */
export interface Location {
  /** Docker daemon to build on. */
  daemon: DaemonAddress;
  /** What has to stand in the environment beside that daemon's DOCKER_HOST. */
  besideDockerHost?: Record<string, string>;
  /** What to do when that daemon does not answer. */
  daemonHint: string;
  /** minikube profile whose nodes have to be given the image, since they do not run it from the daemon. */
  loadInto?: string;
  /** How the service is reached in the cluster of a context. Throws a `Problem` when that is another cluster. */
  reach: (context: KubeContext) => Reach;
}

/** The location of a cluster whose images this machine's Docker daemon builds. */
export function atLocalDaemon(host: Host, daemonHint: string, reach: Location["reach"]): Location {
  return { daemon: { host: localSocket(host) }, daemonHint, reach };
}

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
  return {
    reach: (context) => reachOf(profile, address, context, own?.host),
    ...(own === undefined
      ? {
          daemon: { host: localSocket(host) },
          daemonHint: "start Docker, which builds the image",
          loadInto: minikubeProfile,
        }
      : {
          daemon: own,
          daemonHint: `run \`minikube start -p ${minikubeProfile}\``,
          besideDockerHost: shellVariables(minikubeProfile, own, host.environment),
        }),
  };
}

/** What the docker CLI needs in its environment to reach a target's daemon. */
export function dockerVariables({ daemon: { host, certPath }, besideDockerHost }: Location): Record<string, string> {
  const tls = certPath === undefined ? {} : { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" };
  return { DOCKER_HOST: host, ...tls, ...besideDockerHost };
}
