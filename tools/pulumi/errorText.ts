import { stripVTControlCharacters } from "node:util";

import { errorsOf, parseReport } from "./changes/previewJson";

/** Of an output without a section for errors, the last lines are kept. */
const keptLines = 20;

/**
 * The errors in what the Pulumi CLI printed, without its prefix and without colors: Node.js has them in the trace of a
 * program that throws.
 *
 * With `--json` they are in the report; an update has a section "Diagnostics"; any other command ends with them.
 */
export function errorsIn({ stdout, output }: { stdout: string; output: string }): string[] {
  return coloredErrorsIn(stdout, output).map((error) => stripVTControlCharacters(error));
}

function coloredErrorsIn(stdout: string, output: string): string[] {
  const reported = stdout.startsWith("{") ? errorsOf(parseReport(stdout)) : [];
  if (reported.length > 0) {
    return reported;
  }
  const [, diagnostics] = output.split(/^Diagnostics:$/m);
  const text =
    diagnostics?.split(/^(?:Outputs|Resources):/m)[0] ?? output.trim().split("\n").slice(-keptLines).join("\n");
  return [text.replace(/^\n+|\s+$/g, "").replace(/^error: /gm, "")].filter((error) => error !== "");
}
