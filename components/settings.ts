import type * as pulumi from "@pulumi/pulumi";
import { getConfig } from "@pulumi/pulumi/runtime/config";

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
export type ConfigReader = Pick<pulumi.Config, "name" | "get" | "getBoolean" | "getObject" | "getSecret">;

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const platformPattern = /^linux\/[a-z0-9]+(\/v[0-9]+)?$/;
const repositoryPattern =
  /^([a-z0-9.-]+(:[0-9]+)?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;
const profilePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;
const quantityPattern = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi)?$/;

/** Reads and checks every config key; the only reader of `pulumi.Config`. Throws a `Problem` for the first bad value. */
export function loadSettings(config: ConfigReader): Settings {
  // A default of "" in Pulumi.yaml means that the key is optional: a key without a default is required.
  const text = (key: string): string | undefined => config.get(key) || undefined;
  const debug = config.getBoolean("debug") ?? false;
  // `config.get` of a secret logs a warning, and whether an Output is empty is not known here.
  const hasSecretKey = Boolean(getConfig(`${config.name}:secretKey`));
  const secretKey = hasSecretKey ? config.getSecret("secretKey") : undefined;
  if (!debug && secretKey === undefined) {
    throw new Problem(
      'Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true`.',
    );
  }
  return {
    target: oneOf("target", text("target"), targetNames),
    kubeContext: text("kubeContext"),
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
    buildArgs: buildArgs(config.getObject<unknown>("buildArgs")),
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
    urlHost: text("urlHost"),
    debug,
    secretKey,
    cpuRequest: quantity("cpuRequest", text("cpuRequest"), "100m"),
    memoryRequest: quantity("memoryRequest", text("memoryRequest"), "128Mi"),
    memoryLimit: quantity("memoryLimit", text("memoryLimit"), "512Mi"),
    rolloutTimeoutSeconds: optional(text("rolloutTimeoutSeconds"), (value) =>
      wholeNumber("rolloutTimeoutSeconds", value, { from: 5, to: 3600, example: 60 }),
    ),
  };
}

function problem(
  key: string,
  value: string | undefined,
  allowed: string,
  example: string | number,
  setting = `${key} ${example}`,
): Problem {
  const state = value === undefined ? "is not set" : `is "${value}"`;
  return new Problem(`Config key "${key}" ${state}: allowed is ${allowed}; run \`pulumi config set ${setting}\`.`);
}

function optional<T>(value: string | undefined, check: (value: string) => T): T | undefined {
  return value === undefined ? undefined : check(value);
}

function oneOf<T extends string>(key: string, value: string | undefined, allowed: readonly [T, ...T[]]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw problem(key, value, `one of ${allowed.join(", ")}`, allowed[0]);
  }
  return found;
}

function matching(
  key: string,
  value: string | undefined,
  pattern: RegExp,
  { allowed, example }: { allowed: string; example: string },
): string {
  if (value === undefined || !pattern.test(value)) {
    throw problem(key, value, allowed, example);
  }
  return value;
}

function wholeNumber(
  key: string,
  value: string | undefined,
  { from, to, example }: { from: number; to: number; example: number },
): number {
  const number = /^-?[0-9]+$/.test(value ?? "") ? Number(value) : NaN;
  if (!(number >= from && number <= to)) {
    throw problem(key, value, `a whole number from ${from} to ${to}`, example);
  }
  return number;
}

function quantity(key: string, value: string | undefined, example: string): string {
  const allowed = `a Kubernetes quantity, such as ${example}`;
  return matching(key, value, quantityPattern, { allowed, example });
}

function buildArgs(value: unknown): Record<string, string> {
  const entries = Object.entries(value ?? {});
  if (typeof value !== "object" || Array.isArray(value) || entries.some(([, each]) => typeof each === "object")) {
    throw problem(
      "buildArgs",
      JSON.stringify(value),
      "a map of names to texts",
      "",
      "--path buildArgs.PYTHON_VERSION 3.13",
    );
  }
  return Object.fromEntries(entries.map(([name, each]) => [name, String(each)]));
}
