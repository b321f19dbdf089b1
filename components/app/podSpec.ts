import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { DatabaseName } from "../config/database";
import type { PodSecurity } from "../config/process";
import type { AppSecrets, SecretValue } from "./appSecret";
import { dataFolder, environment, type EnvironmentArgs, type EnvVar, type Reached } from "./environment";
import { type Agent, liveParts, liveProbes, liveStorageLimit } from "../liveReload/livePod";
import { hardenedContainer, hardenedPod } from "./hardening";
import { containerName, podLabels, processLabels } from "./labels";
import { besideOthers, type Media, mediaParts } from "./media";
import type { ContainerCommand, Start } from "./start";
import { copyIn, ownVolumes } from "./writablePaths";

/** Group that may read the pod's Secrets and write to its volumes: the image need not know it. */
const groupId = 10001;
const secretFolder = "/run/secrets/django";
/** What a pod writes to its node's disk: /tmp, /data and its logs together. One that fills more than the limit is ended. */
const storage = { request: "64Mi", limit: "1Gi" };
/**
 * Seconds a pod goes on serving after it was told to end. Until the nodes know, new connections come to it: Kubernetes'
 * endpoint slice controller tries again after 1 s and 2 s more while its cache is out of date, and kube-proxy waits for
 * up to 1 s after its last change.
 */
const preStopSeconds = 5;
/** Seconds that app/gunicorn.conf.py gives requests to end, its graceful_timeout. */
export const gracefulSeconds = 20;
/** Seconds after which a pod that was told to end is killed. */
export const graceSeconds = preStopSeconds + gracefulSeconds + 5;

/** The same where nothing serves until the pod is gone: as `docker stop` waits. */
const aloneSeconds = 10;

/** Seconds that a start may take at least: after a node was restarted all of its pods start at once. */
const leastStartSeconds = 120;

type Spread = Pick<types.input.core.v1.PodSpec, "topologySpreadConstraints" | "affinity">;

/** One node more or less must not take every pod with it. */
const spread = (matchLabels: Record<string, string>): Spread => ({
  // Weaker than the constraint below, but cluster audits look for it.
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels },
      // Pods that a rollout is about to end do not count.
      matchLabelKeys: ["pod-template-hash"],
    },
  ],
});

/** What a pod requests and may use. */
export interface Resources {
  cpuRequest: string;
  /** Undefined for none. */
  cpuLimit: string | undefined;
  memoryRequest: string;
  memoryLimit: string;
}

/** What of an app's arguments shapes its pods. */
export interface PodArgs extends EnvironmentArgs, Resources {
  /** Image reference that the nodes can run. */
  image: pulumi.Input<string>;
  imagePullPolicy: "IfNotPresent" | "Always";
  /** How its processes start. */
  start: Start;
  database: DatabaseName;
  podSecurity: PodSecurity;
  /** Uid of its processes; undefined for the image's user. */
  runAsUser: number | undefined;
  /** Gid of its processes; undefined for that user's own group. */
  runAsGroup: number | undefined;
  /** Folders that processes can write to, whatever the image's disk and owners are. */
  writablePaths: readonly string[];
  /** Number of pods; with an autoscaler the least number. */
  replicas: number;
  healthPaths: HealthPaths;
  /** Seconds that a rollout may take, and with it the start of a pod. */
  rolloutTimeoutSeconds: number;
}

/** What all of its processes share. */
type CommonArgs = Omit<PodArgs, "start">;

/** Paths that answer probes; for one that is undefined the port itself is probed. */
export interface HealthPaths {
  liveness: string | undefined;
  readiness: string | undefined;
  start: string | undefined;
}

/** What of other objects pods refer to. */
export interface PodReferences extends Reached {
  account: pulumi.Input<string>;
  secrets: AppSecrets;
  /** Volume that keeps the file of SQLite; undefined for none. */
  sqliteVolume: pulumi.Input<string> | undefined;
  /** Volume for uploads; undefined for none. */
  media: Media | undefined;
  /** Secret with which the nodes sign in to the registry; undefined for none. */
  pullSecret: pulumi.Input<string> | undefined;
  /** What starts its processes again where their sources have changed; undefined where they run by themselves. */
  agent: Agent | undefined;
}

/** A process beside the web's, as its pods are. */
export interface ProcessPodArgs extends Resources {
  start: ContainerCommand;
  /** Port that it listens on; undefined for none. */
  port: number | undefined;
  /** What tells whether it works: a command in its pod, or a path at its port; undefined for the port itself, if any. */
  healthCommand: string[] | undefined;
  healthPath: string | undefined;
  /** Number of pods; with an autoscaler the least number. */
  replicas: number;
  /** Seconds that it may take to end. */
  graceSeconds: number;
}

