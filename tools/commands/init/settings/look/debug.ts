import type { SettingsFindings } from "../../findings";
import { namesIn, truth } from "../interpreter/values";
import type { Evaluate } from "./evaluation";

type Pair = readonly [on: string, off: string];

/** What says yes and no to most projects, in the order of preference. */
const pairs: readonly Pair[] = [
  ["True", "False"],
  ["1", "0"],
  ["true", "false"],
  ["1", ""],
  ["True", ""],
  ["yes", "no"],
  ["on", "off"],
  ["y", "n"],
  ["TRUE", "FALSE"],
];

/** The same for a variable that turns DEBUG off, such as PRODUCTION. */
const reversedPairs = pairs.map(([on, off]): Pair => [off, on]);

/**
 * Which variable decides DEBUG, and what it has to be.
 *
 * A variable that only has to be there, as in `"DEBUG" in os.environ`, has no value that turns DEBUG off.
 *
 * @param inScripts texts that scripts compare variables with, which have to be exact there
 */
export function findDebug(
  evaluate: Evaluate,
  inScripts: ReadonlyMap<string, ReadonlySet<string>>,
): Pick<SettingsFindings, "debugVariable" | "debugValues"> {
  const plain = evaluate({});
  const value = plain.setting("DEBUG");
  const names = value ? [...namesIn(value)].sort((a, b) => closeness(b) - closeness(a)) : [];
  const found = { debugVariable: undefined, debugValues: undefined };
  for (const name of names) {
    const seen = new Map<string, boolean | undefined>();
    const isOn = (text: string) => {
      if (!seen.has(text)) {
        const debug = evaluate({ [name]: text }).setting("DEBUG");
        seen.set(text, debug && truth(debug));
      }
      return seen.get(text);
    };
    const where = plain.record.reads.find((read) => read.name === name)?.where ?? plain.placeOf("DEBUG");
    const exact = inScripts.get(name) ?? new Set();
    const inOrder = [...pairs.filter((pair) => pair.some((text) => exact.has(text))), ...pairs];
    const values = valuesOf(closeness(name) > 0, [...(plain.record.comparisons.get(name) ?? [])], inOrder, isOn);
    if (values) {
      return { debugVariable: { value: name, where }, debugValues: { value: values.join(","), where } };
    }
    if (closeness(name) > 0 && isOn("True") === true && value && truth(value) === false) {
      return { debugVariable: { value: name, where }, debugValues: undefined };
    }
  }
  return found;
}

/**
 * @param written texts that settings compare the variable with
 * @param inOrder what may say yes and no, in the order of preference
 */
function valuesOf(
  isFlag: boolean,
  written: readonly string[],
  inOrder: readonly Pair[],
  isOn: (text: string) => boolean | undefined,
): Pair | undefined {
  const works = ([on, off]: Pair) => isOn(on) === true && isOn(off) === false;
  return (
    (isFlag ? inOrder.find(works) : undefined) ??
    (written.length > 0 || !isFlag ? fromTexts(isFlag, written, isOn) : undefined) ??
    inOrder.find(works) ??
    reversedPairs.find(works)
  );
}

/** Of the texts that settings name, one for each side; the other side may be any other text. */
function fromTexts(
  isFlag: boolean,
  written: readonly string[],
  isOn: (text: string) => boolean | undefined,
): Pair | undefined {
  const [yes, no] = isFlag ? ["True", "False"] : ["development", "production"];
  const texts = written.filter((text) => text !== "");
  const on = [...texts, yes, ""].find((text) => isOn(text) === true);
  const off = [...texts, no, ""].find((text) => isOn(text) === false);
  return on === undefined || off === undefined ? undefined : [on, off];
}

/** `DEBUG` before `DJANGO_DEBUG` before what only has to do with it. */
function closeness(name: string): number {
  return name === "DEBUG" ? 2 : name.includes("DEBUG") ? 1 : 0;
}
