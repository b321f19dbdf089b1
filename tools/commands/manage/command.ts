import { Problem } from "../../../components/problem";

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

/** What follows manage.py, and where it runs. */
export interface ManageCommand {
  args: string[];
  /** Whether it runs on a copy of the project that comes back. */
  writesSources: boolean;
  /** The process in whose pod it runs. */
  process: string;
  /** The app that has it; undefined for the stack's first one. */
  app?: string;
}

/**
 * @param typed what the user typed after the stack; before the command, `--in NAME` names a process other than web, `--app
 *   NAME` another app of the stack, and `--write` says that the command writes sources
 */
export function readCommand(typed: readonly string[]): ManageCommand {
  const args = [...typed];
  const named: { in?: string; app?: string } = {};
  let isWriting = false;
  for (;;) {
    const [, option, inline] = /^--(in|app)(?:=(.*))?$/s.exec(args[0] ?? "") ?? [];
    if (option === "in" || option === "app") {
      named[option] = inline ?? args[1] ?? "";
      args.splice(0, inline === undefined ? 2 : 1);
    } else if (args[0] === "--write") {
      isWriting = true;
      args.splice(0, 1);
    } else {
      break;
    }
  }
  const [command = "", ...rest] = args;
  if (command === "") {
    throw new Problem("No command follows manage.py", "name one, such as `npm run manage -- STACK check`");
  }
  // Without a file it prints, and needs no copy.
  const dumpsToFile = command === "dumpdata" && rest.some((each) => /^(-o|--output(=|$))/.test(each));
  return {
    args,
    writesSources: isWriting || writing.has(command) || dumpsToFile,
    process: named.in ?? "web",
    ...(named.app !== undefined && { app: named.app }),
  };
}
