import { allConfig } from "@pulumi/pulumi/runtime/config";

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
import { type ProgramConfig, readerOf } from "./reader";
import { readRedis, type RedisSettings } from "./redis";
import { readWeb, type WebSettings } from "./web";
import { readWorkloads, type WorkloadSettings } from "./workloads";

/** The stack's config, typed and checked, by groups of keys. Defaults are in Pulumi.yaml, beside each key's description. */
export interface Settings {
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

/** Reads and checks every config key; the only reader of `pulumi.Config`. Throws a `Problem` for the first bad value. */
export function loadSettings(config: ProgramConfig): Settings {
  // First, since what was misspelt is also not set.
  refuseUnknownKeys(config.name, Object.keys(allConfig()));
  const reader = readerOf(config);
  const before = {
    cluster: readCluster(reader),
    project: readProjectPlace(reader),
    image: readImage(reader),
    process: readProcess(reader),
    web: readWeb(reader),
  };
  return {
    ...before,
    workloads: readWorkloads(reader, before.web),
    exposure: readExposure(reader),
    database: readDatabase(reader),
    redis: readRedis(reader),
    uploads: readUploads(reader),
    backups: readBackup(reader),
  };
}
