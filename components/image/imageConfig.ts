import fs from "node:fs";
import path from "node:path";

import { DockerfileParser, From, type Instruction } from "dockerfile-ast";

import { attempt, nameAndValue, readArgs, splitWords, type Variables } from "./dockerfileWords";

/** A label's value as it is written, with the variables that are set there. */
export interface Label {
  written: string;
  variables: Variables;
}

/**
 * What the config of an image says, as far as its Dockerfile does: labels, variables and commands of an image that it is
 * from are not known here.
 */
export interface ImageConfig {
  labels: ReadonlyMap<string, Label>;
  /** TCP ports that EXPOSE names. */
  ports: readonly number[];
  /** What USER names, without a group; undefined for the user of the image that it is from. */
  user: string | undefined;
  /** The group that USER names; undefined for the user's own. */
  group: string | undefined;
  /** Absolute path of the folder in which its process starts; undefined where it is that of the image that it is from. */
  workdir: string | undefined;
  /** In exec form; undefined where it is that of the image that it is from. */
  entrypoint: readonly string[] | undefined;
  /** In exec form; undefined as for `entrypoint`. */
  command: readonly string[] | undefined;
  /** The character that escapes another one in the Dockerfile. */
  escape: string;
}

/** What decides on an image's config beside its Dockerfile. */
export interface ConfigOptions {
  /** @default none */
  buildArgs?: Readonly<Record<string, string>>;
  /** Stage that the image is made of. @default the last */
  stage?: string | undefined;
}

interface Stage {
  variables: Map<string, string>;
  labels: Map<string, Label>;
  ports: Set<number>;
  user: string | undefined;
  group: string | undefined;
  workdir: string | undefined;
  entrypoint: string[] | undefined;
  command: string[] | undefined;
  /** Whether the command is this stage's own. */
  hasCommand: boolean;
  shell: string[];
}

/** Reads a Dockerfile as the builder would; a stage that does not exist is left to the builder. */
export function readImageConfig(file: string, { buildArgs = {}, stage }: ConfigOptions = {}): ImageConfig {
  const dockerfile = DockerfileParser.parse(fs.readFileSync(file, "utf8"));
  const escape = dockerfile.getEscapeCharacter();
  const stages = readStages(dockerfile.getInstructions(), new Map(Object.entries(buildArgs)), escape);
  const last = stages.find(({ name }) => name === stage?.toLowerCase()) ?? stages.at(-1);
  const { labels, ports, user, group, workdir, entrypoint, command } = last?.stage ?? newStage();
  return { labels, ports: [...ports], user, group, workdir, entrypoint, command, escape };
}

/** Port of Django's own servers. */
export const usualPort = 8000;

/** The port that an image's process listens on: the one that EXPOSE names, where it is one. */
export function portOf({ ports }: Pick<ImageConfig, "ports">): number {
  return ports.length === 1 ? (ports[0] ?? usualPort) : usualPort;
}

/** Whether a Dockerfile has a stage of that name. */
export function hasStage(file: string, stage: string): boolean {
  const froms = DockerfileParser.parse(fs.readFileSync(file, "utf8")).getFROMs();
  return froms.some((from) => from.getBuildStage()?.toLowerCase() === stage.toLowerCase());
}

function newStage(from?: Stage): Stage {
  return {
    variables: new Map(from?.variables),
    labels: new Map(from?.labels),
    ports: new Set(from?.ports),
    user: from?.user,
    group: from?.group,
    workdir: from?.workdir,
    entrypoint: from?.entrypoint,
    command: from?.command,
    hasCommand: false,
    shell: from?.shell ?? ["/bin/sh", "-c"],
  };
}

