/** Django's own commands that write into the project's folder. */
const writing = new Set([
  "compilemessages",
  "makemessages",
  "makemigrations",
  "optimizemigration",
  "squashmigrations",
  "startapp",
  "startproject",
]);

/** What follows manage.py, and whether it runs on a copy of the project that comes back. */
export interface ManageCommand {
  args: string[];
  writesSources: boolean;
}

/** @param args what the user typed after the stack; `--write` before a command says that it writes */
export function readCommand(args: readonly string[]): ManageCommand {
  const [command = "", ...rest] = args;
  if (command === "--write") {
    return { args: rest, writesSources: true };
  }
  // Without a file it prints, and needs no copy.
  const dumpsToFile = command === "dumpdata" && rest.some((each) => /^(-o|--output(=|$))/.test(each));
  return { args: [...args], writesSources: writing.has(command) || dumpsToFile };
}
