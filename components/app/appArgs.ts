import type { Settings } from "../config/settings";
import { portOf } from "../image/imageConfig";
import type { DjangoImage } from "../image/djangoImage";
import type { Project } from "../image/project";
import { thisHost } from "../targets/host";
import { contextOf } from "../targets/kubeconfig";
import type { Target } from "../targets/resolveTarget";
import type { DjangoAppArgs } from "./djangoApp";
import { runAs } from "./runAs";
import { startOf } from "./start";

/** What an app is declared with: each argument from the one that decides it. */
export function appArgs(settings: Settings, target: Target, project: Project, image: DjangoImage): DjangoAppArgs {
  const { cluster, process, web, exposure, database } = settings;
  const { config, dockerfile, healthLabels } = project;
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

    start: startOf({ ...process, ...database, config, dockerfile }),
    port: process.port ?? portOf(config),
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
    cpuRequest: web.cpuRequest,
    cpuLimit: target.cpuLimit,
    memoryRequest: web.memoryRequest,
    memoryLimit: web.memoryLimit,
    rolloutTimeoutSeconds: target.rolloutTimeoutSeconds,

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
    databaseStorage: database.databaseStorage,
    protectData: database.protectData,
    cluster: {
      context: target.cluster.context,
      see: async (place) => {
        const key = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: place };
        return await thisHost.endpoints.see(contextOf(target.cluster, thisHost), key);
      },
    },
  };
}