function readStages(
  instructions: Instruction[],
  buildArgs: Variables,
  escape: string,
): { name: string; stage: Stage }[] {
  const globals = new Map<string, string>();
  const stages: { name: string; stage: Stage }[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1)?.stage;
    if (instruction instanceof From) {
      const image = attempt(instruction.getImage() ?? "", globals, escape)?.toLowerCase();
      const from = stages.findLast(({ name }) => name !== "" && name === image);
      stages.push({ name: (instruction.getBuildStage() ?? "").toLowerCase(), stage: newStage(from?.stage) });
    } else if (instruction.getKeyword() === "ARG") {
      const variables = stage?.variables ?? globals;
      for (const [name, value] of readArgs(wordsOf(instruction, escape), { buildArgs, globals, variables }, escape)) {
        setOrNot(variables, name, value);
      }
    } else if (stage !== undefined) {
      readInstruction(instruction, stage, escape);
    }
  }
  return stages;
}

function readInstruction(instruction: Instruction, stage: Stage, escape: string): void {
  const before = new Map(stage.variables);
  const words = wordsOf(instruction, escape);
  switch (instruction.getKeyword()) {
    case "ENV":
      for (const [name, value = ""] of pairs(words, argumentsOf(instruction, escape))) {
        setOrNot(stage.variables, name, attempt(value, before, escape));
      }
      break;
    case "LABEL":
      for (const [name, value = ""] of pairs(words, argumentsOf(instruction, escape))) {
        stage.labels.set(attempt(name, before, escape) ?? name, { written: value, variables: before });
      }
      break;
    case "EXPOSE":
      for (const word of words) {
        const [, port] = /^([0-9]+)(\/tcp)?$/i.exec(attempt(word, before, escape) ?? "") ?? [];
        if (port !== undefined) {
          stage.ports.add(Number(port));
        }
      }
      break;
    case "USER":
      [stage.user, stage.group] = attempt(words[0] ?? "", before, escape)?.split(":") ?? [];
      break;
    case "WORKDIR":
      stage.workdir = folderFrom(stage.workdir, attempt(words[0] ?? "", before, escape));
      break;
    case "SHELL":
      stage.shell = execForm(argumentsOf(instruction, escape)) ?? stage.shell;
      break;
    case "ENTRYPOINT":
      stage.entrypoint = commandOf(argumentsOf(instruction, escape), stage.shell);
      // As Docker does: a command that was meant for another entrypoint does not follow this one.
      stage.command = stage.hasCommand ? stage.command : undefined;
      break;
    case "CMD":
      stage.command = commandOf(argumentsOf(instruction, escape), stage.shell);
      stage.hasCommand = true;
      break;
  }
}

/** A folder that WORKDIR names, which may be relative to the one before; undefined where that is not known. */
function folderFrom(before: string | undefined, named: string | undefined): string | undefined {
  if (named === undefined || (before === undefined && !named.startsWith("/"))) {
    return undefined;
  }
  return path.posix.resolve(before ?? "/", named);
}

/** An instruction's arguments in one line: comments and empty lines may stand between those that are continued. */
function argumentsOf(instruction: Instruction, escape: string): string {
  const [first = "", ...more] = (instruction.getRawArgumentsContent() ?? "").split(/\r?\n/);
  return [first, ...more.filter((line) => !/^\s*(#|$)/.test(line))]
    .map((line) => (line.trimEnd().endsWith(escape) ? line.trimEnd().slice(0, -1) : line))
    .join("");
}

const wordsOf = (instruction: Instruction, escape: string): string[] =>
  splitWords(argumentsOf(instruction, escape), escape);

function commandOf(text: string, shell: string[]): string[] {
  return execForm(text) ?? [...shell, text];
}

/** Undefined for the shell's form, which is everything that is no list in JSON. */
function execForm(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** `name=value` of each word, or the old form: one name, a blank and a value. */
function pairs(words: string[], text: string): [name: string, value: string | undefined][] {
  if (words[0]?.includes("=") ?? true) {
    return words.map(nameAndValue);
  }
  const [, name = "", value] = /^\s*(\S+)\s+(.*)$/s.exec(text) ?? [];
  return [[name, value]];
}

function setOrNot(variables: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) {
    variables.delete(name);
  } else {
    variables.set(name, value);
  }
}
