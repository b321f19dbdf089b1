import type * as pulumi from "@pulumi/pulumi";
import { getConfig } from "@pulumi/pulumi/runtime/config";

import type { Check } from "./checks";

/** Config without its secrets, which the tools read as well. */
export interface PlainConfig {
  get(key: string): string | undefined;
  getObject(key: string): unknown;
}

/** The part of `pulumi.Config` that is read here. */
export type ConfigReader = Pick<pulumi.Config, "name" | "get" | "getObject" | "getSecret">;

type Texts = Pick<PlainConfig, "get">;

/** The text of a key; undefined where it is not set: Pulumi requires a key without a default, so that is "" here. */
export function textOf(config: Texts, key: string): string | undefined {
  return config.get(key) || undefined;
}

/** Reads a key that is set or has a default. Throws the check's `Problem`. */
export function required<T>(config: Texts, key: string, check: Check<T>): T {
  return check(key, textOf(config, key));
}

/** Reads a key that may be left out. Throws the check's `Problem`. */
export function optional<T>(config: Texts, key: string, check: Check<T>): T | undefined {
  return textOf(config, key) === undefined ? undefined : required(config, key, check);
}

/** Reads a secret; undefined where it is not set: `config.get` logs a warning, and an Output does not say. */
export function secret(config: ConfigReader, key: string): pulumi.Output<string> | undefined {
  return getConfig(`${config.name}:${key}`) ? config.getSecret(key) : undefined;
}
