import path from "node:path";

import { baseName, commandsIn } from "../processes/commandWords";
import { readSmallFile } from "../readSmallFile";
import type { ImageFacts } from "./imageFacts";
import { sourcesOf } from "./sourceOf";

/** A file of which only some lines count; the others are empty, so that each keeps its number. */
interface Script {
  file: string;
  text: string;
}

/** What a command line has `make` run: the recipes of its targets, and of those that they need. */
export function makeTargetsIn(project: string, line: string, facts: ImageFacts | undefined): Script[] {
  return commandsIn(line).flatMap((words) => {
    const [program = "", ...rest] = words[0] === "exec" ? words.slice(1) : words;
    return baseName(program) === "make" ? (recipesOf(project, rest, facts) ?? []) : [];
  });
}

function recipesOf(project: string, words: readonly string[], facts: ImageFacts | undefined): Script | undefined {
  const valueOf = (option: string): string | undefined => {
    const at = words.indexOf(option);
    return at === -1 ? undefined : words[at + 1];
  };
  const named = valueOf("-f");
  const names = named === undefined ? ["GNUmakefile", "makefile", "Makefile"] : [named];
  const files = names.flatMap((name) => sourcesOf(path.posix.join(valueOf("-C") ?? ".", name), facts));
  const file = files.find((each) => readSmallFile(project, each) !== undefined);
  const lines = (file === undefined ? "" : (readSmallFile(project, file) ?? "")).split(/\r?\n/);
  const targets = words.filter((word, at) => /^\w[\w.-]*$/.test(word) && !/^-[fC]$/.test(words[at - 1] ?? ""));
  const kept = recipeLines(lines, targets);
  return file === undefined || kept.size === 0
    ? undefined
    : { file, text: lines.map((each, index) => (kept.has(index) ? shellLine(each) : "")).join("\n") };
}

/** Which lines are the recipes of targets, and of those that they need. */
function recipeLines(lines: readonly string[], targets: readonly string[]): Set<number> {
  const rule = (line: string): string[] | undefined => /^([\w.-][\w. /-]*?)\s*:(?![:=])(.*)$/.exec(line)?.slice(1);
  const kept = new Set<number>();
  // Targets that are added on the way are visited too, each once.
  const wanted = new Set(targets);
  for (const target of wanted) {
    const at = lines.findIndex((line) => rule(line)?.[0]?.split(/\s+/).includes(target));
    const needed = (rule(lines[at] ?? "")?.[1] ?? "").replace(/#.*/, "").split(/\s+/);
    needed.forEach((each) => wanted.add(each));
    for (let line = at + 1; at !== -1 && /^(\t|\s*(#|$))/.test(lines[line] ?? "end"); line++) {
      kept.add(line);
    }
  }
  return kept;
}

/** A line of a recipe as the shell gets it. */
const shellLine = (line: string): string => line.replace(/^\t[@+-]*\s*/, "").replaceAll("$$", "$");
