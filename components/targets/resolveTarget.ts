import fs from "node:fs";
import path from "node:path";

import { kubeconfigFiles, readKubeContext } from "./kubeconfig";
import type { DaemonStore, RegistryStore } from "../image/djangoImage";
import type { Reach } from "./minikubeProfile";
import type { DaemonAddress, DaemonFacts } from "./probes";
import { Problem } from "../problem";
import { type RegistryAccess, registryOf } from "../image/registry";
import type { Builder, ServiceType, Settings, TargetName } from "../config/settings";
import { dockerVariables, type Host, type Location, targets, type TargetRow, thisHost } from "./target";
import { choosePlatforms, chooseReplicas, chooseServiceType, refuseUnusedRegistry } from "./targetChoices";

/** A cluster that answered, and everything that the providers and components need to know of it. */
export interface Target extends Reach {
  context: string;
  /** File to read the context from; undefined for those that kubectl reads, whose paths differ between machines. */
  kubeconfig: string | undefined;
  clusterIdentifier: string;
  daemon: DaemonAddress & DaemonFacts;
  /** Where the image is kept. */
  store: DaemonStore | RegistryStore;
  /** With what the nodes sign in to its registry; undefined where they need not, or can by themselves. */
  registry: RegistryAccess | undefined;
  /** What the stack's config leaves to the target, decided. */
  platforms: string[];
  replicas: number;
  serviceType: ServiceType;
  cpuLimit: string | undefined;
  rolloutTimeoutSeconds: number;
  /** What is the target's alone. */
  imagePullPolicy: TargetRow["imagePullPolicy"];
  servicePort: number;
}

/** Finds the target's cluster and Docker daemon and makes sure that both answer. Throws a `Problem` that says what to do. */
export async function resolveTarget(settings: Settings, host: Host = thisHost): Promise<Target> {
  const row = targets[settings.target];
  row.refuse?.(settings);
  refuseUnusedRegistry(settings, row);
  const serviceType = chooseServiceType(settings, row.serviceTypes);
  const replicas = chooseReplicas(settings, row.replicas);
  refuseOtherMinikube(settings.target, row.minikubeProfile?.(settings), host.environment);
  const location = await row.locate(settings, host);
  const { loadInto } = location;
  const registry = registryAccess(settings);
  const startHint = row.startHint(settings);
  const files = row.kubeconfig ? [row.kubeconfig] : kubeconfigFiles(host.environment, host.home);
  const context = readKubeContext(files, settings.kubeContext ?? row.kubeContext(settings), startHint);
  const reach = location.reach(context);
  const [clusterIdentifier, daemon] = await Promise.all([
    host.probes.cluster(context).catch((error: unknown) => {
      throw new Problem(
        `The cluster of kube context "${context.name}" at ${context.server} cannot be reached (${reason(error)}): ${startHint}.`,
      );
    }),
    resolveDaemon(settings, location, host),
  ]);
  return {
    context: context.name,
    kubeconfig: row.kubeconfig,
    clusterIdentifier,
    daemon,
    ...(settings.urlHost === undefined ? reach : { urlHost: settings.urlHost }),
    store: row.pulls
      ? { address: registryOf(settings.imageRepository), access: registry, keepsCache: daemon.containerdStore }
      : {
          daemonId: daemon.id,
          ...(loadInto && { loadInto: { profile: loadInto, clusterIdentifier, dockerHost: daemon.host } }),
        },
    registry,
    platforms: choosePlatforms(settings, row, daemon),
    replicas,
    serviceType,
    cpuLimit: settings.cpuLimit ?? row.cpuLimit,
    rolloutTimeoutSeconds: settings.rolloutTimeoutSeconds ?? row.rolloutTimeoutSeconds,
    imagePullPolicy: row.imagePullPolicy,
    servicePort: row.servicePort,
  };
}

function registryAccess({ imageRepository, registryUsername, registryPassword }: Settings): RegistryAccess | undefined {
  return registryUsername === undefined || registryPassword === undefined
    ? undefined
    : { address: registryOf(imageRepository), username: registryUsername, password: registryPassword };
}

/** `eval $(minikube docker-env)` stays in a shell: what is meant for another daemon must not be built there unnoticed. */
export function refuseOtherMinikube(target: TargetName, own: string | undefined, environment: NodeJS.ProcessEnv): void {
  const active = environment["MINIKUBE_ACTIVE_DOCKERD"];
  if (active !== undefined && active !== "" && active !== own) {
    throw new Problem(
      `This shell is set to the Docker daemon of the minikube profile "${active}" (MINIKUBE_ACTIVE_DOCKERD), and target "${target}" builds on ${own ? `that of profile "${own}"` : "another"}; run \`eval $(minikube docker-env --unset)\`.`,
    );
  }
}

async function resolveDaemon(settings: Settings, location: Location, host: Host): Promise<DaemonAddress & DaemonFacts> {
  const { daemon: address, daemonHint } = location;
  const facts = await host.probes.daemon(address, readTls(address)).catch((error: unknown) => {
    throw new Problem(
      `The Docker daemon of target "${settings.target}" at ${address.host} cannot be reached (${reason(error)}): ${daemonHint}.`,
    );
  });
  if (settings.builder === "docker" && facts.containerdStore) {
    throw new Problem(
      `The Docker daemon at ${address.host} keeps its images in containerd's store, which builder "docker" cannot handle; run \`pulumi config set builder docker-build\`.`,
    );
  }
  await builderChecks[settings.builder](location, host);
  return { ...address, ...facts };
}

/** What has to hold for a builder to reach the target's daemon. */
const builderChecks: Record<Builder, (location: Location, host: Host) => Promise<void>> = {
  // Its provider is given the address.
  docker: () => Promise.resolve(),
  // It runs the docker CLI, and that takes its daemon from the environment.
  "docker-build": async (location, host) => {
    const address = location.daemon;
    const wanted = dockerVariables(location);
    const actual = host.environment["DOCKER_HOST"] || (await currentDockerHost(host));
    const hasCertificates = Object.entries(wanted).every(
      ([name, value]) => !/^DOCKER_(CERT_PATH|TLS_VERIFY)$/.test(name) || host.environment[name] === value,
    );
    if (samePlace(actual) !== samePlace(address.host) || !hasCertificates) {
      const variables = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
      throw new Problem(
        `Builder "docker-build" builds on the Docker daemon of the environment, ${actual || "unknown"}, and the target's is ${address.host}; run \`export ${variables.join(" ")}\`.`,
      );
    }
  },
};

async function currentDockerHost(host: Host): Promise<string> {
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  return (await host.run("docker", args)).stdout.trim();
}

/** Docker Desktop's socket is reached by links of several names. */
function samePlace(host: string): string {
  const file = host.replace(/^unix:\/\//, "");
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

export function readTls({ certPath }: DaemonAddress): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  if (certPath === undefined) {
    return {};
  }
  const read = (name: string): Buffer => fs.readFileSync(path.join(certPath, name));
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
