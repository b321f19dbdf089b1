import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { BackupSettings } from "../config/backup";
import { volumeOwner } from "../config/database";
import type { EvictionPolicy, RedisPlace } from "../config/redis";
import type { RegistryUser } from "../image/registry";
import type { Mark } from "../safeguards/mark";
import type { Owner } from "../safeguards/ownership";
import { backUp } from "./backup";
import { dataVolume } from "./dataVolume";
import { declareSecrets, type SecretArgs } from "./appSecret";
import { expose, type ExposureArgs } from "./exposure";
import { appPods, podLabels } from "./labels";
import { declareAgent } from "../liveReload/livePod";
import { declareMedia, type MediaArgs } from "./mediaVolume";
import { migrate } from "./migration";
import { declareNamespace } from "./namespace";
import { admitCertManager, limitTraffic } from "./networkPolicy";
import { inNamespace, type InNamespace } from "./objectMeta";
import type { PodReferences } from "./podSpec";
import { Postgres } from "./postgres";
import { type ProcessArgs, type ProcessesArgs, runProcesses } from "./processes";
import { type ProcessPort, serveProcesses } from "./processServices";
import { pullSecret } from "./pullSecret";
import { Redis } from "./redis";
import { autoscale, limitDisruption } from "./scaling";
import { runSchedules, type ScheduleArgs } from "./schedules";
import type { ServerCluster } from "./serverRollout";
import { serveWeb, type WebArgs } from "./web";

/** Arguments of `DjangoApp`. */
export interface DjangoAppArgs extends WebArgs, Omit<ProcessesArgs, "processes">, ExposureArgs {
  namespace: string;
  /** What the result of the release command depends on. */
  releaseTag: string;
  /** What runs beside the web process, by names. */
  processes: Record<string, ProcessArgs & ProcessPort>;
  /** Commands that run from time to time, by names. */
  schedules: Record<string, ScheduleArgs>;
  /** Folders of the image with the project's sources, which are live in its pods; undefined where they are the image's. */
  liveRoots?: readonly string[] | undefined;
  /** The stack's right to it. */
  owner: Owner;
  /** Django's SECRET_KEY; undefined only with debug on, for a generated one. */
  secretKey: pulumi.Input<string> | undefined;
  /** The stack's own variables with secret values, which win. */
  secretEnv: SecretArgs["secretEnv"];
  /** URL of an existing Postgres; undefined for one in the namespace. */
  databaseUrl: pulumi.Input<string> | undefined;
  /** Major version of Postgres. */
  postgresVersion: number;
  /** Size of the volume that keeps the data, a Kubernetes quantity; undefined for none. */
  databaseStorage: string | undefined;
  /** Volume for uploads; undefined for none. */
  media: MediaArgs | undefined;
  /** Whether volumes with data are kept from being deleted. */
  protectData: boolean;
  /** Backups of the database from time to time; undefined for none. */
  backup: BackupSettings | undefined;
  /** Where the Redis is. */
  redis: RedisPlace;
  /** URL of an existing one; undefined for any other. */
  redisUrl: pulumi.Input<string> | undefined;
  /** Size of the volume that keeps the data of one in the namespace, a Kubernetes quantity; undefined for none. */
  redisStorage: string | undefined;
  /** Memory that its data may take, a Kubernetes quantity. */
  redisMemory: string;
  /** What it does with another write when it is full. */
  redisPolicy: EvictionPolicy;
  /** The cluster in which servers of the namespace run. */
  cluster: ServerCluster;
  /** The user with whom the nodes pull the image; undefined where they need none, or have their own. */
  registry: RegistryUser | undefined;
  /** What has to be there before pods start: the image. The other objects need not wait for it. */
  deployAfter?: pulumi.Resource[];
}

/** Runs a Django image on Kubernetes and makes it reachable. */
export class DjangoApp extends pulumi.ComponentResource {
  /** URL of the page; undefined when the service is not reached from this machine. */
  public readonly url: pulumi.Output<string | undefined> | undefined;
  /** URLs of the exposed processes, by their names, where this machine reaches them; undefined for none exposed. */
  public readonly processUrls: pulumi.Output<Record<string, string>> | undefined;
  /** Command that opens a way to the service; undefined when none is needed. */
  public readonly openCommand: pulumi.Output<string> | undefined;
  /** Port on the node; undefined for a service without one. */
  public readonly nodePort: pulumi.Output<number | undefined> | undefined;
  /** What the stack marks its own with, for its next update. */
  public readonly mark: pulumi.Output<Mark>;
  /** Name of the namespace. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the Deployment. */
  public readonly deployment: pulumi.Output<string>;
  /** Name of the Service. */
  public readonly service: pulumi.Output<string>;

