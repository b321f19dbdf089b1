import { allConfig } from "@pulumi/pulumi/runtime/config";

import { Problem } from "../problem";
import { type KnownKey, refuseUnknownKeys } from "./knownKeys";
import { type ConfigReader, type ProgramConfig, readerOf, textOf } from "./reader";

/** Keys that apps of a stack have in common: they are on one cluster. */
const common: readonly KnownKey[] = ["target", "kubeContext", "minikubeProfile"];
/** Keys that another app has as the stack has them, unless it sets its own. All others are each app's own. */
const inherited: readonly KnownKey[] = [
  "imageRepository",
  "registryUsername",
  "registryPassword",
  "builder",
  "platform",
  "debugValues",
  "podSecurity",
  "debug",
  "cpuTargetPercent",
  "cpuRequest",
  "cpuLimit",
  "memoryRequest",
  "memoryLimit",
  "rolloutTimeoutSeconds",
  "serviceType",
  "urlHost",
  "protectData",
  "redisMemory",
  "redisPolicy",
];
/** Whether another app has a key that it does not set as the stack has it. The tools ask this, too. */
export const isFromStack = (key: string): boolean => [...common, ...inherited].some((each) => each === key);

/**
 * What else has a default for another app, as in Pulumi.yaml.
 *
 * @param namespace the stack's
 */
export const otherDefaults = (app: string, namespace: string): Partial<Record<string, string>> => ({
  existingNamespace: "false",
  liveReload: "false",
  database: "sqlite",
  postgresVersion: "17",
  redis: "none",
  namespace: `${namespace}-${app}`,
});

/** Short enough for the names of objects that begin with it. */
const appPattern = /^(?=.{1,30}$)[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** Whose keys Pulumi itself and the providers read. */
const taken = ["pulumi", "kubernetes", "docker", "docker-build", "pulumi-nodejs"];

/**
 * Reads the settings of another app: its own keys, then those of the stack.
 *
 * @param project namespace of the stack's keys
 * @param stack reads those
 * @throws a `Problem` for a name, a key or a namespace that it cannot have
 */
export function otherReader(project: string, stack: ConfigReader, other: ProgramConfig): ConfigReader {
  const { name } = other;
  refuseAppName(project, name);
  const keys = Object.keys(allConfig());
  refuseUnknownKeys(
    name,
    keys.filter((key) => key.startsWith(`${name}:`)),
  );
  const own = readerOf(other);
  const set = common.find((key) => textOf(own, key) !== undefined);
  if (set !== undefined) {
    throw new Problem(
      `Config key "${set}" is set, and the apps of a stack are on one cluster`,
      `run \`pulumi config rm ${name}:${set}\``,
    );
  }
  const reader = layered(own, stack, otherDefaults(name, textOf(stack, "namespace") ?? project));
  refuseSharedNamespace(name, reader);
  return reader;
}

/**
 * Refuses a name that another app cannot have.
 *
 * @param project namespace of the stack's keys
 * @param said where the name stands, as a clause. @default in index.ts
 * @param help @default nothing
 */
export function refuseAppName(
  project: string,
  name: string,
  said = `An app in index.ts is named "${name}"`,
  help?: string,
): void {
  if (!appPattern.test(name) || [project, ...taken].includes(name)) {
    throw new Problem(
      `${said}: allowed are a-z, 0-9 and -, from a letter on, at most 30, other than ${[project, ...taken].join(", ")}`,
      help,
    );
  }
}

function layered(own: ConfigReader, stack: ConfigReader, defaults: Partial<Record<string, string>>): ConfigReader {
  const from = (key: string): ConfigReader | undefined =>
    textOf(own, key) !== undefined ? own : isFromStack(key) ? stack : undefined;
  return {
    get: (key) => from(key)?.get(key) ?? defaults[key],
    has: (key) => from(key)?.has(key) ?? Boolean(defaults[key]),
    getSecret: (key) => from(key)?.getSecret(key),
    checkSecret: (key, check) => {
      from(key)?.checkSecret(key, check);
    },
    holdsSecret: (key) => from(key)?.holdsSecret(key) ?? false,
  };
}

/** In one namespace the pods of one app would get requests of the other. */
function refuseSharedNamespace(name: string, reader: ConfigReader): void {
  const namespace = textOf(reader, "namespace");
  const key = "namespace";
  const same = Object.entries(allConfig()).find(
    ([each, value]) => each.endsWith(`:${key}`) && each !== `${name}:${key}` && value === namespace,
  );
  if (namespace !== undefined && same !== undefined) {
    throw new Problem(
      `Config key "${key}" is "${namespace}", and so is "${same[0]}": each app of a stack has a namespace of its own`,
      `run \`pulumi config set ${name}:${key} NAME\``,
    );
  }
}

/** Runs what may find a mistake in another app's settings; its `Problem` then names the app. */
export function aboutApp<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inApp(name, error);
  }
}

/** A `Problem` with the app that it is about; any other error as it is. */
export function inApp(name: string, error: Problem): Problem;
export function inApp(name: string, error: unknown): unknown;
export function inApp(name: string, error: unknown): unknown {
  if (!(error instanceof Problem)) {
    return error;
  }
  const { failed, help, output } = error;
  return new Problem(`App "${name}": ${failed}`, help && withKeys(name, help), output);
}

/** Advice on another app, with how its keys begin where it sets one as if that was the stack's. */
export function withKeys(name: string, help: string): string {
  const setsKey = help.includes("pulumi config ") && !help.includes(`${name}:`);
  return setsKey ? `${help} (the keys of this app are "${name}:KEY")` : help;
}
