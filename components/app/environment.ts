import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { DebugValues } from "../config/process";
import type { SecretValue } from "./appSecret";

/** As in the spec of a container, with a name that is known. */
export type EnvVar = types.input.core.v1.EnvVar & { name: string };

/** What of an app's arguments its processes are told. */
export interface EnvironmentArgs {
  /** Names the version for the app's own pages. */
  imageTag: string;
  /** Port that the web process listens on. */
  port: number;
  /** Django's DEBUG. */
  debug: boolean;
  /** What the variable is with it on and off. */
  debugValues: DebugValues;
  /** The stack's own variables, which win. */
  env: Record<string, string>;
}

/** How the app is reached, as its processes are told. */
export interface Reached {
  /** Hosts that the app answers for, with commas between. */
  hosts: pulumi.Output<string>;
  /** Origins whose forms it accepts, with commas between; at least one. */
  origins: pulumi.Output<string>;
  /** Whether what is in front of the app ends TLS. */
  servedOverHttps: boolean;
}

/** Where the file of SQLite is, which a volume may keep. */
export const dataFolder = "/data";

/**
 * The variables of a process. A stack's own come last, each once: server-side apply refuses a name that stands twice.
 *
 * @param secrets values in Secrets
 * @param more variables that only some processes have
 */
export function environment(
  { imageTag, port, debug, debugValues, env }: EnvironmentArgs,
  { hosts, origins, servedOverHttps }: Reached,
  secrets: SecretValue[],
  more: EnvVar[],
): EnvVar[] {
  const given: EnvVar[] = [
    { name: "PORT", value: String(port) },
    { name: "DEBUG", value: debug ? debugValues.on : debugValues.off },
    { name: "ALLOWED_HOSTS", value: hosts },
    { name: "DJANGO_ALLOWED_HOSTS", value: hosts },
    { name: "ALLOWED_HOSTS_SPACED", value: hosts.apply((list) => list.replaceAll(",", " ")) },
    { name: "CSRF_TRUSTED_ORIGINS", value: origins },
    ...(servedOverHttps ? [{ name: "SERVED_OVER_HTTPS", value: "1" }] : []),
    { name: "IMAGE_TAG", value: imageTag },
    {
      name: "POD_NAME",
      // The API server would add this default; without it here, a Deployment left by an interrupted `up` would conflict.
      valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } },
    },
    ...more,
  ];
  const hidden = secrets.map(({ variable, secret, key }) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name: secret, key } },
  }));
  const own: EnvVar[] = inOrder(env).map(([name, value]) => ({
    name,
    value: withGiven(value, name, given.find((each) => each.name === name)?.value),
  }));
  const winners = new Set(own.map(({ name }) => name));
  return [...given, ...hidden]
    .filter(({ name }, at, all) => !winners.has(name) && all.findLastIndex((each) => each.name === name) === at)
    .concat(own);
}

/** A value in which the variable's own name is what it would be without it: Kubernetes knows one of each name. */
function withGiven(value: string, name: string, given: pulumi.Input<string> | undefined): pulumi.Input<string> {
  const parts = value.split(new RegExp(`(?<!\\$)\\$\\(${name}\\)`));
  if (parts.length === 1 || given === undefined || given instanceof Promise) {
    return value;
  }
  // Without Pulumi itself, which takes long to load: the tools read names of pods from what imports this.
  return typeof given === "string" ? parts.join(given) : given.apply((text) => parts.join(text));
}

/** Variables in such an order that each stands after those whose values it uses. */
function inOrder(env: Record<string, string>): [name: string, value: string][] {
  const done = new Map<string, string>();
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined || visiting.has(name)) {
      return;
    }
    visiting.add(name);
    for (const [, used = ""] of value.matchAll(/(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g)) {
      visit(used);
    }
    done.set(name, value);
  };
  Object.keys(env).sort().forEach(visit);
  return [...done];
}
