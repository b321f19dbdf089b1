import type * as pulumi from "@pulumi/pulumi";

import { Problem } from "../problem";
import { type Check, matching, timeZone, wholeNumber } from "./checks";
import { cronExpression } from "./cronExpression";
import { type Entry, readEntry } from "./entries";
import { bytes } from "./quantity";
import { type ConfigReader, type PlainConfig, secret, textOf } from "./reader";

/** Storage that is spoken to as Amazon's S3 is. */
export interface S3Storage {
  bucket: string;
  /** Folders in the bucket, without slashes at their ends; "" for none. */
  prefix: string;
  /** URL of the server; undefined for Amazon's. */
  endpoint: string | undefined;
  /** Undefined for the server's own. */
  region: string | undefined;
  accessKey: pulumi.Input<string>;
  secretKey: pulumi.Input<string>;
}

/** Backups of the database from time to time. */
export interface BackupSettings {
  /** Cron expression. */
  schedule: string;
  timeZone: string;
  to: "volume" | S3Storage;
  /** Number of files that are kept, the newest ones. */
  keep: number;
  /** Room for the files in the volume, and for one on its way to S3; a Kubernetes quantity. */
  size: string;
}

const form = {
  fields: ["schedule", "to", "keep", "size", "endpoint", "region", "timeZone"],
  example: "schedule '0 3 * * *'",
} as const;

/** What signs in to the storage. */
type Keys = Record<"accessKey" | "secretKey", pulumi.Output<string> | undefined>;

/** Reads the key `backup` and those of its storage. Throws a `Problem` for the first bad value. */
export function readBackup(config: ConfigReader): { backup: BackupSettings | undefined } {
  const entry = readEntry(config, "backup", form);
  const place = entry?.required("to", destination);
  const keys: Keys = {
    accessKey: secret(config, "backupAccessKey", "backupAccessKey VALUE"),
    secretKey: secret(config, "backupSecretKey", "backupSecretKey VALUE"),
  };
  if (entry === undefined || place === undefined) {
    return { backup: undefined };
  }
  const backup: BackupSettings = {
    schedule: entry.required("schedule", cronExpression),
    timeZone: entry.optional("timeZone", timeZone) ?? "Etc/UTC",
    to: place === "volume" ? onlyVolume(entry) : { ...place, ...readServer(entry, keys) },
    keep: entry.optional("keep", wholeNumber({ from: 1, to: 1000, example: 7 })) ?? 7,
    size: entry.optional("size", bytes("1Gi")) ?? "1Gi",
  };
  if (textOf(config, "database") !== "postgres") {
    throw new Problem(
      'Config key "backup" is set, and "database" is "sqlite": backups from time to time are of Postgres',
      "run `pulumi config set database postgres`, or `pulumi config rm backup` and `npm run db:backup -- STACK FILE` at times",
    );
  }
  return { backup };
}

/** Where backups go, for the tools, which need the images of it: undefined for nowhere, and for what is refused. */
export function backupsTo(config: Pick<PlainConfig, "get">): "volume" | "s3" | undefined {
  const map = textOf(config, "backup") ?? "{}";
  // What is no map is a text that somebody typed.
  const { to } = map.startsWith("{") ? (JSON.parse(map) as { to?: unknown }) : {};
  return to === "volume" ? to : typeof to === "string" && s3Url.test(to) ? "s3" : undefined;
}

export type BackupGroup = ReturnType<typeof readBackup>;

const s3Url = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9!_.*'()-]+)*)\/?$/;

const destination: Check<"volume" | { bucket: string; prefix: string }> = (key, value) => {
  if (value === "volume") {
    return value;
  }
  const text = matching(s3Url, { allowed: "volume, or s3://BUCKET/PREFIX", example: "volume" })(key, value);
  const [, bucket = "", prefix = ""] = s3Url.exec(text) ?? [];
  return { bucket, prefix: prefix.slice(1) };
};

function onlyVolume(entry: Entry): "volume" {
  for (const field of ["endpoint", "region"]) {
    const value = entry.optional(field, (_, text) => text);
    if (value !== undefined) {
      throw new Problem(
        `Config key "${entry.pathOf(field)}" is "${value}", and "${entry.pathOf("to")}" is "volume", which has none`,
        `run \`pulumi config rm --path ${entry.pathOf(field)}\`, or \`pulumi config set --path ${entry.pathOf("to")} s3://BUCKET/PREFIX\``,
      );
    }
  }
  return "volume";
}

const endpoint: Check<string> = (key, value) => {
  const allowed = {
    allowed: "the URL of an S3 server, http or https, without a path",
    example: "https://s3.example.com",
  };
  return matching(/^https?:\/\/[A-Za-z0-9.:[\]-]+$/, allowed)(key, value?.replace(/\/$/, ""));
};

function readServer(entry: Entry, keys: Keys): Omit<S3Storage, "bucket" | "prefix"> {
  const given = (name: keyof Keys, key: string): pulumi.Output<string> => {
    const value = keys[name];
    if (value === undefined) {
      throw new Problem(
        `Config key "${key}" is not set, and "${entry.pathOf("to")}" is S3-compatible storage, which asks for it`,
        `run \`pulumi config set --secret ${key} VALUE\``,
      );
    }
    return value;
  };
  return {
    endpoint: entry.optional("endpoint", endpoint),
    region: entry.optional("region", matching(/^[a-z0-9-]{1,40}$/, { allowed: "a region", example: "eu-central-1" })),
    accessKey: given("accessKey", "backupAccessKey"),
    secretKey: given("secretKey", "backupSecretKey"),
  };
}
