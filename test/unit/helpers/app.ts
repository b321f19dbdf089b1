import type { HealthPaths } from "../../../components/buildContext";
import { DjangoApp, type DjangoAppArgs } from "../../../components/djangoApp";
import { declareProviders } from "../../../components/providers";
import { createdBy } from "./kubernetes";
import { type Registration, type Run, runProgram, type RunOptions } from "./registrations";
import { target } from "./target";

const healthPaths: HealthPaths = { liveness: "/healthz", readiness: "/readyz" };

const args: DjangoAppArgs = {
  namespace: "shop",
  image: "kubernetes-django:0123456789ab",
  replicas: 2,
  serviceType: "NodePort",
  nodePort: undefined,
  urlHost: "192.168.49.2",
  debug: false,
  secretKey: undefined,
  healthPaths,
  cpuRequest: "100m",
  memoryRequest: "128Mi",
  memoryLimit: "512Mi",
  rolloutTimeoutSeconds: 30,
};

export const types = {
  namespace: "kubernetes:core/v1:Namespace",
  account: "kubernetes:core/v1:ServiceAccount",
  secret: "kubernetes:core/v1:Secret",
  service: "kubernetes:core/v1:Service",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  deployment: "kubernetes:apps/v1:Deployment",
};

/** Declares the app `web`, with its outputs exported. */
export async function deploy(more: Partial<DjangoAppArgs> = {}, options: RunOptions = {}): Promise<Run> {
  return await runProgram(
    () => {
      const { cluster } = declareProviders("docker", target);
      const app = new DjangoApp("web", { ...args, ...more }, { providers: cluster });
      const { url, openCommand, nodePort, namespace, deployment, service } = app;
      return { url, openCommand, nodePort, namespace, deployment, service };
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
