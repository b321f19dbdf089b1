import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { DatabaseName } from "../config/database";
import type { RegistryUser } from "../image/registry";
import type { Mark } from "../safeguards/mark";
import type { Owner } from "../safeguards/ownership";
import { declareSecret } from "./appSecret";
import { expose, type ExposureArgs } from "./exposure";
import { migrate, migrationLabels } from "./migration";
import { declareNamespace } from "./namespace";
import { admitCertManager, limitTraffic } from "./networkPolicy";
import { inNamespace, type InNamespace } from "./objectMeta";
import { podLabels, type PodReferences } from "./podSpec";
import { Postgres } from "./postgres";
import { pullSecret } from "./pullSecret";
import { autoscale, limitDisruption } from "./scaling";
import type { ServerCluster } from "./serverRollout";
import { serveWeb, type WebArgs } from "./web";

/** Arguments of `DjangoApp`. */
export interface DjangoAppArgs extends WebArgs, ExposureArgs {
  namespace: string;
  /** The stack's right to it. */
  owner: Owner;
  /** Django's SECRET_KEY; undefined only with debug on. */
  secretKey: pulumi.Input<string> | undefined;
  database: DatabaseName;
  /** URL of an existing Postgres; undefined for one in the namespace. */
  databaseUrl: pulumi.Input<string> | undefined;
  /** Size of the volume of the Postgres in the namespace, a Kubernetes quantity. */
  databaseStorage: string;
  /** Whether that volume is kept from being deleted. */
  protectData: boolean;
  /** The cluster in which that Postgres runs. */
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
    const namespace = declareNamespace(name, args.namespace, args.owner, parent);
    const metadata = inNamespace(namespace, isGuest);
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: metadata({ name }), automountServiceAccountToken: false },
      parent,
    );
    limitTraffic(name, isGuest, metadata, parent);
    // Nothing keeps requests from the pods of others.
    if (args.ingressHost !== undefined && !isGuest) {
      admitCertManager(name, metadata, parent);
    }
    limitDisruption(name, args, metadata, parent);
    const { service, nodePort, url, openCommand, hosts, servedOverHttps } = expose(name, args, metadata, parent);
    const databaseUrl = declareDatabase(name, args, metadata, parent);
    const references: PodReferences = {
      account: account.metadata.name,
      hosts,
      servedOverHttps,
      secret: declareSecret(name, { secretKey: args.secretKey, databaseUrl }, metadata, parent),
      pullSecret: args.registry && pullSecret(name, args.registry, metadata, parent),
    };
    const image = args.deployAfter ?? [];
    // A Job cannot be changed, and that of the stack before may be there under the same name.
    const migrationName = `${name}-migrate-${args.imageTag}${isAdopted ? `-${mark.id.slice(0, 5)}` : ""}`;
    const migration = migrate(name, { ...args, migrationName }, references, metadata, { ...parent, dependsOn: image });
    const dependsOn = [...image, ...(migration === undefined ? [] : [migration])];
    const deployment = serveWeb(name, args, references, metadata, { ...parent, dependsOn });
    autoscale(name, args, metadata, parent);

    this.mark = pulumi.output(mark);
    this.namespace = namespace;
    this.deployment = deployment.metadata.name;
    this.service = service.metadata.name;
    this.nodePort = nodePort;
    this.url = url;
    this.openCommand = openCommand;
    this.registerOutputs({
      mark: this.mark,
      url: this.url,
      openCommand: this.openCommand,
      nodePort: this.nodePort,
      namespace: this.namespace,
      deployment: this.deployment,
      service: this.service,
    });
  }
}

/** The URL of the database, whose server is started if there is none; undefined for a file in the pod. */
function declareDatabase(
  name: string,
  { database, databaseUrl, databaseStorage: storage, protectData, cluster }: DjangoAppArgs,
  metadata: InNamespace,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Input<string> | undefined {
  if (database === "sqlite" || databaseUrl !== undefined) {
    return databaseUrl;
  }
  const clients = [podLabels.app, migrationLabels.app];
  return new Postgres(`${name}-database`, { metadata, storage, protectData, cluster, clients }, opts).url;
}
