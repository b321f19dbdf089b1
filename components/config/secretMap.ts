import type * as pulumi from "@pulumi/pulumi";

import { textMap } from "./checks";
import { type ConfigReader, type PlainConfig, secret, textOf } from "./reader";

/** Whether a key that holds a map has anything in it. The tools ask this, too, which cannot decrypt it. */
export function isFilled(config: Pick<PlainConfig, "get">, key: string): boolean {
  return ![undefined, "{}"].includes(textOf(config, key));
}

/**
 * Reads a map of names to encrypted texts, each of which is a secret because the whole is.
 *
 * @param names form of the names. @default any
 * @throws a `Problem` that does not quote the values
 */
export function secretMap(config: ConfigReader, key: string, names?: RegExp): Record<string, pulumi.Output<string>> {
  if (!isFilled(config, key)) {
    return {};
  }
  const setting = `--path ${key}.NAME VALUE`;
  const all = secret(config, key, setting);
  const found = Object.keys(textMap(key, textOf(config, key), `--secret ${setting}`, names));
  const valueOf = (name: string) => (text: string) => (JSON.parse(text) as Record<string, string>)[name] ?? "";
  return all === undefined ? {} : Object.fromEntries(found.map((name) => [name, all.apply(valueOf(name))]));
}
