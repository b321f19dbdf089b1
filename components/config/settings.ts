import { allConfig } from "@pulumi/pulumi/runtime/config";

import { appName } from "../app/objectMeta";
import { type BackupGroup, readBackup } from "./backup";
import { type ClusterSettings, readCluster } from "./cluster";
import { type DatabaseSettings, readDatabase } from "./database";
import { type ExposureSettings, readExposure } from "./exposure";
import type { ProjectPlace } from "../image/findDockerfile";
import { type ImageSettings, readImage } from "./image";
import { refuseUnknownKeys } from "./knownKeys";
import { readUploads, type UploadSettings } from "./media";
import { type ProcessSettings, readProcess } from "./process";
import { readProjectPlace } from "./project";
import { aboutApp, otherReader } from "./otherApp";
import { type ConfigReader, type ProgramConfig, readerOf } from "./reader";
import { readRedis, type RedisSettings } from "./redis";
import { readWeb, type WebSettings } from "./web";
import { readWorkloads, type WorkloadSettings } from "./workloads";

/** The stack's config, typed and checked, by groups of keys. Defaults are in Pulumi.yaml, beside each key's description. */
export interface Settings {
  /** Name of the app, with which the names of its objects begin. */
  name: string;
  cluster: ClusterSettings;
  project: ProjectPlace;
  image: ImageSettings;
  process: ProcessSettings;
  web: WebSettings;
  workloads: WorkloadSettings;
  exposure: ExposureSettings;
  database: DatabaseSettings;
  redis: RedisSettings;
  uploads: UploadSettings;
  backups: BackupGroup;
}

/**
 * Reads and checks every config key; the only reader of `pulumi.Config`.
 *
 * @param other keys of another app of the stack, whose settings it then returns: it is named as their namespace
 * @throws a `Problem` for the first bad value
 */
export function loadSettings(config: ProgramConfig, other?: ProgramConfig): Settings {
  const reader = readerOf(config);
  const stack = { project: config.name, keys: Object.keys(allConfig()) };
  if (other === undefined) {
    return readSettings(reader, stack);
  }
  refuseUnknownKeys(stack.project, stack.keys);
  return aboutApp(other.name, () => settingsFrom(otherReader(stack.project, reader, other), other.name));
}

/**
 * Reads and checks the settings of the stack's first app. The tools do so, too, before they start anything.
 *
 * @param stack name of the Pulumi project, and all keys that are set, with their namespaces
 * @throws a `Problem` for the first bad value
 */
export function readSettings(reader: ConfigReader, stack: { project: string; keys: readonly string[] }): Settings {
  // First, since what was misspelt is also not set.
  refuseUnknownKeys(stack.project, stack.keys);
  return settingsFrom(reader, appName);
}

function settingsFrom(reader: ConfigReader, name: string): Settings {
  const before = {
    cluster: readCluster(reader),
    project: readProjectPlace(reader),
    image: readImage(reader),
    process: readProcess(reader),
    web: readWeb(reader),
  };
  return {
    name,
    ...before,
    workloads: readWorkloads(reader, before.web),
    exposure: readExposure(reader),
    database: readDatabase(reader),
    redis: readRedis(reader),
    uploads: readUploads(reader),
    backups: readBackup(reader),
  };
}
