import net from "node:net";

import { Service } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import { Ingress } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";

import type { Reached } from "./environment";
import { podLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import type { ExposedProcess } from "./processServices";
import { mapValues } from "../mapValues";
import type { ServiceType } from "../config/exposure";

/** How an app is reached. */
export interface ExposureArgs {
  serviceType: ServiceType;
  /** Port of the service inside the cluster and of its load balancer. */
  servicePort: number;
  /** 30000 to 32767; undefined to let Kubernetes choose. */
  nodePort: number | undefined;
  /** Host of the URL where that is known beforehand: where NodePorts are reached, or by config. */
  urlHost: string | undefined;
  /** Port of `urlHost` at which a NodePort is reached, undefined for none; without it the NodePort itself. */
  urlPort?: ((nodePort: number) => number | undefined) | undefined;
  /** Command that opens a way to the service where there may be no URL. */
  openCommand?: ((namespace: string, service: string) => string) | undefined;
  /** Host that an Ingress answers for; undefined for no Ingress. */
  ingressHost: string | undefined;
  /** Undefined for the cluster's default class. */
  ingressClassName: string | undefined;
  /** Secret in the namespace with the certificate of `ingressHost`; undefined for plain HTTP. */
  ingressTlsSecret: string | undefined;
}

/** The ways to an app, and what its processes are told of them. */
export interface Exposure extends Reached {
  service: Service;
  /** Undefined for a service without one. */
  nodePort: pulumi.Output<number | undefined> | undefined;
  /** Undefined where the service is not reached from this machine, but for `openCommand`. */
  url: pulumi.Output<string | undefined> | undefined;
  /** URLs of the exposed processes, by their names, where this machine reaches them; undefined for none exposed. */
  processUrls: pulumi.Output<Record<string, string>> | undefined;
  openCommand: pulumi.Output<string> | undefined;
}

type Address = Partial<types.output.core.v1.LoadBalancerIngress>;

/**
 * Declares the Service and, with a host for it, the Ingress.
 *
 * @param processes what else is reached from outside, by names
 */
export function expose(
  name: string,
  args: ExposureArgs,
  processes: Record<string, ExposedProcess>,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Exposure {
  const annotations = serviceAnnotations(args);
  const service = new Service(
    `${name}-service`,
    {
      metadata: metadata({ name: `${name}-service`, ...(annotations === undefined ? {} : { annotations }) }),
      spec: {
        type: args.serviceType,
        selector: podLabels,
        ports: [
          {
            name: "http",
            port: args.servicePort,
            targetPort: "http",
            ...(args.nodePort === undefined ? {} : { nodePort: args.nodePort }),
          },
        ],
      },
    },
    opts,
  );
  const nodePort = args.serviceType === "ClusterIP" ? undefined : nodePortOf(service, args.nodePort);
  const ingress = declareIngress(name, args, { service, processes }, metadata, opts);
  // The first that is known: by config, by the target, by what gives the service an address.
  const host = ingress?.host ?? args.urlHost ?? (isFoundByLoadBalancer(args) ? loadBalancerHost(service) : undefined);
  const { openCommand } = args;
  return {
    service,
    nodePort,
    url: ingress ? pulumi.output(ingress.url) : host === undefined ? undefined : serviceUrl(args, host, nodePort),
    processUrls: knownUrls(
      mapValues(processes, ({ service, expose }) =>
        expose === "NodePort" ? nodeUrl(args, host, nodePortOf(service)) : ingress && new URL(expose, ingress.url).href,
      ),
    ),
    openCommand:
      openCommand &&
      pulumi
        .all([service.metadata.namespace, service.metadata.name])
        .apply(([namespace, service]) => openCommand(namespace, service)),
    ...reachedAt(host, ingress?.url.startsWith("https:") ?? false),
  };
}

/** @param host at which the app is reached; undefined where that is not known */
function reachedAt(host: pulumi.Input<string | undefined>, servedOverHttps: boolean): Reached {
  const hosts = pulumi
    .output(host)
    .apply((reached) => [...new Set([reached ?? "localhost", "localhost", "127.0.0.1"])]);
  // Without TLS here, something in front may still end it. A form's origin has to be listed only if it is not the
  // request's own, so no port is.
  const schemes = servedOverHttps ? ["https"] : ["http", "https"];
  return {
    hosts: hosts.apply((all) => all.join(",")),
    origins: hosts.apply((all) => all.flatMap((each) => schemes.map((scheme) => `${scheme}://${each}`)).join(",")),
    servedOverHttps,
  };
}

/** @param nodePort the port that was asked for; undefined to let Kubernetes choose */
function nodePortOf(service: Service, nodePort?: number): pulumi.Output<number | undefined> {
  // Until Kubernetes has chosen a port the service has no id either: together they stay unknown in a preview.
  return nodePort === undefined
    ? pulumi.all([service.spec, service.id]).apply(([spec]) => spec.ports[0]?.nodePort)
    : pulumi.output(nodePort);
}

/** Whether the only host is the address that the cluster gives to the service. */
function isFoundByLoadBalancer({ serviceType, urlHost, openCommand }: ExposureArgs): boolean {
  return serviceType === "LoadBalancer" && urlHost === undefined && openCommand === undefined;
}

/** When the service is there; its own awaiter also sleeps 10 s after the endpoints are, and the Deployment gates those. */
function serviceAnnotations(args: ExposureArgs): Record<string, string> | undefined {
  if (isFoundByLoadBalancer(args)) {
    return { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" };
  }
  return args.serviceType === "LoadBalancer" ? undefined : { "pulumi.com/skipAwait": "true" };
}

function loadBalancerHost(service: Service): pulumi.Output<string | undefined> {
  const status = service.status as pulumi.Output<Partial<types.output.core.v1.ServiceStatus> | undefined>;
  // As with the node's port. In a preview of a new service the status is missing, although its type does not say so.
  return pulumi.all([status, service.id]).apply(([known]) => {
    const { hostname, ip } = (known?.loadBalancer?.ingress as Address[] | undefined)?.[0] ?? {};
    return hostname ?? (ip !== undefined && net.isIPv6(ip) ? `[${ip}]` : ip);
  });
}

function serviceUrl(
  args: ExposureArgs,
  host: pulumi.Input<string | undefined>,
  nodePort: pulumi.Output<number | undefined> | undefined,
): pulumi.Output<string | undefined> {
  return args.serviceType === "NodePort" && nodePort !== undefined
    ? nodeUrl(args, host, nodePort)
    : httpUrl(host, args.servicePort);
}

/** URL of a port of the node. */
function nodeUrl(
  { urlPort = (nodePort) => nodePort }: ExposureArgs,
  host: pulumi.Input<string | undefined>,
  nodePort: pulumi.Output<number | undefined>,
): pulumi.Output<string | undefined> {
  return httpUrl(
    host,
    nodePort.apply((chosen) => (chosen === undefined ? undefined : urlPort(chosen))),
  );
}

function knownUrls(
  urls: Record<string, pulumi.Input<string | undefined>>,
): pulumi.Output<Record<string, string>> | undefined {
  if (Object.keys(urls).length === 0) {
    return undefined;
  }
  return pulumi
    .output(urls)
    .apply((known) =>
      Object.fromEntries(
        Object.entries(known).flatMap(([process, url]) => (url === undefined ? [] : [[process, url]])),
      ),
    );
}

function httpUrl(
  host: pulumi.Input<string | undefined>,
  port: pulumi.Input<number | undefined>,
): pulumi.Output<string | undefined> {
  return pulumi
    .all([host, port])
    .apply(([reached, at]) =>
      reached === undefined || at === undefined ? undefined : new URL(`http://${reached}:${at}`).href,
    );
}

/** @param behind what the host leads to: a process by the path that it is exposed at, and the web process by all others */
function declareIngress(
  name: string,
  { ingressHost, ingressClassName, ingressTlsSecret }: ExposureArgs,
  behind: { service: Service; processes: Record<string, ExposedProcess> },
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): { host: string; url: string } | undefined {
  if (ingressHost === undefined) {
    return undefined;
  }
  const route = (path: string, { metadata: { name } }: Service): types.input.networking.v1.HTTPIngressPath => ({
    path,
    pathType: "Prefix",
    backend: { service: { name, port: { name: "http" } } },
  });
  const paths = Object.values(behind.processes)
    .filter(({ expose }) => expose !== "NodePort")
    .map(({ expose, service }) => route(expose, service));
  new Ingress(
    `${name}-ingress-host`,
    {
      // Controllers differ in what they write into its status, and when; in the end the page itself is requested.
      metadata: metadata({ name, annotations: { "pulumi.com/skipAwait": "true" } }),
      spec: {
        ...(ingressClassName === undefined ? {} : { ingressClassName }),
        ...(ingressTlsSecret === undefined ? {} : { tls: [{ hosts: [ingressHost], secretName: ingressTlsSecret }] }),
        rules: [{ host: ingressHost, http: { paths: [...paths, route("/", behind.service)] } }],
      },
    },
    opts,
  );
  return { host: ingressHost, url: `${ingressTlsSecret === undefined ? "http" : "https"}://${ingressHost}/` };
}
