import type * as pulumi from "@pulumi/pulumi";

import { settingOfKey } from "../../components/config/knownKeys";
import { type ConfigReader, textOf, Undecrypted } from "../../components/config/reader";
import { readSettings } from "../../components/config/settings";
import { Problem } from "../../components/problem";
import { project, type StackConfig } from "./stackConfig";

/**
 * What the program would refuse of a stack's file, by the program's own readers; undefined for nothing. What the file
 * does not say, the program checks alone: encrypted values, the keys of other apps, and what an environment adds.
 */
export function refusedSettings(config: StackConfig): Problem | undefined {
  if (config.isPartial) {
    return undefined;
  }
  const { noText } = config;
  if (noText !== undefined) {
    const { key, kind } = noText;
    return new Problem(
      `Config key "${key}" is a ${kind}: allowed is a text`,
      `run \`pulumi config rm ${key}\` and \`pulumi config set ${settingOfKey(key)}\``,
    );
  }
  try {
    readSettings(undecrypted(config), { project, keys: config.keys });
    return undefined;
  } catch (error) {
    if (error instanceof Problem) {
      return error;
    }
    if (error instanceof Undecrypted) {
      return undefined;
    }
    throw error;
  }
}

/** What stands in a map in place of an encrypted text. */
const hidden = "[secret]";

/** A stack's config as the program has it, except for what is encrypted. */
function undecrypted(config: StackConfig): ConfigReader {
  return {
    get: (key) => {
      const text = config.get(key);
      if (text === undefined || !config.holdsSecret(key)) {
        return text;
      }
      const value: unknown = JSON.parse(text, (_, each: unknown) => (isEncrypted(each) ? hidden : each));
      if (value === hidden) {
        throw new Undecrypted();
      }
      return JSON.stringify(value);
    },
    has: (key) => textOf(config, key) !== undefined,
    holdsSecret: (key) => config.holdsSecret(key),
    getSecret: () => anOutput,
    checkSecret: () => undefined,
  };
}

const isEncrypted = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "secure" in value && typeof value.secure === "string";

/** To make a real one takes Pulumi's SDK, which takes a second to load. Readers only pass it on, or apply a function. */
const anOutput = { apply: () => anOutput } as unknown as pulumi.Output<string>;
