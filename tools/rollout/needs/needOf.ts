import { diskRules } from "./disk";
import type { ImageFacts } from "./image";
import type { Need, Rule } from "./need";
import { permissionRules } from "./permission";
import { portRules } from "./port";
import type { Run } from "./run";
import { serverRules } from "./server";
import { sqliteRules } from "./sqlite";
import { startRules } from "./start";
import { userRules } from "./user";
import { variableRules } from "./variable";

/** One that is longer says nothing of this, and would take long to search. */
const longestLine = 4_000;

/** The line before a traceback that goes on from the one above it. */
const chained = /^(During handling of the above exception|The above exception was the direct cause)/;

const rules: readonly Rule[] = [
  ...userRules,
  ...startRules,
  ...variableRules,
  ...diskRules,
  ...sqliteRules,
  ...portRules,
  ...permissionRules,
  ...serverRules,
];

/**
 * What a process that ended, or could not start, needs and is refused.
 *
 * @param said what the cluster says of its container, or the last lines of its output: the last that tells counts, since
 *   what a process goes on after did not end it, nor did what it said before the last traceback
 * @param image undefined where the image was not asked: the answer then says how to find out
 * @returns undefined where nothing tells of such a need
 */
export function needOf(said: string, run: Run, image?: ImageFacts): Need | undefined {
  const lines = said.split("\n").map((line) => line.trimEnd().slice(0, longestLine));
  for (let at = lines.length - 1; at >= 0; at--) {
    for (const [pattern, need] of rules) {
      const match = pattern.exec(lines[at] ?? "");
      const found = match && need(match, { lines, at, run, image });
      if (found) {
        return found;
      }
    }
    if (beginsTraceback(lines, at)) {
      return undefined;
    }
  }
  return undefined;
}

function beginsTraceback(lines: readonly string[], at: number): boolean {
  const before = lines.slice(0, at).findLast((line) => line !== "") ?? "";
  return /^\s*Traceback \(most recent call last\):/.test(lines[at] ?? "") && !chained.test(before.trim());
}
