import { parse, TomlError, type TomlTable } from "smol-toml";

import { Problem } from "../../../../components/problem";
import { readText } from "./projectFiles";

/**
 * Reads a TOML file of a project.
 *
 * @returns undefined where it is missing
 * @throws a `Problem` with the line that is no TOML
 */
export function readToml(project: string, file: string): TomlTable | undefined {
  const text = readText(project, file);
  if (text === undefined) {
    return undefined;
  }
  try {
    return parse(text);
  } catch (error) {
    const [first = ""] = (error as Error).message.split("\n");
    const line = error instanceof TomlError ? `:${error.line}` : "";
    throw new Problem(`${file}${line} could not be read: ${first}`);
  }
}

/** What a text of TOML says; undefined where it is none. */
export function parsedToml(text: string): TomlTable | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** A table inside a table, by its names; empty where it is missing or something else. */
export function table(value: unknown, ...names: string[]): Readonly<Record<string, unknown>> {
  let found = value;
  for (const name of names) {
    found = isTable(found) ? found[name] : undefined;
  }
  return isTable(found) ? found : {};
}

/** The tables in a list; none where it is no list. */
export const tables = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isTable) : [];

export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
