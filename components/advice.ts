// How advice names the commands that help. On a bare machine the Pulumi CLI is not on PATH: there `npm run pulumi` runs it.

/** Set by `npm run`, for itself and for the program: the stack that it works on, empty while that is not chosen. */
export const npmRunVariable = "NPM_RUN_STACK";

/** Commands of the Pulumi CLI that work on a stack. */
const ofStack = /^(config|state|cancel|stack (output|export|import|history|rm|rename)|up|preview|refresh|destroy)\b/;

/** Makes advice name the commands of `npm run`, for a stack as soon as it is known. */
export function adviseNpmRun(stack = ""): void {
  process.env[npmRunVariable] = stack;
}

/** Names the stack in advice from now on, where it names the commands of `npm run`. */
export function adviseStack(stack: string): void {
  if (process.env[npmRunVariable] !== undefined) {
    adviseNpmRun(stack);
  }
}

/**
 * The command line that runs a command of the Pulumi CLI where it is advised.
 *
 * @param command what follows `pulumi`
 */
export function pulumiCommandLine(command: string, environment: NodeJS.ProcessEnv = process.env): string {
  const stack = environment[npmRunVariable];
  if (stack === undefined) {
    return `pulumi ${command}`;
  }
  const isNamed = stack === "" || /(^| )(--stack|-s)[ =]/.test(command) || !ofStack.test(command);
  return `npm run pulumi -- ${command}${isNamed ? "" : ` --stack ${stack}`}`;
}

/** Puts advice into words: each command that it has as `pulumi ...`, in backticks, is one that works where it is read. */
export function adviceInWords(advice: string, environment: NodeJS.ProcessEnv = process.env): string {
  return advice.replace(/`pulumi ([^`]+)`/g, (_, command: string) => `\`${pulumiCommandLine(command, environment)}\``);
}
