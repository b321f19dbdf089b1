import path from "node:path";

import { parse } from "shell-quote";

import { jsonForm, type Step } from "../dockerfileStages";

/** One command of a RUN. */
export interface ShellCommand {
  words: string[];
  /** Absolute path of the folder in which it runs; undefined where it is not known. */
  folder: string | undefined;
}

/** The commands of a RUN, without what a shell does around them. */
export function shellCommands({ text, variables, workdir }: Step): ShellCommand[] {
  const json = jsonForm(text);
  const all = (json === undefined ? text.split("\n").flatMap((line) => split(line, variables)) : [json]).flatMap(
    (words) => [words, ...(scriptOf(words)?.split("\n") ?? []).flatMap((line) => split(line, variables))],
  );
  let folder = workdir;
  return all.map((words) => {
    const command = { words, folder };
    if (words[0] === "cd") {
      folder = inFolder(folder, words[1] ?? "/root");
    }
    return command;
  });
}

/** A path as a command in a folder means it; undefined where that is not known. */
export function inFolder(folder: string | undefined, named: string): string | undefined {
  return folder === undefined && !named.startsWith("/") ? undefined : path.posix.resolve(folder ?? "/", named);
}

/** What `sh -c` and the like run. */
function scriptOf(words: readonly string[]): string | undefined {
  const isShell = /(^|\/)(sh|bash|ash|dash|zsh|su|runuser)$/.test(words[0] ?? "");
  const option = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return isShell && option > 0 ? words[option + 1] : undefined;
}

/** The commands that the parts of a command line are, each as its words: those after `&&`, `;` and `|`. */
export function commandsOf(parts: ReturnType<typeof parse>): string[][] {
  const commands: string[][] = [[]];
  for (const part of parts) {
    if (typeof part === "string") {
      commands.at(-1)?.push(part);
    } else if ("pattern" in part) {
      commands.at(-1)?.push(part.pattern);
    } else if ("op" in part) {
      commands.push([]);
    }
  }
  return commands.filter((words) => words.length > 0);
}

function split(line: string, variables: Step["variables"]): string[][] {
  // `A=b command` runs the command.
  return commandsOf(tokens(line, (name) => variables.get(name) ?? ""))
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))))
    .filter((words) => words.length > 0);
}

/** The parts of a command line, with a value for each variable. */
export function tokens(line: string, valueOf: (name: string) => string): ReturnType<typeof parse> {
  try {
    return parse(line, valueOf);
  } catch {
    // A substitution that only a shell makes.
    return line.split(/\s+/);
  }
}
