import { Problem } from "../../components/problem";
import { stacksIn } from "../stack/stackFiles";

/**
 * The stack that a command line names with `--stack` or `-s`, and the rest of it.
 *
 * @throws a `Problem` for such a flag without a name, since the command would work on another stack
 */
export function takeStack(args: readonly string[]): { stack: string | undefined; rest: string[] } {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const at = args.slice(0, end).findIndex((arg) => /^(--stack|-s)(=|$)/.test(arg));
  if (at === -1) {
    return { stack: undefined, rest: [...args] };
  }
  const [, value] = /^[^=]*=(.*)$/s.exec(args[at] ?? "") ?? [];
  const used = value === undefined ? 2 : 1;
  const stack = value ?? args.slice(0, end)[at + 1] ?? "";
  if (stack === "") {
    throw new Problem(`No stack follows ${args[at] ?? ""}`, "name one, as in `--stack dev`");
  }
  return { stack, rest: [...args.slice(0, at), ...args.slice(at + used)] };
}

/**
 * The same, where the stack may also be the first word, as other commands take it.
 *
 * @param isCommand whether the program that gets the rest has a command of a name
 */
export async function takeStackFirst(
  args: readonly string[],
  isCommand: (word: string) => Promise<boolean>,
  stacks: readonly string[] = stacksIn(),
): Promise<ReturnType<typeof takeStack>> {
  const taken = takeStack(args);
  const [first = "", ...rest] = args;
  const isStack = taken.stack === undefined && stacks.includes(first) && !(await isCommand(first));
  return isStack ? { stack: first, rest } : taken;
}
