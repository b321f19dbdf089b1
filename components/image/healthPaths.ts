import fs from "node:fs";

import { DockerfileParser, From, type Instruction } from "dockerfile-ast";

import { Problem } from "../problem";
import { dockerfileOf } from "./buildContext";
import { expand, splitWords, UnsetVariable, type Variables } from "./dockerfileWords";

/** Paths that answer health checks, as the image's labels name them; without one the port itself is probed. */
export interface HealthPaths {
  /** Label `kubernetes-django.liveness`: the process works. */
  liveness: string | undefined;
  /** Label `kubernetes-django.readiness`: it can serve requests. */
  readiness: string | undefined;
}

/** How a stage ends: with its own instructions after those of the stage that it is from. */
interface Stage {
  variables: Map<string, string>;
  /** Each label's value as it is written, with the variables that are set there. */
  labels: Map<string, { written: string; variables: Variables }>;
}

/**
 * Reads the paths off the Dockerfile in the folder of a Django project: those that `docker image inspect` would find in
 * the labels of its last stage, but for labels and variables of an image that it is from.
 *
 * @throws a `Problem` for a label that is no path
 */
export function readHealthPaths(folder: string, buildArgs: Readonly<Record<string, string>> = {}): HealthPaths {
  const file = dockerfileOf(folder);
  const dockerfile = DockerfileParser.parse(fs.readFileSync(file, "utf8"));
  const escape = dockerfile.getEscapeCharacter();
  const { labels } = lastStage(dockerfile.getInstructions(), new Map(Object.entries(buildArgs)), escape);
  const path = (name: string): string | undefined => {
    const { written = "", variables = new Map<string, string>() } = labels.get(name) ?? {};
    try {
      const value = expand(written, variables, escape);
      if (value !== "" && !/^\/[\x21-\x7e]*$/.test(value)) {
        throw new Problem(`Label ${name} in ${file} is "${value}": allowed is the path of a URL`, "begin it with a /");
      }
      return value || undefined;
    } catch (error) {
      if (error instanceof UnsetVariable) {
        throw new Problem(
          `Label ${name} in ${file} is ${written}, and ${error.variable} has no value there`,
          `set it before the label with \`ARG ${error.variable}=/healthz\`, or write the path itself`,
        );
      }
      throw error;
    }
  };
  return { liveness: path("kubernetes-django.liveness"), readiness: path("kubernetes-django.readiness") };
}

function lastStage(instructions: Instruction[], buildArgs: Variables, escape: string): Stage {
  const globals = new Map<string, string>();
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    const words = splitWords(instruction.getArgumentsContent() ?? "", escape);
    if (instruction instanceof From) {
      const { variables, labels } = stages.get(attempt(instruction.getImage() ?? "", globals, escape) ?? "") ?? {};
      stage = { variables: new Map(variables), labels: new Map(labels) };
      stages.set((instruction.getBuildStage() ?? "").toLowerCase(), stage);
    } else if (keyword === "ARG") {
      const variables = stage?.variables ?? globals;
      for (const [name, value] of words.map(nameAndValue)) {
        const set =
          buildArgs.get(name) ?? (value === undefined ? globals.get(name) : attempt(value, variables, escape));
        setOrNot(variables, name, set);
      }
    } else if (keyword === "ENV" && stage !== undefined) {
      const before = new Map(stage.variables);
      for (const [name, value = ""] of pairs(words, instruction)) {
        setOrNot(stage.variables, name, attempt(value, before, escape));
      }
    } else if (keyword === "LABEL" && stage !== undefined) {
      const variables = new Map(stage.variables);
      for (const [name, value = ""] of pairs(words, instruction)) {
        stage.labels.set(attempt(name, variables, escape) ?? name, { written: value, variables });
      }
    }
  }
  return stage ?? { variables: new Map(), labels: new Map() };
}

/** `name=value` of each word, or the old form: one name, a blank and a value. */
function pairs(words: string[], instruction: Instruction): [name: string, value: string | undefined][] {
  if (words[0]?.includes("=") ?? true) {
    return words.map(nameAndValue);
  }
  const [, name = "", value] = /^\s*(\S+)\s+(.*)$/s.exec(instruction.getArgumentsContent() ?? "") ?? [];
  return [[name, value]];
}

function nameAndValue(word: string): [name: string, value: string | undefined] {
  const [, name = word, value] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
  return [name, value];
}

/** Undefined where a variable is missing, which may not matter. */
function attempt(word: string, variables: Variables, escape: string): string | undefined {
  try {
    return expand(word, variables, escape);
  } catch (error) {
    if (error instanceof UnsetVariable) {
      return undefined;
    }
    throw error;
  }
}

function setOrNot(variables: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) {
    variables.delete(name);
  } else {
    variables.set(name, value);
  }
}
