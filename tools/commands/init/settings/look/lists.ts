import type { Found, ListVariable } from "../../findings";
import { namesIn, plainText, type Value } from "../interpreter/values";
import type { Evaluate } from "./evaluation";

/** What serves the pages in a browser beside the project: its address is none of the project's own. */
const ofFrontend = /FRONT_?END|(^|_)(FRONT|CLIENT|UI|SPA|REACT|VUE|NUXT|NEXTJS|ANGULAR)(_|$)/;

/**
 * Which variable a list such as ALLOWED_HOSTS is read from, and what separates its entries.
 *
 * @param samples two entries that such a list may have
 */
export function findList(
  evaluate: Evaluate,
  setting: string,
  samples: readonly [string, string],
): Found<ListVariable> | undefined {
  const plain = evaluate({});
  const value = plain.setting(setting);
  const word = setting.split("_")[0] ?? setting;
  const names = value ? [...namesIn(value)].filter((name) => !/DEBUG/.test(name) && !ofFrontend.test(name)) : [];
  const closest = names.sort((a, b) => Number(b.includes(word)) - Number(a.includes(word)));
  for (const variable of closest) {
    const entries = (text: string) => textsOf(evaluate({ [variable]: text }).setting(setting));
    const has = (found: readonly string[], sample: string) => found.includes(sample);
    const where = plain.record.reads.find((read) => read.name === variable)?.where ?? plain.placeOf(setting);
    for (const separator of [",", " "] as const) {
      const found = entries(samples.join(separator));
      if (samples.every((sample) => has(found, sample))) {
        return { value: { variable, separator }, where };
      }
    }
    const ofJson = entries(JSON.stringify(samples));
    if (samples.every((sample) => has(ofJson, sample))) {
      return { value: { variable, separator: "json" }, where };
    }
    // One that is a host elsewhere is no origin, which older Djangos had as a host.
    const isHost = samples[0].includes("://") && /DOMAIN|HOST/.test(variable);
    if (!isHost && has(entries(samples[0]), samples[0])) {
      return { value: { variable, separator: undefined }, where };
    }
  }
  return undefined;
}

/** The texts of a list. */
export function textsOf(value: Value | undefined): string[] {
  return value?.kind === "list" ? value.items.flatMap((item) => plainText(item) ?? []) : [];
}
