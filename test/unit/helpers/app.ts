import assert from "node:assert/strict";

import { DjangoApp, type DjangoAppArgs } from "../../../components/app/djangoApp";
import { declareProviders } from "../../../components/targets/providers";
import { createdBy } from "./kubernetes";
import { owner } from "./prior";
import { only, type Registration, type Run, runProgram, type RunOptions } from "./registrations";
import { target } from "./target";

const healthPaths: DjangoAppArgs["healthPaths"] = { liveness: "/healthz", readiness: "/readyz", start: "/readyz" };

const args: DjangoAppArgs = {
  namespace: "shop",
  owner,
  image: "kubernetes-django:0123456789ab",
  imageTag: "0123456789ab",
  imagePullPolicy: "IfNotPresent",
  registry: undefined,
  replicas: 2,
  maxReplicas: undefined,
  cpuTargetPercent: 80,
  serviceType: "NodePort",
  servicePort: 8000,
  nodePort: undefined,
  urlHost: "192.168.49.2",
  ingressHost: undefined,
  ingressClassName: undefined,
  ingressTlsSecret: undefined,
  start: { command: undefined, args: undefined, release: undefined },
  releaseTag: "ba9876543210",
  processes: {},
  schedules: {},
  port: 8000,
  env: {},
  secretEnv: {},
  debug: false,
  debugValues: { on: "1", off: "0" },
  secretKey: undefined,
  podSecurity: "restricted",
  runAsUser: undefined,
  runAsGroup: undefined,
  writablePaths: [],
  database: "sqlite",
  databaseUrl: undefined,
  postgresVersion: 17,
  databaseStorage: undefined,
  media: undefined,
  protectData: true,
  redis: "none",
  redisUrl: undefined,
  redisStorage: undefined,
  redisMemory: "64Mi",
  redisPolicy: "noeviction",
  backup: undefined,
  cluster: { context: "docker-desktop", see: () => Promise.resolve("absent") },
  healthPaths,
  cpuRequest: "100m",
  cpuLimit: undefined,
  memoryRequest: "128Mi",
  memoryLimit: "512Mi",
  rolloutTimeoutSeconds: 30,
};

/** Annotation of every object, which takes back what somebody changed by hand. */
export const forced = { "pulumi.com/patchForce": "true" };

export const types = {
  namespace: "kubernetes:core/v1:Namespace",
  account: "kubernetes:core/v1:ServiceAccount",
  secret: "kubernetes:core/v1:Secret",
  service: "kubernetes:core/v1:Service",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  deployment: "kubernetes:apps/v1:Deployment",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
  job: "kubernetes:batch/v1:Job",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
};

/** The parts of a pod's spec that vary with the arguments. */
export interface Pod {
  initContainers?: unknown[];
  containers: Container[];
  volumes: unknown[];
  imagePullSecrets?: unknown[];
  topologySpreadConstraints?: unknown[];
  affinity?: unknown;
  terminationGracePeriodSeconds?: number;
  restartPolicy?: string;
}
export interface Container {
  command?: string[];
  image: string;
  imagePullPolicy: string;
  env: { name: string; value?: string }[];
  resources: unknown;
  volumeMounts: unknown[];
  ports?: unknown;
  lifecycle?: unknown;
  [probe: `${string}Probe`]: unknown;
}

/** The spec of the pods that the Deployment, or another object, makes. */
export function podOf(run: Run, type = types.deployment): Pod {
  return (only(run, type).inputs as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec;
}

/** The one container of those pods. */
export function containerOf(run: Run, type = types.deployment): Container {
  const [container, ...others] = podOf(run, type).containers;
  assert.ok(container && others.length === 0);
  return container;
}

/** An environment variable of that container. */
export function variable(run: Run, name: string, type = types.deployment): string | undefined {
  return containerOf(run, type).env.find((each) => each.name === name)?.value;
}

/** Declares the app `web`, with its outputs exported. */
export async function deploy(more: Partial<DjangoAppArgs> = {}, options: RunOptions = {}): Promise<Run> {
  const storage = more.database === "postgres" ? { databaseStorage: "1Gi" } : {};
  return await runProgram(
    () => {
      const { cluster } = declareProviders(target);
      const app = new DjangoApp("web", { ...args, ...storage, ...more }, { providers: cluster });
      const { url, openCommand, nodePort, namespace, deployment, service } = app;
      return { ...(url && { url }), ...(openCommand && { openCommand }), nodePort, namespace, deployment, service };
    },
    { answer: createdBy(31234), ...options },
  );
}

/** A resource that belongs to the app and goes to its cluster. */
export function child(type: string, name: string, inputs: object): Registration {
  return {
    type,
    name,
    parent: "django:index:DjangoApp web",
    provider: "pulumi:providers:kubernetes kubernetes",
    inputs: { ...inputs },
    replacementTrigger: undefined,
  };
}
