import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Namespace, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";

import { type PodArgs, podLabels, podSpec, port, secretFile } from "./podSpec";
import type { ServiceType } from "./settings";

/** Arguments of `DjangoApp`. */
export interface DjangoAppArgs extends PodArgs {
  namespace: string;
  serviceType: ServiceType;
  /** 30000 to 32767; undefined to let Kubernetes choose. */
  nodePort: number | undefined;
  /** Port of `urlHost` at which a NodePort is reached, undefined for none; without it the NodePort itself. */
  urlPort?: (nodePort: number) => number | undefined;
  /** Command that opens a way to the service where there may be no URL. */
  openCommand?: (namespace: string, service: string) => string;
  /** Django's SECRET_KEY; undefined only while debugging. */
  secretKey: pulumi.Input<string> | undefined;
  rolloutTimeoutSeconds: number;
  /** What has to be there before pods start: the image. The other objects need not wait for it. */
  deployAfter?: pulumi.Resource[];
}

const noUrl = pulumi.output<string | undefined>(undefined);

/** Runs a Django image on Kubernetes and makes it reachable. */
export class DjangoApp extends pulumi.ComponentResource {
  /** URL of the page; undefined when the service is not reached from this machine. */
  public readonly url: pulumi.Output<string | undefined>;
  /** Command that opens a way to the service; undefined when none is needed. */
  public readonly openCommand: pulumi.Output<string | undefined>;
  /** Port on the node; undefined for a service without one. */
  public readonly nodePort: pulumi.Output<number | undefined>;
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
    const inNamespace = (rest: Partial<types.input.meta.v1.ObjectMeta>): types.input.meta.v1.ObjectMeta => ({
      namespace: namespace.metadata.name,
      ...rest,
    });

    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: inNamespace({ name }), automountServiceAccountToken: false },
      parent,
    );
    // Without a fixed name a new key makes a new Secret, and the pods' reference to it rolls them.
    const secret =
      args.secretKey === undefined
        ? undefined
        : new Secret(
            `${name}-secret`,
            { metadata: inNamespace({}), immutable: true, stringData: { [secretFile]: args.secretKey } },
            parent,
          );

    const service = new Service(
      `${name}-service`,
      {
        metadata: inNamespace({
          name: `${name}-service`,
          // Its awaiter sleeps 10 s after the endpoints are there; the Deployment's readiness already gates.
          ...(args.serviceType === "NodePort" ? { annotations: { "pulumi.com/skipAwait": "true" } } : {}),
        }),
        spec: {
          type: args.serviceType,
          selector: podLabels,
          ports: [
            {
              name: "http",
              port,
              targetPort: "http",
              ...(args.nodePort === undefined ? {} : { nodePort: args.nodePort }),
            },
          ],
        },
      },
      parent,
    );

    new NetworkPolicy(
      `${name}-ingress`,
      {
        metadata: inNamespace({ name }),
        // Every pod of the namespace: what else is put there is not let in by accident.
        spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports: [{ protocol: "TCP", port }] }] },
      },
      parent,
    );
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
          replicas: args.replicas,
          revisionHistoryLimit: 2,
          progressDeadlineSeconds: args.rolloutTimeoutSeconds,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          selector: { matchLabels: podLabels },
          template: {
            metadata: { labels: podLabels },
            spec: podSpec(args, account.metadata.name, secret?.metadata.name),
          },
        },
      },
      { ...parent, dependsOn: args.deployAfter ?? [] },
    );

    this.namespace = namespace.metadata.name;
    this.deployment = deployment.metadata.name;
    this.service = service.metadata.name;
    // Until Kubernetes has chosen a port the service has no id either: together they stay unknown in a preview.
    this.nodePort =
      args.nodePort === undefined
        ? pulumi.all([service.spec, service.id]).apply(([spec]) => spec.ports[0]?.nodePort)
        : pulumi.output(args.nodePort);
    const { urlHost, urlPort = (nodePort: number) => nodePort } = args;
    const reachedPort =
      args.serviceType === "NodePort"
        ? this.nodePort.apply((nodePort) => (nodePort === undefined ? undefined : urlPort(nodePort)))
        : pulumi.output(port);
    this.url =
      urlHost === undefined
        ? noUrl
        : reachedPort.apply((reached) => (reached === undefined ? undefined : `http://${urlHost}:${reached}/`));
    this.openCommand = pulumi
      .all([this.namespace, this.service])
      .apply(([inside, service]) => args.openCommand?.(inside, service));
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
