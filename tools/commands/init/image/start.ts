import path from "node:path";

import { tokens } from "../../../../components/image/places/shellCommands";
import { isUsualRunner, runsItsArguments } from "../../../../components/image/entrypoint";
import { baseName, commandsIn, migrates, portIn, serverOf } from "../processes/commandWords";
import { isSingleton, type Worker, workersIn } from "../processes/workers";
import { readSmallFile } from "../readSmallFile";
import type { ImageFacts } from "./imageFacts";
import { makeTargetsIn } from "./makeTarget";
import { ownSocketInConfig, portInConfig } from "./serverConfig";
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
  /** Those that run while its server does, and not in its place, as where a script is told which one to start. */
  workersBesideServer: Worker[];
  /** Whether two at once would do everything twice. */
  isSingleton: boolean;
  /** Port that it names as a number. */
  port: { value: number; where: string } | undefined;
  /** Where uWSGI is told to listen for nginx alone, which is not in the same container. */
  ownSocket: string | undefined;
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
  const scripts = [
    ...words.flatMap((word) => scriptOf(project, word, facts) ?? []),
    ...makeTargetsIn(project, line, facts),
  ];
  const lines: StartLine[] = [{ text: line, where }, ...scripts.flatMap(linesOf)];
  const server = lines.find(({ text }) => serverOf(text) !== undefined);
  const hasNginx = lines.some(({ text }) => startsNginx(text));
  return {
    lines,
    serves: server !== undefined,
    migrates: lines.some(({ text }) => migrates(text)),
    workers: lines.flatMap(({ text }) => workersIn(text)),
    workersBesideServer: besideServer(line, lines),
    isSingleton: lines.some(({ text }) => isSingleton(text)),
    port: hasNginx ? undefined : portOfServer(project, lines, facts),
    ownSocket: hasNginx
      ? undefined
      : lines.map(({ text }) => ownSocketInConfig(project, text, facts)).find((found) => found !== undefined),
    passesOn:
      [line, ...scripts.map(({ text }) => text)].some(runsItsArguments) ||
      // A script that is not found is somebody's entrypoint more often than a server.
      (scripts.length === 0 && (isUsualRunner(words) || /\.(sh|bash)$/.test(words.at(-1) ?? ""))),
  };
}

/** The command line itself starts all that it names; of the commands of a script, one in the foreground is the last. */
function besideServer(line: string, lines: readonly StartLine[]): Worker[] {
  const goesOn = isOfSupervisor(line) || lines.some(({ text }) => serverOf(text) !== undefined && isInBackground(text));
  const started = lines.filter(({ text }) => text === line || goesOn || isInBackground(text));
  return started.flatMap(({ text }) => workersIn(text));
}

/** What a file of supervisord names is started all at once. */
const isOfSupervisor = (line: string): boolean => commandsIn(line).flat().map(baseName).includes("supervisord");

const isInBackground = (line: string): boolean =>
  tokens(line, String).some((part) =>
    typeof part === "string"
      ? /^(-D|--detach|--daemon|--daemonize|--background)$/.test(part)
      : "op" in part && part.op === "&",
  );

/** Whether nginx listens in front of the server, in the same container: its port is what EXPOSE and compose name. */
const startsNginx = (line: string): boolean =>
  commandsIn(line).some(
    ([first = "", second]) => path.posix.basename(first === "service" ? (second ?? "") : first) === "nginx",
  );

function portOfServer(project: string, lines: readonly StartLine[], facts: ImageFacts | undefined): Start["port"] {
  const port =
    lines
      .map(({ text, where: place }) => ({ value: portIn(text), where: place }))
      .find(({ value }) => value !== undefined) ??
    lines.map(({ text }) => portInConfig(project, text, facts)).find((found) => found !== undefined);
  return port?.value === undefined ? undefined : { value: port.value, where: port.where };
}

/** What the lines of scripts compare variables with: `if [ "$DEBUG" = "true" ]`. */
export function comparedIn(starts: readonly (Start | undefined)[]): Map<string, Set<string>> {
  const compared = new Map<string, Set<string>>();
  for (const { text } of starts.flatMap((start) => start?.lines ?? [])) {
    for (const [, name = "", value = ""] of text.matchAll(
      /\$\{?(\w+)(?::-\w*)?\}?["']?\s*(?:==?|!=|-eq|-ne)\s*["']?(\w+)/g,
    )) {
      compared.set(name, (compared.get(name) ?? new Set()).add(value));
    }
  }
  return compared;
}

/** Environments of Python that scripts activate, such as `/opt/venv`, which a hosting platform has. */
export function activatedIn(starts: readonly (Start | undefined)[]): string[] {
  const lines = starts.flatMap((start) => start?.lines ?? []);
  const found = lines.flatMap(({ text }) => [
    ...text.matchAll(/(?:^|[\s;&])(?:source|\.)\s+["']?(\/[\w./-]+)\/bin\/activate\b/g),
  ]);
  return [...new Set(found.map(([, folder = ""]) => folder))];
}

/** What a line of a script gives a value itself: `host="${HOST:-db}"`, `for file in *`, `read -r line`. */
const assignment =
  /^\s*(?:(?:export|local|readonly|declare)(?:\s+-\w+)*\s+)?(\w+)=|^\s*for (\w+) in |\bread (?:-\w+ )*(\w+)/;

/** The variables that command lines and scripts read and have not set before, with where; the first of each. */
export function readIn(starts: readonly (Start | undefined)[]): Map<string, string> {
  const read = new Map<string, string>();
  const assigned = new Set<string>();
  for (const { text, where } of starts.flatMap((start) => start?.lines ?? [])) {
    tokens(text, (expression) => {
      const name = /^\w+/.exec(expression)?.[0];
      if (name !== undefined && !read.has(name) && !assigned.has(name)) {
        read.set(name, where);
      }
      return "";
    });
    const own = assignment.exec(text)?.slice(1).find(Boolean);
    if (own !== undefined) {
      assigned.add(own);
    }
  }
  return read;
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
  const isScript = word.includes("/") || /\.(sh|bash)$|^supervisor.*\.conf$/.test(name);
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

/** Files of supervisord, in which the command of a program has a name. */
const ofConfig = /\.(conf|ini|cfg)$/;

function linesOf({ file, text }: { file: string; text: string }): StartLine[] {
  // A line that goes on is one; the number is of its first.
  const lines: StartLine[] = [];
  let isContinued = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.replace(/\\$/, "").replace(ofConfig.test(file) ? /^\s*command\s*=\s*/ : "", "");
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
