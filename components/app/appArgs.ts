import type { Settings } from "../config/settings";
import type { OwnResources } from "../config/workloads";
import { portOf } from "../image/imageConfig";
import type { DjangoImage } from "../image/djangoImage";
import type { Project } from "../image/project";
import { thisHost } from "../targets/host";
import { contextOf } from "../targets/kubeconfig";
import type { Target } from "../targets/resolveTarget";
import type { AgentOptions } from "../liveReload/agentCommand";
import { liveRootsOf } from "../liveReload/liveRoots";
import { mapValues } from "../mapValues";
import { execForm } from "./commandLine";
import type { DjangoAppArgs } from "./djangoApp";
import { refuseCodeFolder } from "./media";
import { gracefulSeconds, type Resources } from "./podSpec";
import { runAs } from "./runAs";
import { otherStartOf, releaseTagOf, startOf } from "./start";

/** What an app is declared with: each argument from the one that decides it. */
export function appArgs(settings: Settings, target: Target, project: Project, image: DjangoImage): DjangoAppArgs {
  const { cluster, process, web, workloads, exposure, database, redis, backups } = settings;
  const { config, dockerfile, entrypointRunsCommand, healthLabels } = project;
  if (target.media !== undefined) {
    refuseCodeFolder(target.media.path, { ...config, dockerfile });
  }
  const port = process.port ?? portOf(config);
  const starting = { ...process, ...database, config, entrypointRunsCommand, dockerfile };
  const liveWith = (options: AgentOptions): { live: AgentOptions | undefined } => ({
    live: process.liveReload ? options : undefined,
  });
  const usual = {
    cpuRequest: web.cpuRequest,
    cpuLimit: target.cpuLimit,
    memoryRequest: web.memoryRequest,
    memoryLimit: web.memoryLimit,
  };
  const readiness = process.readinessPath ?? healthLabels.readiness;
  return {
    namespace: cluster.namespace,
    owner: target.owner,
    podSecurity: target.podSecurity,

    image: image.reference,
    imageTag: project.hash,
    imagePullPolicy: target.imagePullPolicy,
    registry: target.registry,
    deployAfter: [image],

    start: startOf({ ...starting, ...liveWith({ port, graceSeconds: gracefulSeconds }) }),
    liveRoots: process.liveReload ? liveRootsOf(project, settings.image.buildArgs) : undefined,
    releaseTag: releaseTagOf({ ...process, folders: foldersOf(target, process) }, project),
    port,
    env: process.env,
    secretEnv: process.secretEnv,
    debug: web.debug,
    debugValues: process.debugValues,
    secretKey: web.secretKey,
    ...runAs(process.runAsUser, target.podSecurity, config),
    writablePaths: process.writablePaths ?? [],
    healthPaths: {
      liveness: process.livenessPath ?? healthLabels.liveness,
      readiness,
      start: process.startPath ?? readiness,
    },
    replicas: target.replicas,
    maxReplicas: web.maxReplicas,
    cpuTargetPercent: web.cpuTargetPercent,
    ...usual,
    rolloutTimeoutSeconds: target.rolloutTimeoutSeconds,

    processes: mapValues(workloads.processes, ({ terminationGraceSeconds, healthCommand, ...own }) => ({
      ...own,
      ...resourcesOf(own, usual),
      start: otherStartOf(own.command, {
        ...starting,
        ...liveWith({ port: own.port, graceSeconds: terminationGraceSeconds }),
      }),
      healthCommand: healthCommand === undefined ? undefined : execForm(healthCommand),
      graceSeconds: terminationGraceSeconds,
    })),
    schedules: mapValues(workloads.schedules, (own) => ({
      ...own,
      ...resourcesOf(own, usual),
      start: otherStartOf(own.command, starting),
    })),

    serviceType: target.serviceType,
    servicePort: target.servicePort,
    nodePort: exposure.nodePort,
    urlHost: target.reach.urlHost,
    urlPort: target.reach.urlPort,
    openCommand: target.reach.openCommand,
    ingressHost: exposure.ingressHost,
    ingressClassName: exposure.ingressClassName,
    ingressTlsSecret: exposure.ingressTlsSecret,

    database: database.database,
    databaseUrl: database.databaseUrl,
    postgresVersion: database.postgresVersion,
    databaseStorage: database.databaseStorage,
    media: target.media,
    protectData: database.protectData,
    redis: redis.redis,
    redisUrl: redis.redisUrl,
    redisStorage: redis.redisStorage,
    redisMemory: redis.redisMemory,
    redisPolicy: redis.redisPolicy,
    backup: backups.backup,
    cluster: {
      context: target.cluster.context,
      see: async (place) => {
        const key = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: place };
        return await thisHost.endpoints.see(contextOf(target.cluster, thisHost), key);
      },
    },
  };
}

/** What decides on the folders of a pod, and so on the containers that fill them. */
function foldersOf({ media }: Target, { writablePaths = [] }: Settings["process"]): string[] {
  return [...writablePaths, ...(media === undefined ? [] : [media.path, media.accessMode])];
}

/** What a process requests and may use: its own, and otherwise the web process's. */
function resourcesOf(own: OwnResources, usual: Resources): Resources {
  return {
    cpuRequest: own.cpuRequest ?? usual.cpuRequest,
    cpuLimit: own.cpuLimit ?? usual.cpuLimit,
    memoryRequest: own.memoryRequest ?? usual.memoryRequest,
    memoryLimit: own.memoryLimit ?? usual.memoryLimit,
  };
}
