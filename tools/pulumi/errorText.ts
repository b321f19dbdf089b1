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
  const errors = coloredErrorsIn(stdout, output).map((error) =>
    stripVTControlCharacters(error).replace(forgetting, ""),
  );
  // Each resource has the same one where a cluster does not answer.
  return [...new Set(errors)];
}

/** How the Kubernetes provider would forget a cluster that is away for a moment, with all that the state knows of it. */
const forgetting = /\. If the cluster was deleted, you can [^\n]*PULUMI_K8S_DELETE_UNREACHABLE[^\n]*/g;

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
