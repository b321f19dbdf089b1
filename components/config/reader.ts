import type * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/config";

import { Problem } from "../problem";
import type { Check } from "./checks";

/** Config without its secrets, which the tools read as well. */
export interface PlainConfig {
  /** A key's text, and of an object its JSON. */
  get(key: string): string | undefined;
  /** Whether the stack's file has a part of a key encrypted. */
  holdsSecret(key: string): boolean;
}

/** Config as the program reads it. */
export interface ConfigReader extends PlainConfig {
  /** Whether a key has a text, which may be an encrypted one. */
  has(key: string): boolean;
  getSecret(key: string): pulumi.Output<string> | undefined;
  /** Has the text of an encrypted key checked, before anything is made; the tools cannot decrypt it, and check nothing. */
  checkSecret(key: string, check: (text: string) => void): void;
}

/** What `get` throws for a key that is encrypted as a whole, where only the program can decrypt it. */
export class Undecrypted extends Error {}

/** The part of `pulumi.Config` that is read here. */
export type ProgramConfig = Pick<pulumi.Config, "name" | "get" | "getSecret">;

/** A reader of what the engine gives to the program. */
export function readerOf(config: ProgramConfig): ConfigReader {
  // `pulumi.Config` asks this itself, but Pulumi does not declare it.
  const { isConfigSecret } = runtime as typeof runtime & { isConfigSecret: (key: string) => boolean };
  return {
    get: (key) => config.get(key),
    has: (key) => textOf(config, key) !== undefined,
    getSecret: (key) => config.getSecret(key),
    checkSecret: (key, check) => {
      check(config.get(key) ?? "");
    },
    holdsSecret: (key) => isConfigSecret(`${config.name}:${key}`),
  };
}

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

/**
 * Reads a secret; undefined where it is not set.
 *
 * @param setting what follows `pulumi config set --secret`
 * @throws a `Problem` when it is in plain text
 */
export function secret(config: ConfigReader, key: string, setting: string): pulumi.Output<string> | undefined {
  if (!config.has(key)) {
    return undefined;
  }
  refusePlainText(config, key, setting);
  return config.getSecret(key);
}

/** Refuses a secret that is not encrypted: it would show in the file, in previews and in what they are posted to. */
export function refusePlainText(config: PlainConfig, key: string, setting: string): void {
  if (!config.holdsSecret(key)) {
    throw new Problem(
      `Config key "${key}" is in plain text, which everybody can read who reads the stack's file or a preview`,
      `run \`pulumi config set --secret ${setting}\`, with a new value if this one was published`,
    );
  }
}
