import path from "node:path";

import { isUsualRunner, runsItsArguments } from "../../../../components/image/entrypoint";
import { commandsIn, migrates, portIn, serverOf } from "../processes/commandWords";
import { isSingleton, type Worker, workersIn } from "../processes/workers";
import { readSmallFile } from "../readSmallFile";
import type { ImageFacts } from "./imageFacts";
import { portInConfig } from "./serverConfig";
import { sourcesOf } from "./sourceOf";

/** What a container does when it starts: its command lines, with the scripts that they run. */
export interface Start {
  /** Its command line, then those of the scripts. */
  lines: readonly StartLine[];
  /** Whether something in it serves the project. */
  serves: boolean;
  migrates: boolean;
  /** What it runs tasks with. */
  workers: Worker[];
  /** Whether two at once would do everything twice. */
  isSingleton: boolean;
  /** Port that it names as a number. */
  port: { value: number; where: string } | undefined;
  /** Whether an entrypoint runs the command that it is given: `exec "$@"`. */
  passesOn: boolean;
}

export interface StartLine {
  text: string;
  where: string;
}

/**
 * Reads what an image's ENTRYPOINT or a command does.
 *
 * @param line the command line
 * @param where the file that has it
 */
export function readStart(project: string, line: string, where: string, facts: ImageFacts | undefined): Start {
  const words = commandsIn(line).flat();
  const scripts = words.flatMap((word) => scriptOf(project, word, facts) ?? []);
  const lines: StartLine[] = [{ text: line, where }, ...scripts.flatMap(linesOf)];
  const server = lines.find(({ text }) => serverOf(text) !== undefined);
  const port =
    lines
      .map(({ text, where: place }) => ({ value: portIn(text), where: place }))
      .find(({ value }) => value !== undefined) ??
    lines.map(({ text }) => portInConfig(project, text, facts)).find((found) => found !== undefined);
  return {
    lines,
    serves: server !== undefined,
    migrates: lines.some(({ text }) => migrates(text)),
    workers: lines.flatMap(({ text }) => workersIn(text)),
    isSingleton: lines.some(({ text }) => isSingleton(text)),
    port: port?.value === undefined ? undefined : { value: port.value, where: port.where },
    passesOn:
      [line, ...scripts.map(({ text }) => text)].some(runsItsArguments) ||
      // A script that is not found is somebody's entrypoint more often than a server.
      (scripts.length === 0 && (isUsualRunner(words) || /\.(sh|bash)$/.test(words.at(-1) ?? ""))),
  };
}

/** The script in the project that a word of a command line is in the image. */
function scriptOf(
  project: string,
  word: string,
  facts: ImageFacts | undefined,
): { file: string; text: string } | undefined {
  const name = path.posix.basename(word);
  if (!/^[\w.-]+$/.test(name) || /^(python[0-9.]*|sh|bash|manage\.py)$/.test(name)) {
    return undefined;
  }
  const copied = (facts?.copied ?? [])
    .filter(({ source, target }) => path.posix.basename(source) === name || path.posix.basename(target) === name)
    .map(({ source }) => source);
  const folders = [".", "docker", "scripts", "bin", "deploy", path.posix.dirname(facts?.dockerfile ?? ".")];
  const isScript = word.includes("/") || /\.(sh|bash)$/.test(name);
  const candidates = [
    ...copied,
    ...(isScript ? [...sourcesOf(word, facts), ...folders.map((each) => path.posix.join(each, name))] : []),
  ];
  for (const file of candidates) {
    const text = readSmallFile(project, file.replace(/^\//, ""));
    if (text !== undefined) {
      return { file, text };
    }
  }
  return undefined;
}

function linesOf({ file, text }: { file: string; text: string }): StartLine[] {
  // A line that goes on is one; the number is of its first.
  const lines: StartLine[] = [];
  let isContinued = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.replace(/\\$/, "");
    const last = lines.at(-1);
    if (isContinued && last !== undefined) {
      last.text += ` ${content.trim()}`;
    } else if (!/^\s*(#|$)/.test(line)) {
      lines.push({ text: content, where: `${file}:${index + 1}` });
    }
    isContinued = line.endsWith("\\");
  }
  return lines;
}
