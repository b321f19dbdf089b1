import type * as pulumi from "@pulumi/pulumi";

import { Problem } from "../problem";
import {
  type Check,
  commandLine,
  entryPath,
  flag,
  healthPath,
  listOf,
  oneOf,
  problem,
  textMap,
  wholeNumber,
} from "./checks";
import { type ConfigReader, optional, required, textOf } from "./reader";
import { secretMap } from "./secretMap";
import { isTooLong, kibibytes, tooLong, variableName } from "./variableName";

export const podSecurityLevels = ["baseline", "restricted"] as const;
export type PodSecurity = (typeof podSecurityLevels)[number];

/** What DEBUG is with debug on and off. */
export interface DebugValues {
  on: string;
  off: string;
}

/** Kubernetes takes no colon, and `..` would be another folder than the one that is compared. */
export const absolutePath = /^(\/(?!\.\.?(\/|$))[^/,:\p{Cc}]+)+$/u;

const debugValues: Check<DebugValues> = (key, value = "") => {
  const [on, off, ...more] = value.split(",");
  if (on === undefined || off === undefined || more.length > 0 || on === off) {
    throw problem(key, value, {
      allowed: "what DEBUG is with debug on and off, two texts with a comma between",
      example: "True,False",
    });
  }
  return { on, off };
};

/** What the app's processes are given, and how they may run. */
export function readProcess(config: ConfigReader) {
  return {
    /** Command line in place of the image's CMD; undefined for that. */
    command: optional(config, "command", commandLine),
    /** Port that the web process listens on; undefined for the image's own. */
    port: optional(config, "port", wholeNumber({ from: 1, to: 65535, example: 8000 })),
    env: readEnvironment(config),
    secretEnv: readSecretEnvironment(config),
    debugValues: required(config, "debugValues", debugValues),
    /** Command line that runs before processes change; undefined for the database's own, "none" for none. */
    release: optional(config, "release", commandLine),
    /** Undefined for the target's own. */
    podSecurity: optional(config, "podSecurity", oneOf(podSecurityLevels)),
    /** Uid that processes run as; undefined for the image's user. */
    runAsUser: optional(config, "runAsUser", wholeNumber({ from: 1, to: 65534, example: 10001 })),
    /** Folders that processes can write to, whatever the image's disk and owners are. */
    writablePaths: optional(
      config,
      "writablePaths",
      listOf(absolutePath, {
        allowed: "absolute paths of folders, each one once, with commas between",
        example: "/app/media,/app/logs",
      }),
    )?.split(","),
    /** Whether processes are started again, in their pods, where `npm run watch` changes their sources. */
    liveReload: required(config, "liveReload", flag),
    /** Paths that answer probes; undefined for those that the image's labels name. */
    livenessPath: optional(config, "livenessPath", healthPath),
    readinessPath: optional(config, "readinessPath", healthPath),
    startPath: optional(config, "startPath", healthPath),
  };
}

export type ProcessSettings = ReturnType<typeof readProcess>;

function readEnvironment(config: ConfigReader): Record<string, string> {
  if (config.holdsSecret("env")) {
    throw new Problem(
      'Config key "env" has an encrypted value, which would stand in plain text in the specs of pods',
      "run `pulumi config rm --path env.NAME` and `pulumi config set --secret --path secretEnv.NAME VALUE`",
    );
  }
  const map = checked("env", textMap("env", textOf(config, "env"), "--path env.EMAIL_HOST smtp.example.com"));
  refuseLong("env", map, "and put it into a file of the image");
  return map;
}

/** Most KiB that a Secret holds, all of its values together. */
const mostInSecret = 1024;

function refuseLarge(secrets: Record<string, string>): void {
  refuseLong("secretEnv", secrets, elsewhere);
  const size = kibibytes(...Object.values(secrets));
  if (size > mostInSecret) {
    const [largest = ""] = Object.keys(secrets).sort(
      (a, b) => kibibytes(secrets[b] ?? "") - kibibytes(secrets[a] ?? ""),
    );
    throw new Problem(
      `Config key "secretEnv" has ${size} KiB, of which ${largest} has ${kibibytes(secrets[largest] ?? "")} KiB: allowed are the ${mostInSecret} KiB that a Secret holds`,
      `run \`pulumi config rm --path secretEnv.${largest}\`, ${elsewhere}`,
    );
  }
}

const elsewhere = "and let the project read it from elsewhere, such as object storage";

/** Refuses what starts no process, before it does not start. */
function refuseLong(key: string, map: Record<string, string>, instead: string): void {
  const long = Object.entries(map).filter(([name, value]) => isTooLong(name, value));
  if (long.length > 0) {
    throw new Problem(
      `Config key "${key}": ${tooLong(long)}`,
      `run \`pulumi config rm --path ${entryPath(key, long[0]?.[0] ?? "")}\`, ${instead}`,
    );
  }
}

function readSecretEnvironment(config: ConfigReader): Record<string, pulumi.Output<string>> {
  const secrets = checked("secretEnv", secretMap(config, "secretEnv", { refuse: refuseLarge }));
  const plain = readEnvironment(config);
  const both = Object.keys(secrets).find((name) => Object.hasOwn(plain, name));
  if (both !== undefined) {
    throw new Problem(
      `Config keys "env" and "secretEnv" both have ${both}`,
      `run \`pulumi config rm --path env.${both}\`, or \`pulumi config rm --path secretEnv.${both}\``,
    );
  }
  return secrets;
}

function checked<T>(key: string, map: Record<string, T>): Record<string, T> {
  const wrong = Object.keys(map).find((name) => !variableName.test(name));
  if (wrong !== undefined) {
    throw new Problem(
      `Config key "${key}" has the variable "${wrong}": allowed are names of letters, digits and _ that do not begin with a digit`,
      `run \`pulumi config rm --path ${entryPath(key, wrong)}\``,
    );
  }
  return map;
}
