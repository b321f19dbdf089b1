import { RunError } from "@pulumi/pulumi/errors";

import { Problem } from "./problem";

/** What the program throws instead of an error: of a `RunError` Pulumi prints the sentence alone, of others a stack trace. */
export function forPulumi(error: unknown): unknown {
  if (!(error instanceof Problem)) {
    return error;
  }
  const runError = new RunError(error.message);
  // Nobody sees it, and Pulumi reads it all the same: mapping it back to TypeScript takes ten seconds.
  runError.stack = `${runError.name}: ${error.message}`;
  return runError;
}
