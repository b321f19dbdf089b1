import { takeStack } from "../stackFlag";

/**
 * What a command of the Pulumi CLI works on: nothing that is a stack's, a stack's config, its state, or its cluster.
 *
 * A command that is not known here works on nothing, and the CLI says what it lacks.
 */
export type CommandKind = "none" | "login" | "config" | "state" | "cluster";

const kinds: Record<string, CommandKind> = {
  login: "login",
  logout: "login",
  config: "config",
  cancel: "state",
  logs: "state",
  state: "state",
  stack: "state",
  destroy: "cluster",
  down: "cluster",
  import: "cluster",
  preview: "cluster",
  pre: "cluster",
  refresh: "cluster",
  up: "cluster",
  update: "cluster",
  watch: "cluster",
};

/** Commands of `pulumi stack` that take no `--stack`. */
const withoutStack = ["init", "ls", "new", "select", "unselect"];

/** Flags before a command whose value is the next word. */
const withValue = ["--color", "--cwd", "-C", "--verbose", "-v"];

export function kindOf(args: readonly string[]): CommandKind {
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    return "none";
  }
  const [command = "", subcommand = ""] = wordsOf(args);
  return command === "stack" && withoutStack.includes(subcommand) ? "none" : (kinds[command] ?? "none");
}

/** The stack that a command names: `stack rm` without the flag, too. */
export function stackNamed(args: readonly string[]): string | undefined {
  const [command, subcommand, name] = wordsOf(args);
  return takeStack(args).stack ?? (command === "stack" && subcommand === "rm" ? name : undefined);
}

/** A command's words without its flags. */
function wordsOf(args: readonly string[]): string[] {
  const { rest } = takeStack(args);
  return rest.filter((arg, index) => !arg.startsWith("-") && !withValue.includes(rest[index - 1] ?? ""));
}

/** Adds flags to a command, before what follows `--`. */
export function withFlags(args: readonly string[], ...flags: string[]): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return [...args.slice(0, end), ...flags, ...args.slice(end)];
}
