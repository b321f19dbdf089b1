import { shellWord } from "../../../../components/advice";
import { ofShell } from "../../../../components/app/commandLine";
import { commandsIn } from "./commandWords";

const program = /\b(?:uv|poetry|pdm|pipenv) run\b/;
const flag = /--?(?:no-sync|frozen|locked|no-dev|all-extras|all-groups|offline|[qv])/;
/** Without them, `uv run` takes out of the environment what they name. */
const choice = /--(?:extra|group|only-group|no-group|package|project|env-file)[ =][^\s-]\S*/;

/** What runs a command in the virtual environment of a project, with its options. */
const runner = new RegExp(`^(?:exec )?(${program.source}(?: ${flag.source}(?= )| ${choice.source})*) [^\\s-]`);

/** The beginning of a command line that runs the rest in the project's environment: `uv run`; undefined for none. */
export const runnerOf = (line: string | undefined): string | undefined => runner.exec(line ?? "")?.[1];

/** A command as the image of another one runs it, whose environment may not be on PATH. */
export function byRunner(command: string, like: string | undefined): string {
  const start = program.test(command) ? undefined : runnerOf(like);
  if (start === undefined) {
    return command;
  }
  // It runs one program, and knows no syntax of a shell: `cd shop && ...`.
  const [words = [], ...others] = commandsIn(command);
  const needsShell = others.length > 0 || ofShell.test(words[0] ?? "");
  return `${start} ${needsShell ? `/bin/sh -c ${shellWord(command)}` : command}`;
}
