import type { CronJob } from "@pulumi/kubernetes/batch/v1";
import { Secret } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { BackupSettings, S3Storage } from "../config/backup";
import type { SecretValue } from "./appSecret";
import { backupFolder, backupNames, dumpScript, pruneScript, uploadScript } from "./backupScripts";
import { cronJob } from "./cronJob";
import { dataVolume } from "./dataVolume";
import type { EnvVar } from "./environment";
import { hardenedContainer, hardenedPod } from "./hardening";
import { scheduleLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { postgresImageOf } from "./postgresImage";
import { rcloneImage } from "./rcloneImage";
import { databaseVariables } from "./secretVariables";

type Container = types.input.core.v1.Container;

/** Arguments of `backUp`. */
export interface BackupArgs {
  backup: BackupSettings;
  /** Namespace of the app, with which the names of its files begin. */
  namespace: string;
  /** Major version of Postgres. */
  postgresVersion: number;
  /** Whether the volume is kept from being deleted. */
  protectData: boolean;
}

/** What the backups need of other objects. */
export interface BackupReferences {
  account: pulumi.Input<string>;
  /** The app's variables with values from Secrets. */
  secrets: SecretValue[];
}

/** Name of the schedule, by which `npm run schedule` and `npm run logs` find it, and of its container. */
export const backupName = "backup";
/** The user `postgres` of its image; the other image has none of its own. */
const userId = 999;
/** A run may take hours, and be late by one. */
const timing = { deadlineSeconds: 6 * 3600, startingDeadlineSeconds: 3600, history: 3 };

/** Declares a CronJob that dumps the database into a volume, or to S3-compatible storage, and removes old dumps there. */
export function backUp(
  name: string,
  args: BackupArgs,
  references: BackupReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): CronJob {
  const spec = {
    serviceAccountName: references.account,
    ...hardenedPod({ podSecurity: "restricted", userId, userGroupId: userId, groupId: userId }),
    restartPolicy: "Never",
    ...containers(name, args, references.secrets, metadata, opts),
  };
  return cronJob(name, { ...timing, ...args.backup }, { labels: scheduleLabels(backupName), spec }, metadata, opts);
}

function containers(
  name: string,
  { backup, namespace, protectData, postgresVersion }: BackupArgs,
  secrets: SecretValue[],
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Pick<types.input.core.v1.PodSpec, "containers" | "initContainers" | "volumes"> {
  const { to, keep, size } = backup;
  const names = backupNames(namespace);
  const dump = (script: string, room: string): Omit<Container, "name"> => ({
    image: postgresImageOf(postgresVersion),
    command: ["/bin/sh", "-c", script, "dump", names.prefix, names.pattern, String(keep)],
    env: databaseEnvironment(secrets),
    ...common(room),
  });
  if (to === "volume") {
    const claim = dataVolume(name, { storage: size, protectData }, metadata, opts);
    return {
      containers: [{ name: backupName, ...dump(dumpScript + pruneScript, "1Gi") }],
      volumes: [
        { name: "backups", persistentVolumeClaim: { claimName: claim.metadata.name } },
        { name: "tmp", emptyDir: {} },
      ],
    };
  }
  const path = [to.bucket, to.prefix].filter(Boolean).join("/");
  return {
    initContainers: [{ name: "dump", ...dump(dumpScript, size) }],
    containers: [
      {
        name: backupName,
        image: rcloneImage,
        command: ["/bin/sh", "-c", uploadScript, "upload", names.pattern, String(keep), `s3:${path}`],
        env: storageEnvironment(to, declareKeys(name, to, metadata, opts)),
        ...common(size),
      },
    ],
    volumes: ["backups", "tmp"].map((volume) => ({ name: volume, emptyDir: {} })),
  };
}

const common = (room: string): Omit<Container, "name"> => ({
  imagePullPolicy: "IfNotPresent",
  resources: {
    requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" },
    limits: { memory: "512Mi", "ephemeral-storage": room },
  },
  ...hardenedContainer("restricted"),
  volumeMounts: [
    { name: "backups", mountPath: backupFolder },
    { name: "tmp", mountPath: "/tmp" },
  ],
});

/** Where the database is, by reference: those of the app's own variables that its URL decides. */
function databaseEnvironment(secrets: SecretValue[]): EnvVar[] {
  return secrets
    .filter(({ key, variable }) => databaseVariables[key]?.includes(variable))
    .map(({ variable, secret, key }) => ({ name: variable, valueFrom: { secretKeyRef: { name: secret, key } } }));
}

const keyNames = { ACCESS_KEY_ID: "access-key", SECRET_ACCESS_KEY: "secret-key" };

function declareKeys(
  name: string,
  { accessKey, secretKey }: S3Storage,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Secret {
  const stringData = { [keyNames.ACCESS_KEY_ID]: accessKey, [keyNames.SECRET_ACCESS_KEY]: secretKey };
  // Without a fixed name a new value makes a new Secret, which the next run refers to.
  return new Secret(`${name}-keys`, { metadata: metadata({}), immutable: true, stringData }, opts);
}

/** What rclone reads of the remote `s3`; its file of settings is one that is not there. */
function storageEnvironment({ endpoint, region }: S3Storage, keys: Secret): EnvVar[] {
  const settings = {
    RCLONE_CONFIG: "/tmp/rclone.conf",
    RCLONE_CONFIG_S3_TYPE: "s3",
    RCLONE_CONFIG_S3_PROVIDER: endpoint === undefined ? "AWS" : "Other",
    // The keys may be for the files of a bucket alone.
    RCLONE_CONFIG_S3_NO_CHECK_BUCKET: "true",
    // By default it takes minutes to say that nothing answers.
    RCLONE_RETRIES: "2",
    RCLONE_LOW_LEVEL_RETRIES: "2",
    RCLONE_CONTIMEOUT: "15s",
    ...(endpoint !== undefined && { RCLONE_CONFIG_S3_ENDPOINT: endpoint }),
    ...(region !== undefined && { RCLONE_CONFIG_S3_REGION: region }),
  };
  return [
    ...Object.entries(settings).map(([variable, value]) => ({ name: variable, value })),
    ...Object.entries(keyNames).map(([variable, key]) => ({
      name: `RCLONE_CONFIG_S3_${variable}`,
      valueFrom: { secretKeyRef: { name: keys.metadata.name, key } },
    })),
  ];
}
