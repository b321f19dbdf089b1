import type * as pulumi from "@pulumi/pulumi";

import { dnsName, host, listOf, matching, oneOf, optional, quantity, textMap, wholeNumber } from "./configChecks";
import { databaseOf, flag, ofIngress, registryAccess, secretKeyOf } from "./configGroups";

export const targetNames = ["docker-desktop", "minikube", "sandbox", "cluster"] as const;
export const builders = ["docker", "docker-build"] as const;
export const serviceTypes = ["NodePort", "LoadBalancer", "ClusterIP"] as const;
export const databases = ["sqlite", "postgres"] as const;

export type TargetName = (typeof targetNames)[number];
export type Builder = (typeof builders)[number];
export type ServiceType = (typeof serviceTypes)[number];
export type DatabaseName = (typeof databases)[number];

/** The stack's config, typed and checked. Defaults stand in Pulumi.yaml, beside each key's description. */
export interface Settings {
  target: TargetName;
  /** Context in the kubeconfig; undefined for the target's own. */
  kubeContext: string | undefined;
  minikubeProfile: string;
  namespace: string;
  /** Repository part of the image reference, without a tag. */
  imageRepository: string;
  /** User of the registry; undefined for what the Docker credential store has. */
  registryUsername: string | undefined;
  registryPassword: pulumi.Output<string> | undefined;
  builder: Builder;
  buildArgs: Record<string, string>;
  /** Such as linux/arm64, or several with commas between; undefined for the target's own. */
  platform: string | undefined;
  /** Undefined for the target's own. */
  replicas: number | undefined;
  /** Pods up to which the CPU's use may scale; undefined for a fixed number. */
  maxReplicas: number | undefined;
  /** Percent of `cpuRequest` that pods use on average before there are more. */
  cpuTargetPercent: number;
  /** 30000 to 32767; undefined to let Kubernetes choose. */
  nodePort: number | undefined;
  /** Undefined for the target's usual one. */
  serviceType: ServiceType | undefined;
  /** Host of the URL; undefined for the target's own. */
  urlHost: string | undefined;
  /** Host that an Ingress answers for; undefined for no Ingress. */
  ingressHost: string | undefined;
  /** Undefined for the cluster's default class. */
  ingressClassName: string | undefined;
  /** Secret in the namespace with the certificate of `ingressHost`; undefined for plain HTTP. */
  ingressTlsSecret: string | undefined;
  debug: boolean;
  secretKey: pulumi.Output<string> | undefined;
  database: DatabaseName;
  /** URL of a Postgres that is there already; undefined for one in the namespace. */
  databaseUrl: pulumi.Output<string> | undefined;
  /** Size of the volume of the Postgres in the namespace, a Kubernetes quantity. */
  databaseStorage: string;
  /** Whether that volume is kept from being deleted. */
  protectData: boolean;
  cpuRequest: string;
  /** Undefined for the target's own, which may be none. */
  cpuLimit: string | undefined;
  memoryRequest: string;
  memoryLimit: string;
  /** Seconds; undefined for the target's own. */
  rolloutTimeoutSeconds: number | undefined;
}

