import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { hardenedContainer, hardenedPod } from "./hardening";
import type { HealthPaths } from "../image/healthPaths";

/** Port that the app listens on. */
export const port = 8000;
export const podLabels = { app: "django-container" };
/** Name of the container that runs the app's image. */
export const containerName = "django-web";

/** Any id but root's: the image need not know it. */
const userId = 10001;
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
const gracefulSeconds = 20;

/** Seconds that a start may take at least: after a node was restarted all of its pods start at once. */
const leastStartSeconds = 120;

/** Files of the app's Secret, and the environment variable that names each. */
export const secretFiles = { "secret-key": "SECRET_KEY_FILE", "database-url": "DATABASE_URL_FILE" } as const;
export type SecretFile = keyof typeof secretFiles;

/** One node more or less must not take every pod with it. */
const spread: Pick<types.input.core.v1.PodSpec, "topologySpreadConstraints" | "affinity"> = {
  // Weaker than the constraint below, but cluster audits look for it.
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: podLabels } },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: podLabels },
      // Pods that a rollout is about to end do not count.
      matchLabelKeys: ["pod-template-hash"],
    },
  ],
};

/** What of an app's arguments shapes its pods. */
export interface PodArgs {
  /** Image reference that the nodes can run. */
  image: pulumi.Input<string>;
  /** Names the version for the app's own pages. */
  imageTag: string;
  imagePullPolicy: "IfNotPresent" | "Always";
  /** Number of pods; with an autoscaler the least number. */
  replicas: number;
  /** Django's DEBUG: error pages, the welcome page and runserver instead of gunicorn. */
  debug: boolean;
  healthPaths: HealthPaths;
  cpuRequest: string;
  /** Undefined for none. */
  cpuLimit: string | undefined;
  memoryRequest: string;
  memoryLimit: string;
  /** Seconds that a rollout may take, and with it the start of a pod. */
  rolloutTimeoutSeconds: number;
}

/** What of other objects pods refer to. */
export interface PodReferences {
  account: pulumi.Input<string>;
  /** Hosts that the app answers for. */
  hosts: pulumi.Input<string>;
  /** Whether what is in front of the app ends TLS. */
  servedOverHttps: boolean;
  /** Secret with some of `secretFiles`; undefined for none. */
  secret: { name: pulumi.Input<string>; files: SecretFile[] } | undefined;
  /** Secret with which the nodes sign in to the registry; undefined for none. */
  pullSecret: pulumi.Input<string> | undefined;
}

/** The spec of an app's pods: restricted, probed, limited in memory, and ended without losing a request. */
export function podSpec(args: PodArgs, references: PodReferences): types.input.core.v1.PodSpec {
  return {
    ...frame(args, references, {
      ports: [{ name: "http", containerPort: port }],
      ...healthProbes(args.healthPaths, Math.max(leastStartSeconds, args.rolloutTimeoutSeconds)),
      // Each node learns a moment after the kubelet that a pod is going, and sends requests to it until then.
      lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    }),
    ...(args.replicas > 1 ? spread : {}),
    terminationGracePeriodSeconds: preStopSeconds + gracefulSeconds + 5,
  };
}

/** The spec of a pod that runs a command of the app once. */
export function commandPodSpec(
  args: PodArgs,
  references: PodReferences,
  command: string[],
): types.input.core.v1.PodSpec {
  return { ...frame(args, references, { command }), restartPolicy: "Never" };
}

function frame(
  args: PodArgs,
  { account, pullSecret, ...references }: PodReferences,
  container: Partial<types.input.core.v1.Container>,
): types.input.core.v1.PodSpec {
  const secret = references.secret === undefined ? undefined : secretMount(references.secret);
  return {
    serviceAccountName: account,
    ...hardenedPod(userId),
    ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
    containers: [
      {
        name: containerName,
        image: args.image,
        imagePullPolicy: args.imagePullPolicy,
        env: [...environment(args, references), ...(secret?.variables ?? [])],
        resources: {
          requests: { cpu: args.cpuRequest, memory: args.memoryRequest, "ephemeral-storage": storage.request },
          limits: {
            ...(args.cpuLimit === undefined ? {} : { cpu: args.cpuLimit }),
            memory: args.memoryLimit,
            "ephemeral-storage": storage.limit,
          },
        },
        ...hardenedContainer,
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "data", mountPath: "/data" },
          ...(secret ? [secret.mount] : []),
        ],
        ...container,
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }, { name: "data", emptyDir: {} }, ...(secret ? [secret.volume] : [])],
  };
}

function environment(
  { debug, imageTag }: PodArgs,
  { hosts, servedOverHttps }: Pick<PodReferences, "hosts" | "servedOverHttps">,
): types.input.core.v1.EnvVar[] {
  return [
    { name: "DEBUG", value: debug ? "1" : "0" },
    { name: "ALLOWED_HOSTS", value: hosts },
    ...(servedOverHttps ? [{ name: "SERVED_OVER_HTTPS", value: "1" }] : []),
    { name: "SQLITE_PATH", value: "/data/db.sqlite3" },
    { name: "HOME", value: "/tmp" },
    { name: "IMAGE_TAG", value: imageTag },
    {
      name: "POD_NAME",
      // The API server would add this default; without it here, a Deployment left by an interrupted `up` would conflict.
      valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } },
    },
  ];
}

interface SecretMount {
  variables: types.input.core.v1.EnvVar[];
  mount: types.input.core.v1.VolumeMount;
  volume: types.input.core.v1.Volume;
}

/** Secrets reach Django as files: an environment variable shows in crash reports and child processes. */
function secretMount({ name, files }: NonNullable<PodReferences["secret"]>): SecretMount {
  return {
    variables: files.map((file) => ({ name: secretFiles[file], value: `${secretFolder}/${file}` })),
    mount: { name: "secret", mountPath: secretFolder, readOnly: true },
    volume: { name: "secret", secret: { secretName: name, defaultMode: 0o440 } },
  };
}

/** @param startSeconds seconds after which a container that has not started is started again */
function healthProbes(
  { liveness, readiness }: HealthPaths,
  startSeconds: number,
): Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const by = (path: string | undefined): Pick<types.input.core.v1.Probe, "httpGet" | "tcpSocket"> =>
    path === undefined ? { tcpSocket: { port: "http" } } : { httpGet: { path, port: "http" } };
  return {
    // A second's wait after each try: most of the time from an edit to the served page is this.
    startupProbe: { ...by(readiness), periodSeconds: 1, failureThreshold: startSeconds, timeoutSeconds: 3 },
    readinessProbe: { ...by(readiness), periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
    livenessProbe: { ...by(liveness), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  };
}
