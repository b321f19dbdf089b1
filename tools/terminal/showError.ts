import { Problem } from "../../components/problem";

/** Set to any value, this environment variable shows where in the code an unexpected error comes from. */
const stackVariable = "SHOW_STACK";

/**
 * The text that a command prints on standard error when it fails.
 *
 * A `Problem` has its own words. Any other error is a defect of the tools, so its stack can be shown.
 */
export function errorText(error: unknown, environment: NodeJS.ProcessEnv = process.env): string {
  if (error instanceof Problem) {
    return `error: ${error.message}`;
  }
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  return environment[stackVariable]
    ? `error: ${stack}`
    : `error: ${message}\nThis error is unexpected; set ${stackVariable}=1 to see where it comes from.`;
}

/** Shows why a command failed. */
export function showError(error: unknown): void {
  console.error(errorText(error));
}
