/** Errors of Python and Django that a later start of the same image has as well, whatever it waits for. */
const errorsOfTheCode = new Set([
  "AttributeError",
  "ImportError",
  "ImproperlyConfigured",
  "IndentationError",
  "ModuleNotFoundError",
  "NameError",
  "SyntaxError",
  "TabError",
  "TypeError",
]);

/** Exit codes of a command that cannot be run, or is not there. */
const notRun = new Set([126, 127]);

/** How a container ended. */
export interface End {
  exitCode: number;
  /** Such as Error, or ContainerCannotRun. */
  reason?: string | undefined;
  /** The last lines of its output. */
  message?: string | undefined;
}

/**
 * Whether a container that ended will end in the same way again.
 *
 * Any other crash may pass: a database comes late, an address is not known yet.
 */
export function isFinal({ exitCode, reason = "", message = "" }: End): boolean {
  if (notRun.has(exitCode) || /^(ContainerCannotRun|StartError)$/.test(reason)) {
    return true;
  }
  const raised = message.split("\n").findLast((line) => /^[\w.]*[A-Z]\w*(:|$)/.test(line.trimEnd()));
  const name =
    /^[\w.]+/
      .exec(raised ?? "")?.[0]
      .split(".")
      .at(-1) ?? "";
  return errorsOfTheCode.has(name);
}