  constructor(name: string, args: DjangoAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:DjangoApp", name, {}, opts);
    const parent = { parent: this };

    const { isGuest, isAdopted, mark } = args.owner;
    const namespace = declareNamespace(name, args.namespace, args.owner, args.podSecurity, parent);
    const metadata = inNamespace(namespace, isGuest);
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: metadata({ name }), automountServiceAccountToken: false },
      parent,
    );
    limitTraffic(name, { port: args.port, isGuest }, metadata, parent);
    // Nothing keeps requests from the pods of others.
    if (args.ingressHost !== undefined && !isGuest) {
      admitCertManager(name, metadata, parent);
    }
    const media = args.media && declareMedia(name, args.media, args.protectData, metadata, parent);
    // Where all pods are on one node, maintenance has to end them all.
    if (media?.label === undefined) {
      limitDisruption(name, { ...args, labels: podLabels }, metadata, parent);
    }
    const processServices = serveProcesses(name, args.processes, metadata, parent);
    const { service, nodePort, url, processUrls, openCommand, ...reached } = expose(
      name,
      args,
      processServices,
      metadata,
      parent,
    );
    const { url: databaseUrl, file } = declareDatabase(name, args, metadata, parent);
    const redisUrl = declareRedis(name, args, metadata, parent);
    const references: PodReferences = {
      account: account.metadata.name,
      ...reached,
      sqliteVolume: file,
      media,
      secrets: declareSecrets(name, { ...args, databaseUrl, redisUrl }, metadata, parent),
      pullSecret: args.registry && pullSecret(name, args.registry, metadata, parent),
      agent: args.liveRoots && declareAgent(name, args.liveRoots, metadata, parent),
    };
    const image = args.deployAfter ?? [];
    // A Job cannot be changed, and that of the stack before may be there under the same name.
    const releaseName = `${name}-migrate-${args.releaseTag}${isAdopted ? `-${mark.id.slice(0, 5)}` : ""}`;
    const migration = migrate(name, { ...args, releaseName }, references, metadata, { ...parent, dependsOn: image });
    const dependsOn = [...image, ...(migration === undefined ? [] : [migration])];
    const deployment = serveWeb(name, args, references, metadata, { ...parent, dependsOn });
    autoscale(name, args, metadata, parent);
    runProcesses(name, args, references, metadata, { ...parent, dependsOn });
    runSchedules(name, args, references, metadata, { ...parent, dependsOn });
    if (args.backup !== undefined) {
      const { backup, protectData, postgresVersion } = args;
      const own = { account: account.metadata.name, secrets: references.secrets.values };
      backUp(
        `${name}-backup`,
        { backup, protectData, postgresVersion, namespace: args.namespace },
        own,
        metadata,
        parent,
      );
    }

    this.mark = pulumi.output(mark);
    this.namespace = namespace;
    this.deployment = deployment.metadata.name;
    this.service = service.metadata.name;
    this.nodePort = nodePort;
    this.url = url;
    this.processUrls = processUrls;
    this.openCommand = openCommand;
    this.registerOutputs({
      mark: this.mark,
      url: this.url,
      processUrls: this.processUrls,
      openCommand: this.openCommand,
      nodePort: this.nodePort,
      namespace: this.namespace,
      deployment: this.deployment,
      service: this.service,
    });
  }
}

/** Where the database is. */
interface Database {
  /** Undefined for a file. */
  url: pulumi.Input<string> | undefined;
  /** Name of the volume that keeps the file; undefined for one that goes with its pod. */
  file: pulumi.Input<string> | undefined;
}

/** Declares what keeps the data in the namespace. */
function declareDatabase(
  name: string,
  { database, databaseUrl, postgresVersion, databaseStorage, protectData, cluster }: DjangoAppArgs,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Database {
  switch (volumeOwner({ database, databaseUrl, databaseStorage })) {
    case "sqlite":
      return {
        url: undefined,
        file: dataVolume(`${name}-sqlite`, { storage: databaseStorage, protectData }, metadata, opts).metadata.name,
      };
    case "database": {
      const args = {
        metadata,
        version: postgresVersion,
        storage: databaseStorage,
        protectData,
        cluster,
        clients: appPods,
      };
      return { url: new Postgres(`${name}-database`, args, opts).url, file: undefined };
    }
    default:
      return { url: databaseUrl, file: undefined };
  }
}

/** @returns its URL; undefined for none */
function declareRedis(
  name: string,
  {
    redis,
    redisUrl,
    redisStorage: storage,
    redisMemory: memory,
    redisPolicy: policy,
    protectData,
    cluster,
  }: DjangoAppArgs,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> | undefined {
  return redis === "namespace"
    ? new Redis(`${name}-redis`, { metadata, storage, protectData, memory, policy, cluster, clients: appPods }, opts)
        .url
    : redisUrl;
}
