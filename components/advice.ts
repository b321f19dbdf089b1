// How advice names the commands that help. On a bare machine neither the Pulumi CLI nor kubectl is on PATH, and no
// kubeconfig of the user has the sandbox: there `npm run pulumi` and `npm run kubectl` run them. Each names its stack:
// without one it would work on the stack that is selected, or chosen for the machine.

/** Set by `npm run`, for itself and for the program: the stack that it works on, empty while that is not chosen. */
export const npmRunVariable = "NPM_RUN_STACK";

/** Set by Pulumi for a program: its stack. */
const programVariable = "PULUMI_NODEJS_STACK";

/** Commands of the Pulumi CLI that work on a stack. */
const ofStack = /^(config|state|cancel|stack (output|export|import|history|rm|rename)|up|preview|refresh|destroy)\b/;

/** Scripts of `npm run` that work on the stack that is named first, else on one that they choose. */
const script = /^npm run (up|watch|down|doctor|prune|drift)(?: -- (.*))?$/s;

/** One that takes the stack as an option. */
const previewScript = /^npm run preview:pr -- /;

const namesStack = /(^| )(--stack|-s)[ =]/;

/** Makes advice name the commands of `npm run`, for a stack as soon as it is known. */
export function adviseNpmRun(stack = ""): void {
  process.env[npmRunVariable] = stack;
}

/** Names the stack in advice from now on, where it names the commands of `npm run`; none for "". */
export function adviseStack(stack: string): void {
  if (process.env[npmRunVariable] !== undefined) {
    adviseNpmRun(stack);
  }
}

/**
 * Turns a command into the command line that runs it where it is advised.
 *
 * @param command a command line of `pulumi`, of `kubectl` or of `npm run`; any other stays as it is
 */
export function commandInWords(command: string, environment: NodeJS.ProcessEnv = process.env): string {
  const isNpmRun = environment[npmRunVariable] !== undefined;
  const stack = environment[isNpmRun ? npmRunVariable : programVariable] ?? "";
  const [, tool, args = ""] = /^(pulumi|kubectl) (.*)$/s.exec(command) ?? [];
  switch (tool) {
    case "pulumi": {
      const isNamed = stack === "" || namesStack.test(args) || !ofStack.test(args);
      return `${isNpmRun ? "npm run pulumi --" : tool} ${args}${isNamed ? "" : ` --stack ${stack}`}`;
    }
    case "kubectl":
      return isNpmRun ? `npm run kubectl -- ${stack === "" ? "" : `--stack ${stack} `}${args}` : command;
    default:
      return stack === "" ? command : withStack(command, stack);
  }
}

function withStack(command: string, stack: string): string {
  if (previewScript.test(command)) {
    return namesStack.test(command) ? command : `${command} --stack ${stack}`;
  }
  const [, name, args = ""] = script.exec(command) ?? [];
  const isNamed = name === undefined || /^[^-]/.test(args);
  return isNamed ? command : ["npm run", name, "--", stack, args].filter(Boolean).join(" ");
}

/** Puts advice into words: each command that it has in backticks becomes one that works where it is read. */
export function adviceInWords(advice: string, environment: NodeJS.ProcessEnv = process.env): string {
  return advice.replace(/`([^`]+)`/g, (_, command: string) => `\`${commandInWords(command, environment)}\``);
}

/** A text as a word of a shell's command line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
