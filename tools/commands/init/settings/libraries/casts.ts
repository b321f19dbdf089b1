import type { Machine } from "../interpreter/machine";
import { databaseOfUrl } from "./databaseUrl";
import { asNumber } from "./builtins";
import { ofJson } from "./literals";
import { booleanOf, no, yes } from "./os";
import { derived, dict, list, object, plainText, text, unknown, type Value } from "../interpreter/values";

/** Makes a value of what a variable says. */
export type Cast = (machine: Machine, value: Value) => Value;

/** django-environ takes any text for a boolean: what is neither a yes nor a number is false. */
export const environBoolean: Cast = (machine, value) => {
  if (value.kind !== "text") {
    return value;
  }
  const said = value.text.toLowerCase();
  const isYes = ["true", "on", "ok", "y", "yes", "1"].includes(said) || (/^\d+$/.test(said) && Number(said) !== 0);
  return booleanOf(machine, { ...value, text: isYes ? "true" : "false" }, yes, no);
};

/** Decouple, environs and others refuse what is neither yes nor no. */
export const strictBoolean: Cast = (machine, value) =>
  value.kind === "text" && value.text === ""
    ? booleanOf(machine, { ...value, text: "false" }, yes, no)
    : booleanOf(machine, value, yes, no);

/** Entries between commas. */
export function listBetween(separator: string, trims: boolean): Cast {
  return (_machine, value) => {
    if (value.kind !== "text") {
      return value;
    }
    const entries = value.text.split(separator).map((entry) => (trims ? entry.trim() : entry));
    return derived(list(entries.filter((entry) => entry !== "").map(text)), value);
  };
}

export const numberCast: Cast = (machine, value) => (value.kind === "none" ? value : asNumber(machine, value));
export const unchanged: Cast = (_machine, value) => value;
export const notKnown: Cast = (_machine, value) => derived(unknown, value);
export const databaseCast: Cast = (_machine, value) => (value.kind === "dict" ? value : databaseOfUrl(value));

/** A cache's URL: its location is the URL itself. */
export const cacheCast: Cast = (_machine, value) =>
  derived(dict(new Map([["LOCATION", plainText(value) === undefined ? derived(unknown, value) : value]])), value);

const withSlash = (name: Value): Value => (name.kind === "text" ? { ...name, text: `/${name.text}` } : name);

/** Parts of a URL, as `urllib.parse.urlparse` names them. */
export function parsedUrl(url: Value): Value {
  const database = databaseOfUrl(url);
  const entry = (key: string) => (database.kind === "dict" ? database.entries.get(key) : undefined) ?? unknown;
  const parts: Record<string, Value> = {
    hostname: entry("HOST"),
    username: entry("USER"),
    password: entry("PASSWORD"),
    path: withSlash(entry("NAME")),
    port: entry("PORT"),
  };
  const scheme = plainText(url)?.split(":")[0];
  parts["scheme"] = derived(scheme === undefined ? unknown : text(scheme), url);
  return { ...object({ label: "url", attribute: (name) => parts[name] ?? derived(unknown, url) }), from: url.from };
}

/** Pydantic's of a list, a tuple or a set: JSON, which no separator makes. */
export const jsonList: Cast = (machine, value) => {
  if (value.kind !== "text") {
    return value;
  }
  try {
    return derived(ofJson(JSON.parse(value.text)), value);
  } catch {
    return notKnown(machine, value);
  }
};

/** The cast that a type of Python stands for: `bool`, `int`, `list`. */
export function castOfType(type: string | undefined, boolean: Cast, separator = ","): Cast | undefined {
  switch (type) {
    case "bool":
      return boolean;
    case "int":
    case "float":
      return numberCast;
    case "list":
    case "tuple":
    case "set":
      return listBetween(separator, false);
    case "str":
      return unchanged;
    default:
      return undefined;
  }
}
