import type * as pulumi from "@pulumi/pulumi";
import { getConfig } from "@pulumi/pulumi/runtime/config";

import { host, matching, oneOf, optional, quantity, textMap, wholeNumber } from "./configChecks";
import { Problem } from "./problem";

export const targetNames = ["docker-desktop", "minikube", "sandbox"] as const;
export const builders = ["docker", "docker-build"] as const;
export const serviceTypes = ["NodePort", "LoadBalancer"] as const;

export type TargetName = (typeof targetNames)[number];
export type Builder = (typeof builders)[number];
export type ServiceType = (typeof serviceTypes)[number];

/** The stack's config, typed and checked. Defaults stand in Pulumi.yaml, beside each key's description. */
export interface Settings {
  target: TargetName;
  /** Context in the kubeconfig; undefined for the target's own. */
  kubeContext: string | undefined;
  minikubeProfile: string;
  namespace: string;
  /** Repository part of the image reference, without a tag. */
  imageRepository: string;
  builder: Builder;
  buildArgs: Record<string, string>;
  /** Such as linux/arm64; undefined for the Docker daemon's own. */
  platform: string | undefined;
  replicas: number;
  /** 30000 to 32767; undefined to let Kubernetes choose. */
  nodePort: number | undefined;
  serviceType: ServiceType;
  /** Host of the URL; undefined for the target's own. */
  urlHost: string | undefined;
  debug: boolean;
  secretKey: pulumi.Output<string> | undefined;
  cpuRequest: string;
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
    builder: oneOf("builder", text("builder"), builders),
    buildArgs: textMap(
      "buildArgs",
      () => text("buildArgs"),
      () => config.getObject<unknown>("buildArgs"),
      "--path buildArgs.PYTHON_VERSION 3.13",
    ),
    platform: optional(text("platform"), (value) =>
      matching("platform", value, platformPattern, {
        allowed: "linux/<architecture>, such as linux/amd64 or linux/arm64",
        example: "linux/amd64",
      }),
    ),
    replicas: wholeNumber("replicas", text("replicas"), { from: 0, to: 1000, example: 1 }),
    nodePort: optional(text("nodePort"), (value) =>
      wholeNumber("nodePort", value, { from: 30000, to: 32767, example: 30080 }),
    ),
    serviceType: oneOf("serviceType", text("serviceType"), serviceTypes),
    urlHost: optional(text("urlHost"), (value) => host("urlHost", value, "localhost")),
    debug: debugOf(config),
    secretKey: secretKeyOf(config),
    cpuRequest: quantity("cpuRequest", text("cpuRequest"), "100m"),
    memoryRequest: quantity("memoryRequest", text("memoryRequest"), "128Mi"),
    memoryLimit: quantity("memoryLimit", text("memoryLimit"), "512Mi"),
    rolloutTimeoutSeconds: optional(text("rolloutTimeoutSeconds"), (value) =>
      wholeNumber("rolloutTimeoutSeconds", value, { from: 5, to: 3600, example: 60 }),
    ),
  };
}

/** The stack's target alone, which is all that the policies ask. */
export function readTarget(config: Pick<ConfigReader, "get">): TargetName {
  return oneOf("target", config.get("target") || undefined, targetNames);
}

function debugOf(config: ConfigReader): boolean {
  return oneOf("debug", config.get("debug") || undefined, ["true", "false"]) === "true";
}

function secretKeyOf(config: ConfigReader): pulumi.Output<string> | undefined {
  // `config.get` of a secret logs a warning, and whether an Output is empty is not known here.
  const secretKey = getConfig(`${config.name}:secretKey`) ? config.getSecret("secretKey") : undefined;
  if (secretKey === undefined && !debugOf(config)) {
    throw new Problem(
      'Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true`.',
    );
  }
  return secretKey;
}
