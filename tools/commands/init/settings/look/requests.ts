import type { Found } from "../../found";
import { namesIn, plainText, truth } from "../interpreter/values";
import type { Evaluate, Evaluation } from "./evaluation";

/** What leads each request to https. */
export interface SslRedirect {
  /** Variable that decides it, and what turns it off; undefined where none does. */
  variable: { name: string; off: string } | undefined;
  /** Whether it is so only with debug off. */
  isWithoutDebug: boolean;
}

/** What settings do with requests before a page sees them. */
export interface RequestFindings {
  sslRedirect: Found<SslRedirect> | undefined;
  /** ALLOWED_HOSTS where no variable gives an entry of it and it does not have every host. */
  fixedHosts: Found<FixedHosts> | undefined;
  /** The same with debug on. */
  fixedHostsInDebug: Found<FixedHosts> | undefined;
}

export interface FixedHosts {
  /** With debug on, none stands for this machine's own names. */
  hosts: string[];
  /** Variables that entries are made with, such as the one in `f"{APP}.example.com"`. */
  madeWith: string[];
  /** Whether debug is on; undefined where that is not known. */
  debug: boolean | undefined;
}

/**
 * @param withDebug what the settings are with debug on; none where no variable turns it on
 * @param asWritten what the settings are with the values that files of the project give to variables, and debug off and on
 */
export function findRequests(
  evaluate: Evaluate,
  withDebug: readonly Evaluation[],
  asWritten: Record<"off" | "on", Evaluation>,
): RequestFindings {
  return {
    sslRedirect: sslRedirect(evaluate, withDebug, asWritten.off),
    fixedHosts: fixedHosts(asWritten.off),
    fixedHostsInDebug: fixedHosts(asWritten.on),
  };
}

const isRedirecting = (evaluation: Evaluation): boolean | undefined => {
  const value = evaluation.setting("SECURE_SSL_REDIRECT");
  return value === undefined ? false : truth(value);
};

function sslRedirect(
  evaluate: Evaluate,
  withDebug: readonly Evaluation[],
  plain: Evaluation,
): RequestFindings["sslRedirect"] {
  const value = plain.setting("SECURE_SSL_REDIRECT");
  if (value === undefined || isRedirecting(plain) !== true) {
    return undefined;
  }
  const names = [...namesIn(value)].filter((name) => !name.includes("DEBUG"));
  const variable = names.flatMap((name) => {
    const isOff = (text: string): boolean => {
      const evaluation = evaluate({ [name]: text });
      // A value that settings refuse turns nothing off.
      return isRedirecting(evaluation) === false && !evaluation.record.needed.has(name);
    };
    const off = ["False", "0", "false", ""].find(isOff);
    return off === undefined ? [] : [{ name, off }];
  })[0];
  const isWithoutDebug = withDebug.some((evaluation) => isRedirecting(evaluation) === false);
  return { value: { variable, isWithoutDebug }, where: plain.placeOf("SECURE_SSL_REDIRECT") };
}

function fixedHosts(evaluation: Evaluation): Found<FixedHosts> | undefined {
  const value = evaluation.setting("ALLOWED_HOSTS");
  const hosts = value?.kind === "list" ? value.items.flatMap((item) => plainText(item) ?? []) : [];
  const madeWith = value === undefined ? [] : [...namesIn(value)];
  const isKnown = value?.kind === "list" && hosts.length === value.items.length;
  if (!isKnown || hosts.includes("*") || (hosts.length === 0 && madeWith.length > 0)) {
    return undefined;
  }
  const debug = evaluation.setting("DEBUG");
  return {
    value: { hosts, madeWith, debug: debug === undefined ? false : truth(debug) },
    where: evaluation.placeOf("ALLOWED_HOSTS"),
  };
}
