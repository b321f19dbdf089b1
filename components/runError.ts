import { RunError } from "@pulumi/pulumi/errors";

import { Problem } from "./problem";

/** The error to throw to Pulumi, which prints a `RunError` as its message alone and any other error as a stack trace. */
export function forPulumi(error: unknown): unknown {
  if (!(error instanceof Problem)) {
    return error;
  }
  const runError = new RunError(error.message);
  // The stack is never shown, but Pulumi maps it back to TypeScript, which takes ten seconds.
  runError.stack = `${runError.name}: ${error.message}`;
  return runError;
}
