import { shellWord } from "../advice";
import type { TargetName } from "../config/cluster";
import type { ServiceType } from "../config/exposure";
import type { AccessMode } from "../config/media";
import type { PodSecurity } from "../config/process";
import type { Settings } from "../config/settings";
import type { Host } from "./host";
import { findDaemon, findDesktopDaemon } from "./findDaemon";
import { atFoundDaemon, locateMinikube, type Location, startDocker, type Which } from "./location";
import { Minikube } from "./minikube";
import type { Reach } from "./minikubeProfile";
import { sandbox } from "./sandbox";
import { refuseOnSharedCluster } from "./sharedCluster";

const atLocalhost = (): Reach => ({ urlHost: "localhost" });

const dockerDesktop = "docker-desktop";
const startDesktop = "start Docker Desktop, then look with `docker --context desktop-linux info`";

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
  /** What processes may do, unless the stack says otherwise. */
  podSecurity: PodSecurity;
  /** How pods share the volume for uploads, unless the stack says otherwise. */
  accessMode: AccessMode;
}

/** A developer's own cluster. */
const local = {
  pulls: false,
  // `Always` would ask a registry for an image that only the node has; `Never` breaks Docker Desktop's kind mode.
  imagePullPolicy: "IfNotPresent",
  servicePort: 8000,
  replicas: { usual: 1, least: 0 },
  // Nothing is pulled, but a developer's machine does much else.
  rolloutTimeoutSeconds: 60,
  // What runs with `docker run` runs here.
  podSecurity: "baseline",
  // Its volumes are folders of a node.
  accessMode: "ReadWriteOnce",
} as const;

const { kubeContext: sandboxContext, kubeconfig: sandboxKubeconfig, dockerHost: sandboxDaemon } = sandbox();

/** The one table of clusters: a new one is a row here and a name in `config/cluster.ts`. */
export const targets: Record<TargetName, TargetRow> = {
  "docker-desktop": {
    ...local,
    kubeContext: () => dockerDesktop,
    locate: async ({ kubeContext = dockerDesktop }, host) =>
      kubeContext === dockerDesktop
        ? atFoundDaemon(await findDesktopDaemon(host), startDesktop, atLocalhost)
        : // Such as OrbStack's or Colima's, which run the images of the daemon that is in use beside them.
          atFoundDaemon(await findDaemon(host), startDocker, atLocalhost),
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
    locate: async (_, host) => atFoundDaemon(await findDaemon(host), startDocker, () => ({ urlHost: undefined })),
    startHint: ({ kubeContext }) => {
      const info = kubeContext === undefined ? "" : ` and \`kubectl --context ${shellWord(kubeContext)} cluster-info\``;
      return `look with \`kubectl config get-contexts\`${info}`;
    },
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
    podSecurity: "restricted",
    // The pods are on several nodes, so that the page outlives one.
    accessMode: "ReadWriteMany",
  },
};
