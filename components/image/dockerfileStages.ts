import fs from "node:fs";
import path from "node:path";

import { DockerfileParser, From, type Instruction, ModifiableInstruction } from "dockerfile-ast";

import { attempt, nameAndValue, readArgs, splitWords, type Variables } from "./dockerfileWords";

/** An instruction of a stage, with what the ones before it set. */
export interface Step {
  keyword: string;
  /** Line of the Dockerfile in which it begins, from 1. */
  line: number;
  /** Arguments without flags and comments; lines that are continued are one, and a heredoc's lines follow. */
  text: string;
  /** The same, split at blanks; quotes and variables stay. */
  words: string[];
  /** Such as `--from=build`, in order; the value is undefined for one without. */
  flags: [name: string, value: string | undefined][];
  /** Values of ARG and ENV. */
  variables: Variables;
  /** Absolute path of the folder that is current; undefined where it is that of the image that the stage is from. */
  workdir: string | undefined;
  /** What the shell's form runs with. */
  shell: readonly string[];
}

export interface Stage {
  /** In lower case; empty for one without a name. */
  name: string;
  /** What FROM names; undefined where a variable has no value. */
  image: string | undefined;
  /** The stage that it is from; undefined for another image. */
  base: Stage | undefined;
  /** Its own instructions but for FROM and ARG. */
  steps: Step[];
  /** What holds at its end. */
  variables: Map<string, string>;
  workdir: string | undefined;
  shell: string[];
}

/** What decides on an image beside its Dockerfile and the build context. */
export interface StageOptions {
  /** @default none */
  buildArgs?: Readonly<Record<string, string>>;
  /** Stage that the image is made of. @default the last */
  stage?: string | undefined;
  /** What the builder sets before the first instruction. @default nothing */
  globals?: Variables;
}

export interface Stages {
  all: readonly Stage[];
  /** The one that the image is made of; a name that no stage has is left to the builder. Undefined for none at all. */
  built: Stage | undefined;
  /** The character that escapes another one in the Dockerfile. */
  escape: string;
}

/** Reads the text of a Dockerfile as the builder would. */
export function readStages(text: string, { buildArgs = {}, stage, globals }: StageOptions = {}): Stages {
  const dockerfile = DockerfileParser.parse(text);
  const escape = dockerfile.getEscapeCharacter();
  const all = walk(dockerfile.getInstructions(), new Map(Object.entries(buildArgs)), new Map(globals), escape);
  return { all, built: all.find(({ name }) => name === stage?.toLowerCase()) ?? all.at(-1), escape };
}

/** Whether a Dockerfile has a stage of that name. */
export function hasStage(file: string, stage: string): boolean {
  const froms = DockerfileParser.parse(fs.readFileSync(file, "utf8")).getFROMs();
  return froms.some((from) => from.getBuildStage()?.toLowerCase() === stage.toLowerCase());
}

/** The list of an exec form; undefined for the shell's form, which is everything that is no list in JSON. */
export function jsonForm(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** `name=value` of each word, or the old form: one name, a blank and a value. */
export function pairs({ words, text }: Pick<Step, "words" | "text">): [name: string, value: string | undefined][] {
  if (words[0]?.includes("=") ?? true) {
    return words.map(nameAndValue);
  }
  const [, name = "", value] = /^\s*(\S+)\s+(.*)$/s.exec(text) ?? [];
  return [[name, value]];
}

/** The stage that FROM names, or COPY, which also takes a number; the last one of that name counts. */
export function stageNamed(stages: readonly Stage[], name: string, byNumber: boolean): Stage | undefined {
  return byNumber && /^[0-9]+$/.test(name)
    ? stages[Number(name)]
    : stages.findLast((stage) => stage.name !== "" && stage.name === name.toLowerCase());
}

function walk(
  instructions: Instruction[],
  buildArgs: Variables,
  globals: Map<string, string>,
  escape: string,
): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction instanceof From) {
      const image = attempt(instruction.getImage() ?? "", globals, escape);
      const base = image === undefined ? undefined : stageNamed(stages, image, false);
      stages.push(newStage((instruction.getBuildStage() ?? "").toLowerCase(), image, base));
    } else if (instruction.getKeyword() === "ARG") {
      const variables = stage?.variables ?? globals;
      const words = splitWords(argumentsOf(instruction, escape), escape);
      for (const [name, value] of readArgs(words, { buildArgs, globals, variables }, escape)) {
        setOrNot(variables, name, value);
      }
    } else if (stage !== undefined) {
      const step = stepOf(instruction, stage, escape);
      stage.steps.push(step);
      apply(step, stage, escape);
    }
  }
  return stages;
}

function newStage(name: string, image: string | undefined, base: Stage | undefined): Stage {
  const { workdir, shell = ["/bin/sh", "-c"] } = base ?? {};
  return { name, image, base, steps: [], variables: new Map(base?.variables), workdir, shell };
}

function stepOf(instruction: Instruction, { variables, workdir, shell }: Stage, escape: string): Step {
  const text = argumentsOf(instruction, escape);
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : [];
  return {
    keyword: instruction.getKeyword(),
    line: instruction.getRange().start.line + 1,
    text,
    words: splitWords(text, escape),
    flags: flags.map((flag) => [flag.getName(), flag.getValue() ?? undefined]),
    variables: new Map(variables),
    workdir,
    shell,
  };
}

/** Sets what the instructions after this one find. */
function apply(step: Step, stage: Stage, escape: string): void {
  switch (step.keyword) {
    case "ENV":
      for (const [name, value = ""] of pairs(step)) {
        setOrNot(stage.variables, name, attempt(value, step.variables, escape));
      }
      break;
    case "WORKDIR":
      stage.workdir = folderFrom(stage.workdir, attempt(step.words[0] ?? "", step.variables, escape));
      break;
    case "SHELL":
      stage.shell = jsonForm(step.text) ?? stage.shell;
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

/** Comments and empty lines may stand between lines that are continued. */
function argumentsOf(instruction: Instruction, escape: string): string {
  const [first = "", ...more] = (instruction.getRawArgumentsContent() ?? "").split(/\r?\n/);
  return [first, ...more.filter((line) => !/^\s*(#|$)/.test(line))]
    .map((line) => (line.trimEnd().endsWith(escape) ? line.trimEnd().slice(0, -1) : `${line}\n`))
    .join("")
    .replace(/\n$/, "");
}

function setOrNot(variables: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) {
    variables.delete(name);
  } else {
    variables.set(name, value);
  }
}
