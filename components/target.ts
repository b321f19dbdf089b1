import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { clusterFiles, shared } from "../sandbox/cluster/kinds";
import { type CommandRunner, runCommand } from "./commandRunner";
import { type KubeContext, kubeconfigFiles, readKubeContext } from "./kubeconfig";
import { Minikube } from "./minikube";
import { type Reach, reachOf, sharesDaemon, shellVariables } from "./minikubeProfile";
import { type DaemonAddress, type DaemonFacts, type Probes, probes } from "./probes";
import { Problem } from "./problem";
import type { Builder, ServiceType, Settings, TargetName } from "./settings";

/** The machine the program runs on, as far as a target needs to know it. */
export interface Host {
  run: CommandRunner;
  probes: Probes;
  environment: NodeJS.ProcessEnv;
  home: string;
  platform: NodeJS.Platform;
  exists: (file: string) => boolean;
}

export const thisHost: Host = {
  run: runCommand,
  probes,
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
export type Which = Pick<Settings, "minikubeProfile">;

/** One cluster: the only place where clusters differ. */
interface TargetRow {
  /** Context in the kubeconfig, unless the stack names another. */
  kubeContext: (which: Which) => string;
  /** Kubeconfig of its own; without one the user's. */
  kubeconfig?: string;
  locate: (which: Which, host: Host) => Promise<Location>;
  /** Whether it was deleted, and with it everything a stack had there; absent where that cannot be told from a stop. */
  isGone?: (which: Which, host: Host) => Promise<boolean>;
  /** What to do when it is not there, as the end of a sentence. */
  startHint: (which: Which) => string;
  /** Seconds: a local cluster pulls nothing, so a pod that is not ready by then never will be. */
  rolloutTimeoutSeconds: number;
  /** How a service may be published; the first is the usual one. */
  serviceTypes: readonly [ServiceType, ...ServiceType[]];
  /** Profile that MINIKUBE_ACTIVE_DOCKERD may name. */
  minikubeProfile?: (which: Which) => string;
}

const sandboxFiles = clusterFiles(shared);

/** The one table of clusters: a new one is a row here and a name in `settings.ts`. */
export const targets: Record<TargetName, TargetRow> = {
  "docker-desktop": {
    kubeContext: () => "docker-desktop",
    locate: (_, host) =>
      Promise.resolve({
        daemon: { host: localSocket(host) },
        daemonHint: "start Docker Desktop, then look with `docker --context desktop-linux info`",
        reach: atLocalhost,
      }),
    startHint: () => "start Docker Desktop and turn on Settings > Kubernetes > Enable Kubernetes",
    rolloutTimeoutSeconds: 30,
    serviceTypes: ["NodePort", "LoadBalancer"],
  },
  minikube: {
    kubeContext: ({ minikubeProfile }) => minikubeProfile,
    locate: locateMinikube,
    isGone: async ({ minikubeProfile }, host) => await new Minikube(host.run, minikubeProfile).isGone(),
    startHint: ({ minikubeProfile }) => `run \`minikube start -p ${minikubeProfile}\``,
    rolloutTimeoutSeconds: 30,
    // The second works while `minikube tunnel` runs.
    serviceTypes: ["NodePort", "LoadBalancer"],
    minikubeProfile: ({ minikubeProfile }) => minikubeProfile,
  },
  sandbox: {
    kubeContext: () => shared.context,
    kubeconfig: sandboxFiles.kubeconfig,
    locate: () =>
      Promise.resolve({
        daemon: { host: `unix://${sandboxFiles.dockerSocket}` },
        daemonHint: "run `npm run up -- sandbox`",
        reach: atLocalhost,
      }),
    startHint: () => "run `npm run up -- sandbox`",
    rolloutTimeoutSeconds: 30,
    // Nothing in it gives out addresses: a LoadBalancer would be waited for in vain.
    serviceTypes: ["NodePort"],
  },
};

/** A cluster that answered, and everything that the providers and components need to know of it. */
export interface Target extends Reach {
  context: string;
  /** File to read the context from; undefined for those that kubectl reads, whose paths differ between machines. */
  kubeconfig: string | undefined;
  clusterIdentifier: string;
  daemon: DaemonAddress & DaemonFacts;
  /** minikube whose nodes have to be given the image, since they do not run it from the daemon. */
  loadInto?: { profile: string; clusterIdentifier: string; dockerHost: string };
  rolloutTimeoutSeconds: number;
}

/** Finds the target's cluster and Docker daemon and makes sure that both answer. Throws a `Problem` that says what to do. */
export async function resolveTarget(settings: Settings, host: Host = thisHost): Promise<Target> {
  const row = targets[settings.target];
  refuseServiceType(settings, row.serviceTypes);
  refuseOtherMinikube(settings.target, row.minikubeProfile?.(settings), host.environment);
  const location = await row.locate(settings, host);
  const { loadInto } = location;
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
    ...(loadInto === undefined ? {} : { loadInto: { profile: loadInto, clusterIdentifier, dockerHost: daemon.host } }),
    rolloutTimeoutSeconds: settings.rolloutTimeoutSeconds ?? row.rolloutTimeoutSeconds,
  };
}

function refuseServiceType({ target, serviceType }: Settings, allowed: TargetRow["serviceTypes"]): void {
  if (!allowed.includes(serviceType)) {
    throw new Problem(
      `Config key "serviceType" is "${serviceType}": target "${target}" allows ${allowed.join(" and ")}; run \`pulumi config set serviceType ${allowed[0]}\`.`,
    );
  }
}

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

/** What the docker CLI needs in its environment to reach a target's daemon. */
export function dockerVariables({ daemon: { host, certPath }, besideDockerHost }: Location): Record<string, string> {
  const tls = certPath === undefined ? {} : { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" };
  return { DOCKER_HOST: host, ...tls, ...besideDockerHost };
}

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
