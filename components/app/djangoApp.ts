import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import { Namespace, Secret, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";

import { expose, type ExposureArgs } from "./exposure";
import { migrate, migrationLabels } from "./migration";
import { limitTraffic } from "./networkPolicy";
import type { InNamespace } from "./objectMeta";
import { type PodArgs, podLabels, type PodReferences, podSpec, type SecretFile } from "./podSpec";
import { Postgres } from "./postgres";
import { pullSecret } from "./pullSecret";
import type { RegistryAccess } from "../image/registry";
import type { DatabaseName } from "../config/settings";

/** Arguments of `DjangoApp`. */
export interface DjangoAppArgs extends PodArgs, ExposureArgs {
  namespace: string;
  /** Pods up to which the CPU's use may scale; undefined for a fixed number. */
  maxReplicas: number | undefined;
  /** Percent of `cpuRequest` that pods use on average before there are more. */
  cpuTargetPercent: number;
  /** Django's SECRET_KEY; undefined only while debugging. */
  secretKey: pulumi.Input<string> | undefined;
  database: DatabaseName;
  /** URL of a Postgres that is there already; undefined for one in the namespace. */
  databaseUrl: pulumi.Input<string> | undefined;
  /** Size of the volume of the Postgres in the namespace, a Kubernetes quantity. */
  databaseStorage: string;
  /** Whether that volume is kept from being deleted. */
  protectData: boolean;
  /** With what the nodes sign in to the image's registry; undefined where they need not, or can by themselves. */
  registry: RegistryAccess | undefined;
  rolloutTimeoutSeconds: number;
  /** What has to be there before pods start: the image. The other objects need not wait for it. */
  deployAfter?: pulumi.Resource[];
}

/** Runs a Django image on Kubernetes and makes it reachable. */
export class DjangoApp extends pulumi.ComponentResource {
  /** URL of the page; undefined when the service is not reached from this machine. */
  public readonly url: pulumi.Output<string | undefined> | undefined;
  /** Command that opens a way to the service; undefined when none is needed. */
  public readonly openCommand: pulumi.Output<string> | undefined;
  /** Port on the node; undefined for a service without one. */
  public readonly nodePort: pulumi.Output<number | undefined> | undefined;
  /** Name of the namespace. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the Deployment. */
  public readonly deployment: pulumi.Output<string>;
  /** Name of the Service. */
  public readonly service: pulumi.Output<string>;

  constructor(name: string, args: DjangoAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:DjangoApp", name, {}, opts);
    const parent = { parent: this };

    const namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: args.namespace,
          labels: {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      // On a cluster that was deleted and made anew the replaced objects have the same names: taken away afterwards,
      // the new ones would go. Everything else depends on the namespace and follows it.
      { ...parent, deleteBeforeReplace: true },
    );
    const inNamespace: InNamespace = (rest) => ({
      namespace: namespace.metadata.name,
      ...rest,
    });

    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: inNamespace({ name }), automountServiceAccountToken: false },
      parent,
    );
    limitTraffic(name, inNamespace, parent);
    const { service, nodePort, url, openCommand, hosts, servedOverHttps } = expose(name, args, inNamespace, parent);
    const references: PodReferences = {
      account: account.metadata.name,
      hosts,
      servedOverHttps,
      secret: declareSecret(
        name,
        { secretKey: args.secretKey, databaseUrl: this.database(name, args, namespace) },
        inNamespace,
        parent,
      ),
      pullSecret: args.registry && pullSecret(name, args.registry, inNamespace, parent),
    };
    const deployAfter = [...(args.deployAfter ?? [])];
    if (args.database === "postgres") {
      deployAfter.push(migrate(name, args, references, inNamespace, { ...parent, dependsOn: [...deployAfter] }));
    }
    if (args.replicas > 1) {
      new PodDisruptionBudget(
        `${name}-budget`,
        {
          metadata: inNamespace({ name }),
          spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: podLabels } },
        },
        parent,
      );
    }

    const deployment = new Deployment(
      name,
      {
        metadata: inNamespace({
          name,
          labels: { app: "django" },
          annotations: { "pulumi.com/timeoutSeconds": String(args.rolloutTimeoutSeconds) },
        }),
        spec: {
          // The autoscaler's number would be undone by each update.
          ...(args.maxReplicas === undefined ? { replicas: args.replicas } : {}),
          revisionHistoryLimit: 2,
          progressDeadlineSeconds: args.rolloutTimeoutSeconds,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          selector: { matchLabels: podLabels },
          template: { metadata: { labels: podLabels }, spec: podSpec(args, references) },
        },
      },
      { ...parent, dependsOn: deployAfter },
    );
    if (args.maxReplicas !== undefined) {
      new HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
          metadata: inNamespace({ name }),
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
            minReplicas: args.replicas,
            maxReplicas: args.maxReplicas,
            metrics: [
              {
                type: "Resource",
                resource: { name: "cpu", target: { type: "Utilization", averageUtilization: args.cpuTargetPercent } },
              },
            ],
          },
        },
        parent,
      );
    }

    this.namespace = namespace.metadata.name;
    this.deployment = deployment.metadata.name;
    this.service = service.metadata.name;
    this.nodePort = nodePort;
    this.url = url;
    this.openCommand = openCommand;
    this.registerOutputs({
      url: this.url,
      openCommand: this.openCommand,
      nodePort: this.nodePort,
      namespace: this.namespace,
      deployment: this.deployment,
      service: this.service,
    });
  }

  /** The URL of the database, which is started if there is none; undefined for a file. */
  private database(
    name: string,
    { database, databaseUrl, databaseStorage: storage, protectData }: DjangoAppArgs,
    namespace: Namespace,
  ): pulumi.Input<string> | undefined {
    if (database === "sqlite" || databaseUrl !== undefined) {
      return databaseUrl;
    }
    const clients = [podLabels.app, migrationLabels.app];
    const server = new Postgres(
      `${name}-database`,
      { namespace: namespace.metadata.name, storage, protectData, clients },
      { parent: this },
    );
    return server.url;
  }
}

/** The Secret with what only the app may read; undefined when there is nothing. */
function declareSecret(
  name: string,
  { secretKey, databaseUrl }: Record<"secretKey" | "databaseUrl", pulumi.Input<string> | undefined>,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): PodReferences["secret"] {
  const data: Partial<Record<SecretFile, pulumi.Input<string>>> = {
    ...(secretKey === undefined ? {} : { "secret-key": secretKey }),
    ...(databaseUrl === undefined ? {} : { "database-url": databaseUrl }),
  };
  const files = Object.keys(data) as SecretFile[];
  if (files.length === 0) {
    return undefined;
  }
  // Without a fixed name a new value makes a new Secret, and the pods' reference to it rolls them.
  const secret = new Secret(
    `${name}-secret`,
    { metadata: metadata({}), immutable: true, stringData: data as Record<string, pulumi.Input<string>> },
    opts,
  );
  return { name: secret.metadata.name, files };
}
