import { closest } from "fastest-levenshtein";

import { Problem } from "../problem";
import { type Check, entryPath, problem } from "./checks";
import { type PlainConfig, textOf } from "./reader";

/** A map of fields in a key, such as one process of `processes`, which reads each of them as a key of its own. */
export interface Entry {
  /** Path of the map, as `pulumi config set --path` takes it. */
  path: string;
  /** Path of a field, for messages. */
  pathOf(field: string): string;
  /** Reads a field that has to be set. Throws the check's `Problem`. */
  required<T>(field: string, check: Check<T>): T;
  /** Reads a field that may be left out. Throws the check's `Problem`. */
  optional<T>(field: string, check: Check<T>): T | undefined;
}

/** What an entry may have: its fields, and the one to try when there is none yet, as in `command COMMAND`. */
export interface EntryForm {
  fields: readonly [string, ...string[]];
  example: string;
}

/** Name of an entry from which objects of the cluster are named, short enough for what Kubernetes adds to them. */
const entryName = /^(?=.{1,30}$)[a-z]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Reads a key that holds named entries, such as `processes`.
 *
 * @param reserved names that other objects of the app have
 * @throws a `Problem` for what is no map, a name that Kubernetes refuses, and a field that does not exist
 */
export function readEntries(
  config: PlainConfig,
  key: string,
  form: EntryForm,
  reserved: readonly string[] = [],
): Record<string, Entry> {
  const example = `--path ${key}.NAME.${form.example}`;
  return Object.fromEntries(
    Object.entries(mapOf(config, key, example)).map(([name, value]) => {
      if (!entryName.test(name) || reserved.includes(name)) {
        const taken = reserved.length === 0 ? "" : `, other than ${reserved.join(", ")}`;
        throw new Problem(
          `Config key "${key}" has the name "${name}": allowed are a-z, 0-9 and -, from a letter on, at most 30${taken}`,
          `run \`pulumi config rm --path ${entryPath(key, name)}\` and \`pulumi config set ${example}\` with another name`,
        );
      }
      return [name, entryOf(entryPath(key, name), value, form)];
    }),
  );
}

/** Reads a key that holds one map of fields, such as `media`; undefined where it is not set. Throws a `Problem`. */
export function readEntry(config: PlainConfig, key: string, form: EntryForm): Entry | undefined {
  const map = mapOf(config, key, `--path ${key}.${form.example}`);
  return Object.keys(map).length === 0 ? undefined : entryOf(key, map, form);
}

function mapOf(config: PlainConfig, key: string, example: string): Record<string, unknown> {
  if (config.holdsSecret(key)) {
    throw new Problem(
      `Config key "${key}" has an encrypted value, which would stand in plain text in the cluster`,
      `run \`pulumi config rm ${key}\`, and put the secret in secretEnv: a command may use it as $NAME`,
    );
  }
  const text = textOf(config, key);
  let value: unknown;
  try {
    value = JSON.parse(text ?? "{}");
  } catch {
    value = undefined;
  }
  if (!isMap(value)) {
    throw problem(key, text, { allowed: "a map", example: "" }, example);
  }
  return value;
}

function entryOf(path: string, value: unknown, { fields, example }: EntryForm): Entry {
  if (!isMap(value)) {
    throw new Problem(
      `Config key "${path}" is ${inWords(value)}: allowed is a map of ${fields.join(", ")}`,
      `run \`pulumi config rm --path ${path}\` and \`pulumi config set --path ${path}.${example}\``,
    );
  }
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    const nearest = closest(unknown, fields);
    throw new Problem(
      `Config key "${path}.${unknown}" does not exist: the nearest one is "${nearest}"`,
      `run \`pulumi config rm --path ${entryPath(path, unknown)}\`, and \`pulumi config set --path ${path}.${nearest} VALUE\` if you meant that`,
    );
  }
  const pathOf = (field: string): string => `${path}.${field}`;
  const text = (field: string): string | undefined => {
    const each = Object.hasOwn(value, field) ? value[field] : undefined;
    if (["string", "number", "boolean"].includes(typeof each)) {
      return String(each) || undefined;
    }
    if (each === undefined || each === null) {
      return undefined;
    }
    throw new Problem(
      `Config key "${pathOf(field)}" is ${inWords(each)}: allowed is a text`,
      `run \`pulumi config rm --path ${pathOf(field)}\` and \`pulumi config set --path ${pathOf(field)} VALUE\``,
    );
  };
  return {
    path,
    pathOf,
    required: (field, check) => check(pathOf(field), text(field)),
    optional: (field, check) => (text(field) === undefined ? undefined : check(pathOf(field), text(field))),
  };
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function inWords(value: unknown): string {
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return `"${value}"`;
  }
  return value === null ? "empty" : "a map";
}
