import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { HealthPaths } from "./buildContext";

/** Port that the app listens on. */
export const port = 8000;
export const podLabels = { app: "django-container" };
/** File of the app's Secret with Django's secret key. */
export const secretFile = "secret-key";

/** Any id but root's: the image need not know it. */
const userId = 10001;
const secretFolder = "/run/secrets/django";
/** What a pod writes to its node's disk: /tmp, /data and its logs together. One that fills more than the limit is ended. */
const storage = { request: "64Mi", limit: "1Gi" };
/** Seconds a pod goes on serving after it was told to end. */
const preStopSeconds = 3;
/** Seconds that app/gunicorn.conf.py gives requests to end, its graceful_timeout. */
const gracefulSeconds = 20;

const spreadOverNodes: types.input.core.v1.TopologySpreadConstraint = {
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: podLabels },
  // Pods that a rollout is about to end do not count.
  matchLabelKeys: ["pod-template-hash"],
};

/** What of an app's arguments shapes its pods. */
export interface PodArgs {
  /** Image reference that the node can run. */
  image: pulumi.Input<string>;
  replicas: number;
  /** Host of the URL: where the cluster's NodePorts are reached; undefined when they are not from this machine. */
  urlHost: string | undefined;
  /** Django's DEBUG: error pages, the welcome page and runserver instead of gunicorn. */
  debug: boolean;
  healthPaths: HealthPaths;
  cpuRequest: string;
  memoryRequest: string;
  memoryLimit: string;
}

/** The spec of an app's pods: restricted, probed, limited in memory, and ended without losing a request. */
export function podSpec(
  args: PodArgs,
  account: pulumi.Input<string>,
  secretName: pulumi.Input<string> | undefined,
): types.input.core.v1.PodSpec {
  const secret = secretName === undefined ? undefined : secretMount(secretName);
  return {
    serviceAccountName: account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    // One node more or less must not take every pod with it.
    ...(args.replicas > 1 ? { topologySpreadConstraints: [spreadOverNodes] } : {}),
    terminationGracePeriodSeconds: preStopSeconds + gracefulSeconds + 5,
    containers: [
      {
        name: "django-web",
        image: args.image,
        // `Always` would ask a registry for an image that only this node has; `Never` breaks Docker Desktop's kind mode.
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: port }],
        env: [...environment(args), ...(secret ? [secret.variable] : [])],
        ...healthProbes(args.healthPaths),
        // Each node learns a moment after the kubelet that a pod is going, and sends requests to it until then.
        lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
        resources: {
          requests: { cpu: args.cpuRequest, memory: args.memoryRequest, "ephemeral-storage": storage.request },
          limits: { memory: args.memoryLimit, "ephemeral-storage": storage.limit },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        // The rollout's error then carries a crash's last lines.
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "data", mountPath: "/data" },
          ...(secret ? [secret.mount] : []),
        ],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }, { name: "data", emptyDir: {} }, ...(secret ? [secret.volume] : [])],
  };
}

function environment({ debug, urlHost, image }: PodArgs): types.input.core.v1.EnvVar[] {
  return [
    { name: "DEBUG", value: debug ? "1" : "0" },
    { name: "ALLOWED_HOSTS", value: [...new Set([urlHost ?? "localhost", "localhost", "127.0.0.1"])].join(",") },
    { name: "SQLITE_PATH", value: "/data/db.sqlite3" },
    { name: "HOME", value: "/tmp" },
    { name: "IMAGE_TAG", value: pulumi.output(image).apply((reference) => reference.split(":").at(-1) ?? "") },
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  ];
}

interface SecretMount {
  variable: types.input.core.v1.EnvVar;
  mount: types.input.core.v1.VolumeMount;
  volume: types.input.core.v1.Volume;
}

/** The key reaches Django as a file: an environment variable shows in crash reports and child processes. */
function secretMount(secretName: pulumi.Input<string>): SecretMount {
  return {
    variable: { name: "SECRET_KEY_FILE", value: `${secretFolder}/${secretFile}` },
    mount: { name: "secret", mountPath: secretFolder, readOnly: true },
    volume: { name: "secret", secret: { secretName, defaultMode: 0o440 } },
  };
}

function healthProbes({
  liveness,
  readiness,
}: HealthPaths): Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const by = (path: string | undefined): Pick<types.input.core.v1.Probe, "httpGet" | "tcpSocket"> =>
    path === undefined ? { tcpSocket: { port: "http" } } : { httpGet: { path, port: "http" } };
  return {
    // A second's wait after each try: most of the time from an edit to the served page is this.
    startupProbe: { ...by(readiness), periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 },
    readinessProbe: { ...by(readiness), periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
    livenessProbe: { ...by(liveness), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  };
}