/** The spec of an app's pods: probed, limited in memory, and ended without losing a request. */
export function podSpec(args: PodArgs, references: PodReferences): types.input.core.v1.PodSpec {
  return {
    ...frame(args, references, {
      name: containerName,
      ...startOfContainer(args.start),
      ports: [{ name: "http", containerPort: args.port }],
      ...probed(healthProbes(args.healthPaths, startSeconds(args), references), args.port, references),
      // Each node learns a moment after the kubelet that a pod is going, and sends requests to it until then. Where no
      // other pod takes them, waiting would only make the gap longer.
      ...(references.sqliteVolume === undefined && { lifecycle: servedOn }),
    }),
    ...(args.replicas > 1 && references.media?.label === undefined ? spread(podLabels) : {}),
    terminationGracePeriodSeconds: references.sqliteVolume === undefined ? graceSeconds : aloneSeconds,
  };
}

/** The spec of a process's pods. What asks it by its port is served on for a moment, and its task may come to an end. */
export function processPodSpec(
  process: string,
  own: ProcessPodArgs,
  args: PodArgs,
  references: PodReferences,
): types.input.core.v1.PodSpec {
  const { port, healthCommand, healthPath } = own;
  const paths = { liveness: healthPath, readiness: healthPath, start: healthPath };
  return {
    ...frame({ ...args, ...own, port: port ?? args.port }, references, {
      name: process,
      ...startOfContainer(own.start),
      ...(port !== undefined && { ports: [{ name: "http", containerPort: port }], lifecycle: servedOn }),
      ...probed(
        healthCommand !== undefined
          ? commandProbes(healthCommand, startSeconds(args))
          : port !== undefined
            ? healthProbes(paths, startSeconds(args), references)
            : {},
        port,
        references,
      ),
    }),
    ...(own.replicas > 1 && references.media?.label === undefined ? spread(processLabels(process)) : {}),
    terminationGracePeriodSeconds: own.graceSeconds + (port === undefined ? 0 : preStopSeconds),
  };
}

/** The spec of a pod that runs a command of the app once. */
export function commandPodSpec(
  args: CommonArgs,
  references: PodReferences,
  start: ContainerCommand,
  name: string,
): types.input.core.v1.PodSpec {
  // What runs once is of the image's version.
  const alone = { ...references, agent: undefined };
  return { ...frame(args, alone, { name, ...startOfContainer(start) }), restartPolicy: "Never" };
}

const probed = (probes: Probes, port: number | undefined, { agent }: PodReferences): Probes =>
  agent === undefined ? probes : liveProbes(probes, port);

const servedOn = { preStop: { sleep: { seconds: preStopSeconds } } };
const startSeconds = ({ rolloutTimeoutSeconds }: PodArgs): number => Math.max(leastStartSeconds, rolloutTimeoutSeconds);

function startOfContainer({
  command,
  args,
}: ContainerCommand): Pick<types.input.core.v1.Container, "command" | "args"> {
  return { ...(command === undefined ? {} : { command }), ...(args === undefined ? {} : { args }) };
}

function frame(
  args: CommonArgs,
  { account, pullSecret, secrets, sqliteVolume, media, agent, ...reached }: PodReferences,
  container: types.input.core.v1.Container,
): types.input.core.v1.PodSpec {
  const { podSecurity, runAsUser: userId, runAsGroup: userGroupId, imagePullPolicy } = args;
  const kept = [secretFolder, ...(sqliteVolume === undefined ? [] : [dataFolder])];
  // Those that are named have a volume on any disk, as the image's own may be another user's.
  const wanted = [...args.writablePaths, ...(agent?.roots ?? [])];
  const writable = ownVolumes([...new Set(wanted)], kept, media?.path);
  const folders = foldersOf(args, sqliteVolume, writable);
  const files = secretFiles(secrets.files);
  const live = agent && liveParts(agent);
  const copied = copyIn(writable, { keepsOwners: podSecurity === "baseline" });
  const uploads = media && mediaParts(media);
  const common = {
    image: args.image,
    imagePullPolicy,
    resources: {
      requests: { cpu: args.cpuRequest, memory: args.memoryRequest, "ephemeral-storage": storage.request },
      limits: {
        ...(args.cpuLimit === undefined ? {} : { cpu: args.cpuLimit }),
        memory: args.memoryLimit,
        "ephemeral-storage": live === undefined ? storage.limit : liveStorageLimit,
      },
    },
    ...hardenedContainer(podSecurity),
  };
  const before = [
    ...(copied === undefined ? [] : [{ name: "writable-paths", ...common, ...copied.container }]),
    ...(uploads === undefined ? [] : [{ name: "media", ...common, ...uploads.container }]),
  ];
  return {
    serviceAccountName: account,
    ...hardenedPod({ podSecurity, userId, userGroupId, groupId, hasFiles: media !== undefined }),
    ...(media && besideOthers(media)),
    ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
    ...(before.length > 0 && { initContainers: before }),
    containers: [
      {
        ...common,
        env: environment(args, reached, secrets.values, [
          ...folders.variables,
          ...files.variables,
          ...(live?.variables ?? []),
        ]),
        volumeMounts: [
          ...folders.mounts,
          ...(copied?.mounts ?? []),
          ...(uploads === undefined ? [] : [uploads.mount]),
          ...files.mounts,
          ...(live?.mounts ?? []),
        ],
        ...container,
      },
    ],
    volumes: [
      ...folders.volumes,
      ...(copied?.volumes ?? []),
      ...(uploads === undefined ? [] : [uploads.volume]),
      ...files.volumes,
      ...(live?.volumes ?? []),
    ],
  };
}

