import { adviceInWords } from "./advice";

/**
 * A mistake that a user can mend, or a failure that a user has to know of.
 *
 * Its parts are fields, and whatever shows it decides how. `message` is all of them, for what shows nothing else.
 */
export class Problem extends Error {
  /**
   * @param failed what failed, with the value and what is allowed; a clause without a full stop
   * @param help what helps, with the command; a clause that begins in lower case. A command stands in it in
   *   backticks, such as `pulumi config set debug true`, and is put into words as one that works where it is read. @default
   *   nothing is known to help
   * @param output what another program printed of it, such as a log's last lines. @default nothing
   */
  constructor(
    readonly failed: string,
    readonly help?: string,
    readonly output: readonly string[] = [],
  ) {
    super(inWords(failed, help && adviceInWords(help), output));
  }
}

function inWords(failed: string, help: string | undefined, output: readonly string[]): string {
  if (output.length === 0) {
    return help === undefined ? failed : `${failed}; ${help}.`;
  }
  const end = help === undefined ? [] : [`${help.charAt(0).toUpperCase()}${help.slice(1)}.`];
  return [`${failed}:`, ...output.map((line) => `  | ${line}`), ...end].join("\n");
}
