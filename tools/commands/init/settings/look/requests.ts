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
  /** ALLOWED_HOSTS where it stands in the text of the settings and does not have every host. */
  fixedHosts: Found<string[]> | undefined;
}

/** @param withDebug what the settings are with debug on; none where no variable turns it on */
export function findRequests(evaluate: Evaluate, withDebug: readonly Evaluation[]): RequestFindings {
  return { sslRedirect: sslRedirect(evaluate, withDebug), fixedHosts: fixedHosts(evaluate({})) };
}

const isRedirecting = (evaluation: Evaluation): boolean | undefined => {
  const value = evaluation.setting("SECURE_SSL_REDIRECT");
  return value === undefined ? false : truth(value);
};

function sslRedirect(evaluate: Evaluate, withDebug: readonly Evaluation[]): RequestFindings["sslRedirect"] {
  const plain = evaluate({});
  const value = plain.setting("SECURE_SSL_REDIRECT");
  if (value === undefined || isRedirecting(plain) !== true) {
    return undefined;
  }
  const names = [...namesIn(value)].filter((name) => !name.includes("DEBUG"));
  const variable = names.flatMap((name) => {
    const off = ["False", "0", "false", ""].find((text) => isRedirecting(evaluate({ [name]: text })) === false);
    return off === undefined ? [] : [{ name, off }];
  })[0];
  const isWithoutDebug = withDebug.some((evaluation) => isRedirecting(evaluation) === false);
  return { value: { variable, isWithoutDebug }, where: plain.placeOf("SECURE_SSL_REDIRECT") };
}

function fixedHosts(evaluation: Evaluation): Found<string[]> | undefined {
  const value = evaluation.setting("ALLOWED_HOSTS");
  const hosts = value?.kind === "list" ? value.items.map(plainText) : [];
  const isFixed = value !== undefined && namesIn(value).size === 0 && hosts.length > 0;
  const known = hosts.filter((host) => host !== undefined);
  return isFixed && known.length === hosts.length && !known.includes("*")
    ? { value: known, where: evaluation.placeOf("ALLOWED_HOSTS") }
    : undefined;
}