/** The part of `pulumi.Config` that is read here. */
export type ConfigReader = Pick<pulumi.Config, "name" | "get" | "getObject" | "getSecret">;

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const platformPattern = /^linux\/[a-z0-9]+(\/v[0-9]+)?$/;
const repositoryPattern =
  /^([a-z0-9.-]+(:[0-9]+)?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;
const profilePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;
/** Cloud providers put colons, slashes and at signs into the names of contexts. */
const contextPattern = /^(?!\s)[^\p{Cc}]+(?<!\s)$/u;

/** Reads and checks every config key; the only reader of `pulumi.Config`. Throws a `Problem` for the first bad value. */
export function loadSettings(config: ConfigReader): Settings {
  // A default of "" in Pulumi.yaml means that the key is optional: a key without a default is required.
  const text = (key: string): string | undefined => config.get(key) || undefined;
  return {
    target: readTarget(config),
    kubeContext: optional(text("kubeContext"), (value) =>
      matching("kubeContext", value, contextPattern, {
        allowed: "the name of a context in your kubeconfig, without spaces around it",
        example: "docker-desktop",
      }),
    ),
    minikubeProfile: matching("minikubeProfile", text("minikubeProfile"), profilePattern, {
      allowed: "the name of a minikube profile (letters, digits, - and _)",
      example: "minikube",
    }),
    namespace: matching("namespace", text("namespace"), dnsLabel, {
      allowed: "a DNS label (at most 63 of a-z, 0-9 and -, not starting or ending with -)",
      example: "kubernetes-django",
    }),
    imageRepository: matching("imageRepository", text("imageRepository"), repositoryPattern, {
      allowed: "an image repository without a tag, in lower case",
      example: "kubernetes-django",
    }),
    ...registryAccess(config),
    ...readBuild(config),
    replicas: optional(text("replicas"), (value) => wholeNumber("replicas", value, { from: 0, to: 1000, example: 1 })),
    maxReplicas: optional(text("maxReplicas"), (value) =>
      wholeNumber("maxReplicas", value, { from: 1, to: 1000, example: 10 }),
    ),
    cpuTargetPercent: wholeNumber("cpuTargetPercent", text("cpuTargetPercent"), { from: 1, to: 1000, example: 80 }),
    nodePort: optional(text("nodePort"), (value) =>
      wholeNumber("nodePort", value, { from: 30000, to: 32767, example: 30080 }),
    ),
    serviceType: optional(text("serviceType"), (value) => oneOf("serviceType", value, serviceTypes)),
    urlHost: optional(text("urlHost"), (value) => host("urlHost", value, "localhost")),
    ingressHost: optional(text("ingressHost"), (value) => dnsName("ingressHost", value, "django.example.com")),
    ingressClassName: ofIngress(config, "ingressClassName", "nginx"),
    ingressTlsSecret: ofIngress(config, "ingressTlsSecret", "django-tls"),
    debug: flag(config, "debug"),
    secretKey: secretKeyOf(config),
    ...databaseOf(config),
    cpuRequest: quantity("cpuRequest", text("cpuRequest"), "100m"),
    cpuLimit: optional(text("cpuLimit"), (value) => quantity("cpuLimit", value, "1")),
    memoryRequest: quantity("memoryRequest", text("memoryRequest"), "128Mi"),
    memoryLimit: quantity("memoryLimit", text("memoryLimit"), "512Mi"),
    rolloutTimeoutSeconds: optional(text("rolloutTimeoutSeconds"), (value) =>
      wholeNumber("rolloutTimeoutSeconds", value, { from: 5, to: 3600, example: 60 }),
    ),
  };
}

/** Config without its secrets, whoever reads it. */
export interface PlainConfig {
  get(key: string): string | undefined;
  getObject(key: string): unknown;
}

/** How the image is built, which is asked before the program runs as well. */
export function readBuild(config: PlainConfig): Pick<Settings, "builder" | "buildArgs" | "platform"> {
  const text = (key: string): string | undefined => config.get(key) || undefined;
  return {
    builder: oneOf("builder", text("builder"), builders),
    buildArgs: textMap(
      "buildArgs",
      () => text("buildArgs"),
      () => config.getObject("buildArgs"),
      "--path buildArgs.PYTHON_VERSION 3.13",
    ),
    platform: optional(text("platform"), (value) =>
      listOf("platform", value, platformPattern, {
        allowed: "linux/<architecture>, such as linux/amd64 or linux/arm64, or several with commas between",
        example: "linux/amd64",
      }),
    ),
  };
}

/** The stack's target alone, which is all that the policies ask. */
export function readTarget(config: Pick<ConfigReader, "get">): TargetName {
  return oneOf("target", config.get("target") || undefined, targetNames);
}
