import path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { CommandResult } from "../../../components/targets/commandRunner";
import type { DaemonFacts, Endpoints } from "../../../components/targets/endpoints";
import type { Settings } from "../../../components/config/settings";
import type { FlatSettings } from "./config";
import type { Host } from "../../../components/targets/host";

/** A local stack's settings. */
export const settings: Settings = {
  name: "kubernetes-django",
  cluster: {
    target: "docker-desktop",
    kubeContext: undefined,
    minikubeProfile: "minikube",
    namespace: "kubernetes-django",
    existingNamespace: false,
    adoptNamespace: undefined,
  },
  project: { folder: "app", dockerfile: undefined, stage: undefined },
  image: {
    imageRepository: "kubernetes-django",
    registryUsername: undefined,
    registryPassword: undefined,
    builder: "docker",
    buildArgs: {},
    buildSecrets: {},
    platform: undefined,
  },
  process: {
    command: undefined,
    port: undefined,
    env: {},
    secretEnv: {},
    debugValues: { on: "1", off: "0" },
    release: undefined,
    podSecurity: undefined,
    runAsUser: undefined,
    writablePaths: undefined,
    liveReload: false,
    livenessPath: undefined,
    readinessPath: undefined,
    startPath: undefined,
  },
  web: {
    debug: true,
    secretKey: undefined,
    replicas: undefined,
    maxReplicas: undefined,
    cpuTargetPercent: 80,
    cpuRequest: "100m",
    cpuLimit: undefined,
    memoryRequest: "128Mi",
    memoryLimit: "512Mi",
    rolloutTimeoutSeconds: undefined,
  },
  workloads: { processes: {}, schedules: {} },
  exposure: {
    nodePort: undefined,
    serviceType: undefined,
    urlHost: undefined,
    ingressHost: undefined,
    ingressClassName: undefined,
    ingressTlsSecret: undefined,
  },
  database: {
    database: "sqlite",
    databaseUrl: undefined,
    postgresVersion: 17,
    databaseStorage: undefined,
    protectData: true,
  },
  redis: {
    redis: "none",
    redisUrl: undefined,
    redisStorage: undefined,
    redisMemory: "64Mi",
    redisPolicy: "noeviction",
  },
  uploads: { media: undefined },
  backups: { backup: undefined },
};

/** Settings in which some keys have other values. */
export function changed(base: Settings, values: Partial<FlatSettings>): Settings {
  const { name, ...rest } = base;
  const groups = Object.entries(rest as object as Record<string, object>).map(([key, group]) => {
    const own = Object.entries(values).filter(([each]) => each in group);
    return [key, { ...group, ...Object.fromEntries(own) }];
  });
  return { name, ...(Object.fromEntries(groups) as object as Omit<Settings, "name">) };
}

/** What a stack on a shared cluster has to set. */
export const sharedSettings = changed(settings, {
  target: "cluster",
  kubeContext: "production",
  imageRepository: "registry.test/team/shop",
  debug: false,
  secretKey: pulumi.secret("s3cr3t"),
  database: "postgres",
  databaseUrl: pulumi.secret("postgres://shop:pa55word@db.test/shop"),
});

export const daemonFacts: DaemonFacts = {
  id: "daemon-1",
  platform: "linux/amd64",
  containerdStore: false,
  system: "Docker Desktop",
};

export interface FakeHost extends Host {
  /** Every command that was run, as one line. */
  ran: string[];
  /** What was probed, with what it was probed. */
  probed: unknown[];
}

export interface FakeHostOptions extends Partial<Omit<Host, "run" | "endpoints" | "exists">> {
  /** Answers to commands, by the command's line; any other is not found. */
  commands?: Record<string, Partial<CommandResult>>;
  endpoints?: Partial<Endpoints>;
  /** Files that exist. @default the socket of Docker Desktop */
  files?: string[];
}

/** A machine with the commands and files that are named, whose cluster and Docker daemon answer unless told otherwise. */
export function fakeHost({ commands = {}, endpoints = {}, files, ...rest }: FakeHostOptions = {}): FakeHost {
  const home = rest.home ?? "/home/me";
  const existing = files ?? [desktopSocket(home).replace("unix://", "")];
  const ran: string[] = [];
  const probed: unknown[] = [];
  const notFound: CommandResult = { exitCode: undefined, stdout: "", stderr: "", failure: "not found" };
  return {
    environment: {},
    platform: "linux",
    ...rest,
    home,
    exists: (file) => existing.includes(file),
    run: (file, args) => {
      const line = [file, ...args].join(" ");
      ran.push(line);
      const answer = commands[line];
      return Promise.resolve(answer === undefined ? notFound : { exitCode: 0, stdout: "", stderr: "", ...answer });
    },
    endpoints: {
      cluster: (context) => {
        probed.push(context.server);
        return endpoints.cluster?.(context) ?? Promise.resolve("cluster-1");
      },
      see: (context, key) => endpoints.see?.(context, key) ?? Promise.resolve("absent"),
      kinds: async (context) => (await endpoints.kinds?.(context)) ?? [],
      list: async (context, path) => (await endpoints.list?.(context, path)) ?? [],
      daemon: (address, tls) => {
        probed.push({ ...address, ...tls });
        return endpoints.daemon?.(address, tls) ?? Promise.resolve(daemonFacts);
      },
    },
    ran,
    probed,
  };
}

/** Where a context leads in `kubeconfigOf`. */
function serverOf(context: string): string {
  return context === "minikube" ? "https://192.168.49.2:8443" : `https://${context}:6443`;
}

/** A kubeconfig with some contexts. */
export function kubeconfigOf(...contexts: string[]): string {
  return JSON.stringify({
    contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: contexts.map((name) => ({ name, cluster: { server: serverOf(name) } })),
  });
}

/** An error as the operating system's. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

/** The default socket of Docker Desktop on a Linux home. */
export function desktopSocket(home: string): string {
  return `unix://${path.join(home, ".docker", "desktop", "docker.sock")}`;
}
