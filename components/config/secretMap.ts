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
 * @param options `names`: form of the names. @default any; `refuse`: throws a `Problem` for some texts. @default takes all;
 *   the tools, which cannot decrypt them, give it others
 * @throws a `Problem` that does not quote the values
 */
export function secretMap(
  config: ConfigReader,
  key: string,
  { names, refuse }: { names?: RegExp; refuse?: (texts: Record<string, string>) => void },
): Record<string, pulumi.Output<string>> {
  if (!isFilled(config, key)) {
    return {};
  }
  const setting = `--path ${key}.NAME VALUE`;
  const all = secret(config, key, setting);
  const texts = textMap(key, textOf(config, key), `--secret ${setting}`, names);
  refuse?.(texts);
  const valueOf = (name: string) => (text: string) => (JSON.parse(text) as Record<string, string>)[name] ?? "";
  return all === undefined
    ? {}
    : Object.fromEntries(Object.keys(texts).map((name) => [name, all.apply(valueOf(name))]));
}
