import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import type { DatabaseName } from "../config/database";
import type { RegistryUser } from "../image/registry";
import { declareSecret } from "./appSecret";
import { expose, type ExposureArgs } from "./exposure";
import { migrate, migrationLabels } from "./migration";
import { declareNamespace } from "./namespace";
import { admitCertManager, limitTraffic } from "./networkPolicy";
import type { InNamespace } from "./objectMeta";
import { podLabels, type PodReferences } from "./podSpec";
import { Postgres } from "./postgres";
import { pullSecret } from "./pullSecret";
import { autoscale, limitDisruption } from "./scaling";
import { serveWeb, type WebArgs } from "./web";

/** Arguments of `DjangoApp`. */
export interface DjangoAppArgs extends WebArgs, ExposureArgs {
  namespace: string;
  /** Django's SECRET_KEY; undefined only with debug on. */
  secretKey: pulumi.Input<string> | undefined;
  database: DatabaseName;
  /** URL of an existing Postgres; undefined for one in the namespace. */
  databaseUrl: pulumi.Input<string> | undefined;
  /** Size of the volume of the Postgres in the namespace, a Kubernetes quantity. */
  databaseStorage: string;
  /** Whether that volume is kept from being deleted. */
  protectData: boolean;
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
  /** Name of the namespace. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the Deployment. */
  public readonly deployment: pulumi.Output<string>;
  /** Name of the Service. */
  public readonly service: pulumi.Output<string>;

  constructor(name: string, args: DjangoAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:DjangoApp", name, {}, opts);
    const parent = { parent: this };

    const namespace = declareNamespace(name, args.namespace, parent);
    const inNamespace: InNamespace = (rest) => ({ namespace: namespace.metadata.name, ...rest });
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: inNamespace({ name }), automountServiceAccountToken: false },
      parent,
    );
    limitTraffic(name, inNamespace, parent);
    if (args.ingressHost !== undefined) {
      admitCertManager(name, inNamespace, parent);
    }
    limitDisruption(name, args, inNamespace, parent);
    const { service, nodePort, url, openCommand, hosts, servedOverHttps } = expose(name, args, inNamespace, parent);
    const databaseUrl = declareDatabase(name, args, namespace.metadata.name, parent);
    const references: PodReferences = {
      account: account.metadata.name,
      hosts,
      servedOverHttps,
      secret: declareSecret(name, { secretKey: args.secretKey, databaseUrl }, inNamespace, parent),
      pullSecret: args.registry && pullSecret(name, args.registry, inNamespace, parent),
    };
    const image = args.deployAfter ?? [];
    const migration = migrate(name, args, references, inNamespace, { ...parent, dependsOn: image });
    const dependsOn = [...image, ...(migration === undefined ? [] : [migration])];
    const deployment = serveWeb(name, args, references, inNamespace, { ...parent, dependsOn });
    autoscale(name, args, inNamespace, parent);

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
}

/** The URL of the database, whose server is started if there is none; undefined for a file in the pod. */
function declareDatabase(
  name: string,
  { database, databaseUrl, databaseStorage: storage, protectData }: DjangoAppArgs,
  namespace: pulumi.Output<string>,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Input<string> | undefined {
  if (database === "sqlite" || databaseUrl !== undefined) {
    return databaseUrl;
  }
  const clients = [podLabels.app, migrationLabels.app];
  return new Postgres(`${name}-database`, { namespace, storage, protectData, clients }, opts).url;
}
