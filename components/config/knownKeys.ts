import { closest, distance } from "fastest-levenshtein";

import { shellWord } from "../advice";
import { Problem } from "../problem";

/** Every config key of this project, in the order of Pulumi.yaml. */
export const knownKeys = [
  "target",
  "kubeContext",
  "minikubeProfile",
  "namespace",
  "existingNamespace",
  "adoptNamespace",
  "project",
  "dockerfile",
  "buildTarget",
  "imageRepository",
  "registryUsername",
  "registryPassword",
  "builder",
  "buildArgs",
  "platform",
  "buildSecrets",
  "command",
  "port",
  "env",
  "secretEnv",
  "debugValues",
  "release",
  "podSecurity",
  "runAsUser",
  "writablePaths",
  "liveReload",
  "livenessPath",
  "readinessPath",
  "startPath",
  "debug",
  "secretKey",
  "replicas",
  "maxReplicas",
  "cpuTargetPercent",
  "cpuRequest",
  "cpuLimit",
  "memoryRequest",
  "memoryLimit",
  "rolloutTimeoutSeconds",
  "processes",
  "schedules",
  "nodePort",
  "serviceType",
  "urlHost",
  "ingressHost",
  "ingressClassName",
  "ingressTlsSecret",
  "database",
  "databaseUrl",
  "postgresVersion",
  "databaseStorage",
  "protectData",
  "redis",
  "redisStorage",
  "redisMemory",
  "redisPolicy",
  "media",
  "backup",
  "backupAccessKey",
  "backupSecretKey",
] as const;

export type KnownKey = (typeof knownKeys)[number];

/** What follows `pulumi config set` where it is not the key and a value: secrets, and keys that hold a map. */
const settings: Partial<Record<KnownKey, string>> = {
  registryPassword: "--secret registryPassword",
  buildArgs: "--path buildArgs.NAME VALUE",
  buildSecrets: "--secret --path buildSecrets.NAME VALUE",
  env: "--path env.NAME VALUE",
  secretEnv: "--secret --path secretEnv.NAME VALUE",
  secretKey: "--secret secretKey",
  processes: "--path processes.NAME.command COMMAND",
  schedules: "--path schedules.NAME.command COMMAND",
  databaseUrl: "--secret databaseUrl",
  media: "--path media.path PATH",
  backup: "--path backup.schedule CRON",
  backupAccessKey: "--secret backupAccessKey",
  backupSecretKey: "--secret backupSecretKey",
};

/** What follows `pulumi config set` for a key. */
export const settingOfKey = (key: string): string => settings[key as KnownKey] ?? `${key} VALUE`;

/** Letters by which a namespace may differ from the project's name before it is somebody else's: fewer for a short name. */
const slipOf = (project: string): number => Math.min(3, Math.floor(project.length / 4));

/**
 * Refuses a key that nothing reads, which Pulumi would accept: one of this project that does not exist, or one whose
 * namespace is the project's name, misspelt. Keys of other namespaces are of providers and of what users add.
 *
 * @param project name of the Pulumi project
 * @param keys all that are set, with their namespaces
 */
export function refuseUnknownKeys(project: string, keys: readonly string[]): void {
  for (const key of keys) {
    const [, namespace = "", name = ""] = /^([^:]*):(.*)$/s.exec(key) ?? [];
    const isOwn = namespace === project;
    if (
      isOwn ? knownKeys.some((known) => known === name) : distance(namespace.toLowerCase(), project) > slipOf(project)
    ) {
      continue;
    }
    const shown = isOwn ? name : key;
    const map = /^(\w+)[.[]/.exec(name)?.[1] as KnownKey | undefined;
    if (isOwn && map !== undefined && settings[map]?.includes("--path") === true) {
      const secret = settings[map].startsWith("--secret") ? "--secret " : "";
      throw new Problem(
        `Config key "${name}" does not exist: what is in "${map}" is set by its path`,
        `run \`pulumi config rm ${shellWord(name)}\` and \`pulumi config set ${secret}--path ${shellWord(name)} VALUE\``,
      );
    }
    const nearest = nearestOf(name);
    throw new Problem(
      `Config key "${shown}" does not exist: the nearest one is "${isOwn ? nearest : `${project}:${nearest}`}"`,
      `run \`pulumi config rm ${shellWord(shown)}\`, and \`pulumi config set ${settingOfKey(nearest)}\` if you meant that`,
    );
  }
}

function nearestOf(name: string): KnownKey {
  const inLowerCase = knownKeys.map((known) => known.toLowerCase());
  return knownKeys[inLowerCase.indexOf(closest(name.toLowerCase(), inLowerCase))] ?? knownKeys[0];
}
