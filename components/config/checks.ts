import net from "node:net";

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
  setting = `${key} ${example}`,
): Problem {
  const state = value === undefined ? "is not set" : `is "${value}"`;
  return new Problem(`Config key "${key}" ${state}: allowed is ${allowed}`, `run \`pulumi config set ${setting}\``);
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

const quantityPattern = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi)?$/;

/** A Kubernetes quantity. */
export function quantity(example: string): Check<string> {
  return matching(quantityPattern, { allowed: `a Kubernetes quantity, such as ${example}`, example });
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

/** Names to texts; Pulumi's own error for what is no JSON says neither what is allowed nor what to run. */
export function textMap(
  key: string,
  written: () => string | undefined,
  read: () => unknown,
  setting: string,
): Record<string, string> {
  const refusal = (): Problem => problem(key, written(), { allowed: "a map of names to texts", example: "" }, setting);
  let value: unknown;
  try {
    value = read();
  } catch {
    throw refusal();
  }
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isMap ? Object.entries(value as object) : [];
  if (!isMap || entries.some(([, each]) => typeof each === "object")) {
    throw refusal();
  }
  return Object.fromEntries(entries.map(([name, each]) => [name, String(each)]));
}