/** The folders of a pod that are volumes. */
interface Folders {
  variables: EnvVar[];
  mounts: types.input.core.v1.VolumeMount[];
  volumes: types.input.core.v1.Volume[];
}

/**
 * What a process can write to whatever its image says.
 *
 * @param writable folders that have a volume already: Kubernetes refuses a second one in the same place
 */
function foldersOf(
  { podSecurity, database }: CommonArgs,
  sqliteVolume: pulumi.Input<string> | undefined,
  writable: readonly string[],
): Folders {
  const isReadOnly = podSecurity === "restricted";
  // A folder of the image may have that name, so it is hidden only where it has to be.
  const hasData = database === "sqlite" && (isReadOnly || sqliteVolume !== undefined);
  const wanted = [...(isReadOnly ? ["tmp"] : []), ...(hasData ? ["data"] : [])];
  const names = wanted.filter((name) => !writable.includes(`/${name}`));
  return {
    variables: [
      ...(database === "sqlite" ? [{ name: "SQLITE_PATH", value: `${hasData ? dataFolder : "/tmp"}/db.sqlite3` }] : []),
      // The image's own may be what nothing can be written to.
      ...(isReadOnly ? [{ name: "HOME", value: "/tmp" }] : []),
    ],
    mounts: names.map((name) => ({ name, mountPath: `/${name}` })),
    volumes: names.map((name) =>
      name === "data" && sqliteVolume !== undefined
        ? { name, persistentVolumeClaim: { claimName: sqliteVolume } }
        : { name, emptyDir: {} },
    ),
  };
}

function secretFiles(files: SecretValue[]): Folders {
  if (files.length === 0) {
    return { variables: [], mounts: [], volumes: [] };
  }
  return {
    variables: files.map(({ variable, key }) => ({ name: variable, value: `${secretFolder}/${key}` })),
    mounts: [{ name: "secret", mountPath: secretFolder, readOnly: true }],
    volumes: [
      {
        name: "secret",
        projected: {
          defaultMode: 0o440,
          sources: files.map(({ secret, key }) => ({ secret: { name: secret, items: [{ key, path: key }] } })),
        },
      },
    ],
  };
}

type Probes = Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/** @param startSeconds seconds after which a container that has not started is started again */
function healthProbes({ liveness, readiness, start }: HealthPaths, startSeconds: number, { hosts }: Reached): Probes {
  // Django answers 400 to the pod's address, which the kubelet asks for otherwise.
  const httpHeaders = [{ name: "Host", value: hosts.apply((all) => all.split(",")[0] ?? "") }];
  const by = (path: string | undefined): Pick<types.input.core.v1.Probe, "httpGet" | "tcpSocket"> =>
    path === undefined ? { tcpSocket: { port: "http" } } : { httpGet: { path, port: "http", httpHeaders } };
  return {
    // A second's wait after each try: most of the time from an edit to the served page is this.
    startupProbe: { ...by(start), periodSeconds: 1, failureThreshold: startSeconds, timeoutSeconds: 3 },
    // What it asks may be the same for all pods, such as a database: where that is slow for a moment, none would be left.
    readinessProbe: { ...by(readiness), periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 },
    livenessProbe: { ...by(liveness), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  };
}

/** Of a process whose command to ask it may take as long to start as it does itself, so it is asked less often. */
function commandProbes(command: string[], startSeconds: number): Probes {
  const probe = { exec: { command }, timeoutSeconds: 15 };
  return {
    startupProbe: { ...probe, periodSeconds: 2, failureThreshold: Math.ceil(startSeconds / 2) },
    livenessProbe: { ...probe, periodSeconds: 30, failureThreshold: 3 },
  };
}
