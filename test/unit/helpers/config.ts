import fs from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import type { Settings } from "../../../components/config/settings";
import { checkout } from "./checkout";

export const project = "kubernetes-django";

/** A key of Pulumi.yaml's `config:`. */
export interface SchemaKey {
  type: "string" | "object";
  description: string;
  default: string | boolean | object;
}

/** The project's own keys of Pulumi.yaml; the others are settings of Pulumi itself. */
export const schema: Record<string, SchemaKey> = Object.fromEntries(
  Object.entries(readConfig("Pulumi.yaml")).filter(([key]) => !key.includes(":")),
) as Record<string, SchemaKey>;

/** The `config:` of a file of the checkout. */
export function readConfig(file: string): Record<string, unknown> {
  const { config } = parse(fs.readFileSync(path.join(checkout, file), "utf8")) as { config: Record<string, unknown> };
  return config;
}

type Groups = Settings[Exclude<keyof Settings, "name">];
type Together<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer All) => void ? All : never;
/** Every key's value, whatever its group. */
export type FlatSettings = Together<Groups>;

/** Settings without their groups. */
export function flat(settings: Settings): FlatSettings {
  const { cluster, project, image, process, web, workloads, exposure, database, redis, uploads, backups } = settings;
  return {
    ...cluster,
    ...project,
    ...image,
    ...process,
    ...web,
    ...workloads,
    ...exposure,
    ...database,
    ...redis,
    ...uploads,
    ...backups,
  };
}

/** What is set with `pulumi config set --secret`, so that no file of the checkout has it. */
export const secretKeys = [
  "secretKey",
  "databaseUrl",
  "registryPassword",
  "secretEnv",
  "backupAccessKey",
  "backupSecretKey",
];

/** Configures the stack as the engine would: with the values of the stack's file on top of Pulumi.yaml's defaults. */
export function configure(values: Record<string, unknown>, encrypted = secretKeys): pulumi.Config {
  const defaults = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, each.default]));
  const texts = Object.entries({ ...defaults, ...values }).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(texts) as Record<string, string>,
    encrypted.map((key) => `${project}:${key}`),
  );
  return new pulumi.Config(project);
}
