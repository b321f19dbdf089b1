import net from "node:net";

import { shellWord } from "../advice";
import { Problem } from "../problem";

/** What a config key may be, and a value to try. */
export interface Allowed {
  allowed: string;
  example: string;
}

/** Turns the text of a key into its value, or throws a `Problem`; an undefined text is a key that is not set. */
export type Check<T> = (key: string, value: string | undefined) => T;

/** The problem of a value that is not allowed; `setting` is what follows `pulumi config set`. */
export function problem(
  key: string,
  value: string | undefined,
  { allowed, example }: Allowed,
  setting = `${settingOf(key)} ${example}`,
): Problem {
  const state = value === undefined ? "is not set" : `is "${shortened(value)}"`;
  return new Problem(`Config key "${key}" ${state}: allowed is ${allowed}`, `run \`pulumi config set ${setting}\``);
}

/** A key as `pulumi config set` takes it: a field of a map by its path. */
export const settingOf = (key: string): string => (key.includes(".") ? `--path ${key}` : key);

/** Most characters of a value that a message quotes. */
const longest = 300;
const shortened = (value: string): string => (value.length > longest ? `${value.slice(0, longest)}…` : value);

/** The entry of a map as a word of a command line: a name with a dot in it is in brackets. */
export function entryPath(key: string, name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name);
  return isPlain ? `${key}.${name}` : shellWord(`${key}["${name.replaceAll('"', String.raw`\"`)}"]`);
}

/** One of some names. */
export function oneOf<T extends string>(allowed: readonly [T, ...T[]]): Check<T> {
  return (key, value) => {
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
      throw problem(key, value, { allowed: `one of ${allowed.join(", ")}`, example: allowed[0] });
    }
    return found;
  };
}

/** Whether a key says true. */
export const flag: Check<boolean> = (key, value) => oneOf(["true", "false"])(key, value) === "true";

/** A text of some form. */
export function matching(pattern: RegExp, allowed: Allowed): Check<string> {
  return (key, value) => {
    if (value === undefined || !pattern.test(value)) {
      throw problem(key, value, allowed);
    }
    return value;
  };
}

/** Path of a URL, without blanks. */
export const urlPath = /^\/[\x21-\x7e]*$/;

/** Path of a URL that answers probes. */
export const healthPath = matching(urlPath, { allowed: "the path of a URL", example: "/healthz" });

/** The text with its quotes closed, and a character after each `\`. */
const quotedRight = /^(\\[^\p{Cc}]|'[^'\p{Cc}]*'|"(\\[^\p{Cc}]|[^"\\\p{Cc}])*"|[^'"\\\p{Cc}])+$/u;
/** A command in one line. */
export const commandLine: Check<string> = (key, value) =>
  // Folded text in YAML ends with a line break.
  matching(quotedRight, {
    allowed: "a command in one line, with every quote closed",
    example: "'gunicorn shop.wsgi'",
  })(key, value?.trim());

const dnsNamePattern =
  /^(?=.{1,253}$)(?!.*(^|\.)[0-9]+$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A host or an object's name in a cluster; an Ingress takes no address for a host. */
export function dnsName(example: string): Check<string> {
  return matching(dnsNamePattern, { allowed: "a DNS name (a-z, 0-9, - and ., at most 253)", example });
}

/** Several texts of some form with commas between, each one once. */
export function listOf(pattern: RegExp, allowed: Allowed): Check<string> {
  return (key, value = "") => {
    const entries = value.split(",");
    if (entries.some((entry) => !pattern.test(entry)) || new Set(entries).size < entries.length) {
      throw problem(key, value, allowed);
    }
    return value;
  };
}

/** A whole number in decimal digits. */
export function wholeNumber({ from, to, example }: { from: number; to: number; example: number }): Check<number> {
  return (key, value) => {
    const number = /^-?[0-9]+$/.test(value ?? "") ? Number(value) : NaN;
    if (!(number >= from && number <= to)) {
      throw problem(key, value, { allowed: `a whole number from ${from} to ${to}`, example: String(example) });
    }
    return number;
  };
}

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** A host as it stands in a URL: an IPv6 address in brackets. */
export function host(example: string): Check<string> {
  return (key, value = "") => {
    const address = value.replace(/^\[(.*)\]$/, "$1");
    if (net.isIPv6(address) && !address.includes("%")) {
      return `[${address}]`;
    }
    // A browser takes whatever ends in a number for an IPv4 address.
    const isAddress = /(^|\.)[0-9]+$/.test(value);
    if (isAddress ? !net.isIPv4(value) : !hostName.test(value)) {
      throw problem(key, value, {
        allowed: "a host name or an IP address, without a scheme, a port and a path",
        example,
      });
    }
    return value;
  };
}

/** Names of the tz database; Kubernetes finds them by their spelling, and knows no offsets. */
export const timeZone: Check<string> = (key, value) => {
  try {
    const { timeZone: found } = new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions();
    const isMisspelt = found.toLowerCase() === value?.toLowerCase() && found !== value;
    if (value !== undefined && /^[A-Z]/.test(value) && value !== "Local" && !isMisspelt) {
      return value;
    }
  } catch {
    // It is none.
  }
  throw problem(key, value, { allowed: "a name of the tz database", example: "Europe/Berlin" });
};

/**
 * Names to texts, from JSON: Pulumi's own error for what is no JSON says neither what is allowed nor what to run.
 *
 * @param setting what follows `pulumi config set`
 * @param names form of the names. @default any
 * @throws a `Problem` that does not quote the values of secrets
 */
export function textMap(
  key: string,
  json: string | undefined,
  setting: string,
  names?: RegExp,
): Record<string, string> {
  const isSecret = setting.startsWith("--secret");
  const allowed = `a map of names${names === undefined ? "" : " (letters, digits, _, . and -)"} to texts`;
  const refusal = problem(key, isSecret ? "[secret]" : json, { allowed, example: "" }, setting);
  let value: unknown;
  try {
    value = JSON.parse(json ?? "{}");
  } catch {
    throw refusal;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => {
      if (typeof each === "number" || typeof each === "boolean") {
        throw withoutQuotes(key, name, isSecret ? `a ${typeof each}` : `the ${typeof each} ${String(each)}`, isSecret);
      }
      if (typeof each !== "string") {
        throw noText(key, name, each === null ? "null" : Array.isArray(each) ? "a list" : "a map", isSecret);
      }
      if (names?.test(name) === false) {
        throw refusal;
      }
      return [name, each];
    }),
  );
}

/** YAML reads 3.10 as 3.1, 010 as 8 and yes as true: what was written is gone by then. */
function withoutQuotes(key: string, name: string, read: string, isSecret: boolean): Problem {
  const advice = `${isSecret ? "" : "write it in quotes there, or "}run \`${setting(key, name, isSecret)}\``;
  return new Problem(
    `Config key "${key}.${name}" is ${read}, as YAML reads what stands in the stack's file: allowed is a text`,
    advice,
  );
}

function noText(key: string, name: string, kind: string, isSecret: boolean): Problem {
  const path = entryPath(key, name);
  return new Problem(
    `Config key "${key}.${name}" is ${kind}: allowed is a text`,
    `run \`pulumi config rm --path ${path}\`, or \`${setting(key, name, isSecret)}\``,
  );
}

function setting(key: string, name: string, isSecret: boolean): string {
  return `pulumi config set ${isSecret ? "--secret" : "--type string"} --path ${entryPath(key, name)} VALUE`;
}
