import * as pulumi from "@pulumi/pulumi";

import { DjangoApp, type DjangoAppArgs } from "../../../../components/app/djangoApp";
import type { App } from "./apps";

/** Declares one component for each app, all on one cluster. */
export function declareApps(apps: readonly App[], provider: pulumi.ProviderResource): DjangoApp[] {
  return apps.map((app) => new DjangoApp(app.name, argsOf(app), { provider }));
}

/** What a production stack of the project would give its app: everything that makes a resource is on. */
function argsOf({ name, image, replicas }: App): DjangoAppArgs {
  return {
    image,
    releaseTag: "0123456789ab",
    processes: {},
    schedules: {},
    imageTag: image.split(":").at(-1) ?? "",
    imagePullPolicy: "IfNotPresent",
    registry: undefined,
    replicas,
    maxReplicas: undefined,
    cpuTargetPercent: 80,
    namespace: name,
    owner: { mark: { id: name, madeBy: "npm run bench:scale" }, isGuest: false, isAdopted: false },
    serviceType: "NodePort",
    servicePort: 8000,
    nodePort: undefined,
    urlHost: "localhost",
    ingressHost: undefined,
    ingressClassName: undefined,
    ingressTlsSecret: undefined,
    start: { command: undefined, args: undefined, release: undefined },
    port: 8000,
    env: {},
    secretEnv: {},
    debug: false,
    debugValues: { on: "1", off: "0" },
    podSecurity: "restricted",
    runAsUser: undefined,
    runAsGroup: undefined,
    writablePaths: [],
    database: "sqlite",
    databaseUrl: undefined,
    databaseStorage: undefined,
    media: undefined,
    protectData: true,
    redis: "none",
    redisUrl: undefined,
    redisStorage: undefined,
    redisMemory: "64Mi",
    redisPolicy: "noeviction",
    backup: undefined,
    postgresVersion: 17,
    cluster: { context: "", see: () => Promise.resolve("absent") },
    // A secret, since encrypting it in the state is part of what an app costs.
    secretKey: pulumi.secret(`only-measured-${name}`.padEnd(60, "-")),
    healthPaths: { liveness: "/healthz", readiness: "/readyz", start: "/readyz" },
    cpuRequest: "100m",
    cpuLimit: undefined,
    memoryRequest: "128Mi",
    memoryLimit: "512Mi",
    // With many apps at once their pods wait for the cluster's controllers.
    rolloutTimeoutSeconds: 900,
  };
}
