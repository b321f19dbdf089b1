import { Problem } from "../../components/problem";

/** Set to any value, this environment variable shows where in the code an unexpected error comes from. */
const stackVariable = "SHOW_STACK";

/**
 * The text that a command prints on standard error when it fails.
 *
 * A `Problem` has its own words. Any other error, but that a file cannot be written, is a defect of the tools, so its
 * stack can be shown.
 */
export function errorText(error: unknown, environment: NodeJS.ProcessEnv = process.env): string {
  if (error instanceof Problem) {
    return `error: ${error.message}`;
  }
  const machine = machineProblem(error);
  if (machine !== undefined && !environment[stackVariable]) {
    return `error: ${machine.message}`;
  }
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  return environment[stackVariable]
    ? `error: ${stack}`
    : `error: ${message}\nThis error is unexpected; set ${stackVariable}=1 to see where it comes from.`;
}

/** What helps where the machine does not let a command work, by the system's code. */
export const machineHelp: Partial<Record<string, string>> = {
  ENOSPC: "free space on its disk",
  EDQUOT: "free space of your quota on its disk",
  EROFS:
    "its disk is read-only: work in a copy on another one, or let XDG_CACHE_HOME name a folder that can be written",
  EACCES: "let your user have it, as with `chown`",
  EPERM: "let your user have it, as with `chown`",
  EMFILE: "allow more open files with `ulimit -n 4096`",
};

function machineProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { code = "", syscall, path, message } = error as NodeJS.ErrnoException;
  const isRun = syscall?.startsWith("spawn") === true;
  const help =
    isRun && code === "EACCES"
      ? "let your user run it, from a disk that is not mounted with noexec"
      : machineHelp[code];
  // A path alone makes it one of files: others have an address.
  if (syscall === undefined || help === undefined || (path === undefined && code !== "ENOSPC")) {
    return undefined;
  }
  const reason =
    message
      .split("\n")
      .at(-1)
      ?.replace(/, \w+ '.*$/s, "") ?? "";
  return new Problem(path === undefined ? reason : `${path} cannot be used (${reason})`, help);
}

/** Shows why a command failed. */
export function showError(error: unknown): void {
  console.error(errorText(error));
}
