/** The stack that a command line names with `--stack` or `-s`, and the rest of it. */
export function takeStack(args: readonly string[]): { stack: string | undefined; rest: string[] } {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const at = args.slice(0, end).findIndex((arg) => /^(--stack|-s)(=|$)/.test(arg));
  if (at === -1) {
    return { stack: undefined, rest: [...args] };
  }
  const [, value] = /^[^=]*=(.*)$/s.exec(args[at] ?? "") ?? [];
  const used = value === undefined ? 2 : 1;
  return { stack: value ?? args[at + 1], rest: [...args.slice(0, at), ...args.slice(at + used)] };
}
