import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { type CommandRunner, runCommand } from "./commandRunner";
import type { KubeContext } from "./kubeconfig";
import { Minikube } from "./minikube";
import { type Reach, reachOf, sharesDaemon, shellVariables } from "./minikubeProfile";
import { type DaemonAddress, type Endpoints, endpoints } from "./endpoints";
import type { ClusterSettings, TargetName } from "../config/cluster";
import type { ServiceType } from "../config/exposure";
import type { Settings } from "../config/settings";
import { sandbox } from "./sandbox";
import { refuseOnSharedCluster } from "./sharedCluster";

/** The machine the program runs on, as far as a target needs to know it. */
export interface Host {
  run: CommandRunner;
  endpoints: Endpoints;
  environment: NodeJS.ProcessEnv;
  home: string;
  platform: NodeJS.Platform;
  exists: (file: string) => boolean;
}

export const thisHost: Host = {
  run: runCommand,
  endpoints,
  environment: process.env,
  home: os.homedir(),
  platform: process.platform,
  exists: fs.existsSync,
};

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

const atLocalhost = (): Reach => ({ urlHost: "localhost" });

/** Which of several clusters of one kind is meant. */
export type Which = Pick<ClusterSettings, "minikubeProfile">;

/** One cluster: the only place where clusters differ. */
export interface TargetRow {
  /** Context in the kubeconfig, unless the stack names another. */
  kubeContext: (which: Which) => string;
  /** Kubeconfig of its own; without one the user's. */
  kubeconfig?: string;
  locate: (which: Which, host: Host) => Promise<Location>;
  /** Whether it was deleted, and with it everything a stack had there; absent where that cannot be told from a stop. */
  isGone?: (which: Which, host: Host) => Promise<boolean>;
  /** What to do when it is not there, as the end of a sentence. */
  startHint: (which: Which) => string;
  /** Profile that MINIKUBE_ACTIVE_DOCKERD may name. */
  minikubeProfile?: (which: Which) => string;
  /** Refuses what only this cluster does not allow, with a `Problem`. */
  refuse?: (settings: Settings) => void;
  /** Whether its nodes get the image from a registry; else from the daemon that built it. */
  pulls: boolean;
  /** Of its nodes; absent where that is the daemon's own. */
  platform?: string;
  imagePullPolicy: "IfNotPresent" | "Always";
  /** How a service may be published; the first is the usual one. */
  serviceTypes: readonly [ServiceType, ...ServiceType[]];
  /** Port at which a load balancer or the cluster's own pods reach the service. */
  servicePort: number;
  replicas: { usual: number; least: number };
  /** CPU that a pod gets at most, unless the stack says otherwise; absent for no limit. */
  cpuLimit?: string;
  /** Seconds that a rollout may take, unless the stack says otherwise. */
  rolloutTimeoutSeconds: number;
}

/** A developer's own cluster. */
const local = {
  pulls: false,
  // `Always` would ask a registry for an image that only the node has; `Never` breaks Docker Desktop's kind mode.
  imagePullPolicy: "IfNotPresent",
  servicePort: 8000,
  replicas: { usual: 1, least: 0 },
  // Nothing is pulled, so a pod that is not ready by then never will be.
  rolloutTimeoutSeconds: 30,
} as const;

const { kubeContext: sandboxContext, kubeconfig: sandboxKubeconfig, dockerHost: sandboxDaemon } = sandbox();

/** The one table of clusters: a new one is a row here and a name in `config/cluster.ts`. */
export const targets: Record<TargetName, TargetRow> = {
  "docker-desktop": {
    ...local,
    kubeContext: () => "docker-desktop",
    locate: (_, host) =>
      Promise.resolve({
        daemon: { host: localSocket(host) },
        daemonHint: "start Docker Desktop, then look with `docker --context desktop-linux info`",
        reach: atLocalhost,
      }),
    startHint: () => "start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes",
    serviceTypes: ["NodePort", "LoadBalancer"],
  },
  minikube: {
    ...local,
    kubeContext: ({ minikubeProfile }) => minikubeProfile,
    locate: locateMinikube,
    isGone: async ({ minikubeProfile }, host) => await new Minikube(host.run, minikubeProfile).isGone(),
    startHint: ({ minikubeProfile }) => `run \`minikube start -p ${minikubeProfile}\``,
    // The second works while `minikube tunnel` runs.
    serviceTypes: ["NodePort", "LoadBalancer"],
    minikubeProfile: ({ minikubeProfile }) => minikubeProfile,
  },
  sandbox: {
    ...local,
    kubeContext: () => sandboxContext,
    kubeconfig: sandboxKubeconfig,
    locate: () =>
      Promise.resolve({
        daemon: { host: sandboxDaemon },
        daemonHint: "run `npm run up -- sandbox`",
        reach: atLocalhost,
      }),
    startHint: () => "run `npm run up -- sandbox`",
    // Nothing in it gives out addresses: a LoadBalancer would be waited for in vain.
    serviceTypes: ["NodePort"],
  },
  cluster: {
    // A stack has to name one: `refuse` sees to it.
    kubeContext: () => "",
    locate: (_, host) =>
      Promise.resolve({
        daemon: { host: localSocket(host) },
        daemonHint: "start Docker, which builds the image",
        reach: () => ({ urlHost: undefined }),
      }),
    startHint: () => "look with `kubectl config get-contexts` and `kubectl cluster-info`",
    refuse: refuseOnSharedCluster,
    pulls: true,
    // Not the daemon's: the same stack would have another image on another developer's machine.
    platform: "linux/amd64",
    // Only so does the kubelet ask the registry whether this pod may have an image that another one pulled.
    imagePullPolicy: "Always",
    serviceTypes: ["LoadBalancer", "ClusterIP"],
    servicePort: 80,
    replicas: { usual: 2, least: 2 },
    cpuLimit: "1",
    rolloutTimeoutSeconds: 120,
  },
};

async function locateMinikube({ minikubeProfile }: Which, host: Host): Promise<Location> {
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

/** The Docker daemon of this machine: Docker Desktop's, or the engine's own. */
function localSocket(host: Host): string {
  if (host.platform === "win32") {
    return "npipe:////./pipe/dockerDesktopLinuxEngine";
  }
  const onLinux = path.join(host.home, ".docker", "desktop", "docker.sock");
  const onMac = path.join(host.home, ".docker", "run", "docker.sock");
  // The last is that of Docker Desktop up to 4.12 on macOS, and by choice later.
  const found = [onLinux, onMac, "/var/run/docker.sock"].find(host.exists);
  return `unix://${found ?? (host.platform === "darwin" ? onMac : onLinux)}`;
}
