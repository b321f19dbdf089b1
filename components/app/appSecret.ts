import { randomBytes } from "node:crypto";

import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { readRedisUrl } from "../config/redisUrl";
import { forPulumi } from "../runError";
import { readDatabaseUrl } from "./databaseUrl";
import type { InNamespace } from "./objectMeta";
import { databaseVariables, redisVariables, secretFileVariables, secretKeyVariables } from "./secretVariables";

/** A variable, and where its value is. */
export interface SecretValue {
  variable: string;
  /** Name of the Secret. */
  secret: pulumi.Input<string>;
  key: string;
}

/** What only the app may read. */
export interface AppSecrets {
  /** Variables with a value from a Secret. */
  values: SecretValue[];
  /** Variables that name a file with it: a variable shows in crash reports and in child processes, and a file does not. */
  files: SecretValue[];
}

/** What the values are made of. */
export interface SecretArgs {
  /** Django's SECRET_KEY; undefined for a generated one. */
  secretKey: pulumi.Input<string> | undefined;
  /** URL of the Postgres; undefined for none. */
  databaseUrl: pulumi.Input<string> | undefined;
  /** URL of the Redis; undefined for none. */
  redisUrl: pulumi.Input<string> | undefined;
  /** The stack's own variables, which win. */
  secretEnv: Record<string, pulumi.Input<string>>;
}

/** Declares the Secrets with what only the app may read. */
export function declareSecrets(
  name: string,
  { secretKey, databaseUrl, redisUrl, secretEnv }: SecretArgs,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): AppSecrets {
  const data: Record<string, pulumi.Input<string>> = {
    ...(secretKey === undefined ? {} : { "secret-key": secretKey }),
    ...textsOf(databaseUrl, databaseVariables, readDatabaseUrl),
    ...textsOf(redisUrl, redisVariables, partsOfRedis),
    ...secretEnv,
  };
  const keySecret = secretKey === undefined ? generatedKey(name, metadata, opts) : undefined;
  const isFilled = Object.keys(data).length > 0;
  // Without a fixed name a new value makes a new Secret, and the pods' reference to it rolls them.
  const own = isFilled
    ? new Secret(`${name}-secret`, { metadata: metadata({}), immutable: true, stringData: data }, opts)
    : undefined;
  const at = (secret: Secret | undefined, key: string, variables: string[]): SecretValue[] =>
    secret === undefined ? [] : variables.map((variable) => ({ variable, secret: secret.metadata.name, key }));
  const keyOf = (variables: string[]): SecretValue[] => at(keySecret ?? own, "secret-key", variables);
  const allOf = (variables: Record<string, string[]>): SecretValue[] =>
    Object.entries(variables).flatMap(([key, names]) => at(own, key, names));
  return {
    values: [
      ...keyOf(secretKeyVariables),
      ...(databaseUrl === undefined ? [] : allOf(databaseVariables)),
      ...(redisUrl === undefined ? [] : allOf(redisVariables)),
      ...Object.keys(secretEnv).flatMap((variable) => at(own, variable, [variable])),
    ],
    files: [
      ...keyOf([secretFileVariables.secretKey]),
      ...(databaseUrl === undefined ? [] : at(own, "database-url", [secretFileVariables.databaseUrl])),
    ],
  };
}

/** For a stack with debug on and no key: projects without a default of their own need one. */
function generatedKey(name: string, metadata: InNamespace, opts: pulumi.CustomResourceOptions): Secret {
  const key = randomBytes(48).toString("base64");
  return new Secret(
    `${name}-key`,
    { metadata: metadata({}), data: { "secret-key": pulumi.secret(Buffer.from(key).toString("base64")) } },
    // Each run generates a key; the first one is kept, so that sessions outlive an update.
    { ...opts, ignoreChanges: ["data"] },
  );
}

/** What a URL says, by the keys of its variables; nothing for none. */
function textsOf(
  url: pulumi.Input<string> | undefined,
  variables: Record<string, string[]>,
  read: (url: string) => Record<string, string>,
): Record<string, pulumi.Output<string>> {
  if (url === undefined) {
    return {};
  }
  const texts = pulumi.secret(url).apply(read);
  return Object.fromEntries(Object.keys(variables).map((key) => [key, texts.apply((all) => all[key] ?? "")]));
}

function partsOfRedis(url: string): Record<string, string> {
  try {
    return readRedisUrl(url);
  } catch (error) {
    throw forPulumi(error);
  }
}
