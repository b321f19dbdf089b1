import path from "node:path";

import { DockerfileParser, type Instruction, PropertyInstruction } from "dockerfile-ast";

import { findDockerfile } from "../../../../components/image/findDockerfile";
import { attempt } from "../../../../components/image/dockerfileWords";
import { type ImageConfig, readImageConfig } from "../../../../components/image/imageConfig";
import { commandLineOf } from "../processes/commandWords";
import type { ProcessFindings } from "../findings";
import { readSmallFile } from "../readSmallFile";

/** What an image does, as its Dockerfile says. */
export interface ImageFacts {
  /** Relative to the project. */
  dockerfile: string;
  /** That it is made of; undefined for the last. */
  stage: string | undefined;
  config: ImageConfig;
  /** ENTRYPOINT and CMD as command lines. */
  entrypoint: string | undefined;
  command: string | undefined;
  /** Uid that the user is created with. */
  uid: number | undefined;
  /** Last WORKDIR. */
  workdir: string | undefined;
  /** Command line of HEALTHCHECK. */
  healthcheck: string | undefined;
  /** Files of the context that COPY names, with where they go. */
  copied: { source: string; target: string; place: string | undefined }[];
}

/** Reads the Dockerfile that compose names, or the one that is found; undefined where there is none. */
export function readImageFacts(
  project: string,
  { dockerfile: named, buildTarget, buildArgs }: Pick<ProcessFindings, "dockerfile" | "buildTarget" | "buildArgs">,
): ImageFacts | undefined {
  const isThere = named !== undefined && readSmallFile(project, named.value) !== undefined;
  const dockerfile = isThere ? named.value : findDockerfile(project);
  const text = dockerfile === undefined ? undefined : readSmallFile(project, dockerfile);
  if (dockerfile === undefined || text === undefined) {
    return undefined;
  }
  const stage = isThere ? buildTarget?.value : undefined;
  const config = readImageConfig(path.join(project, dockerfile), { buildArgs: buildArgs?.value ?? {}, stage });
  const instructions = DockerfileParser.parse(text).getInstructions();
  const own = (...keywords: string[]): Instruction[] =>
    instructions.filter((each) => keywords.includes(each.getKeyword()));
  const last = (keyword: string): string | undefined => own(keyword).at(-1)?.getArgumentsContent() ?? undefined;
  const check = last("HEALTHCHECK");
  return {
    dockerfile,
    stage,
    config,
    entrypoint: lineOf(config.entrypoint),
    command: lineOf(config.command),
    uid: config.user === undefined ? undefined : uidOf(config.user, own("RUN")),
    workdir: last("WORKDIR"),
    healthcheck: check !== undefined && /^none$/i.test(check) ? undefined : check,
    copied: copiesIn(instructions, buildArgs?.value ?? {}, config.escape),
  };
}

/** A command in exec form as one line; what a shell runs is one. */
function lineOf(words: readonly string[] | undefined): string | undefined {
  const [shell, option, line, ...more] = words ?? [];
  const isOfShell = shell === "/bin/sh" && option === "-c" && more.length === 0;
  const text = isOfShell ? line?.replace(/\s*\\\r?\n\s*/g, " ").trim() : commandLineOf(words ?? []);
  return text === "" ? undefined : text;
}

function environmentOf(instruction: Instruction): [name: string, value: string][] {
  return instruction instanceof PropertyInstruction
    ? instruction.getProperties().map((property) => [property.getName(), property.getValue() ?? ""])
    : [];
}

function copiesOf(instruction: Instruction): Omit<ImageFacts["copied"][number], "place">[] {
  const words = instruction.getArguments().map((each) => each.getValue());
  const isFromStage = /--from=/.test(instruction.getTextContent());
  return isFromStage
    ? []
    : words.slice(0, -1).map((source) => ({ source: path.posix.normalize(source), target: words.at(-1) ?? "" }));
}

/** What is copied, by every stage, with the folder in the image: relative ones are below the WORKDIR that was last. */
function copiesIn(
  instructions: readonly Instruction[],
  buildArgs: Record<string, string>,
  escape: string,
): ImageFacts["copied"] {
  const variables = new Map<string, string>();
  const expanded = (text: string): string | undefined => attempt(text, variables, escape);
  let workdir: string | undefined = "/";
  return instructions.flatMap((instruction) => {
    switch (instruction.getKeyword()) {
      case "ARG":
      case "ENV": {
        for (const [name, value] of environmentOf(instruction)) {
          const given = instruction.getKeyword() === "ARG" ? buildArgs[name] : undefined;
          variables.set(name, given ?? expanded(value) ?? "");
        }
        return [];
      }
      case "WORKDIR": {
        const folder = expanded(instruction.getArgumentsContent() ?? "");
        workdir = folder === undefined || workdir === undefined ? folder : path.posix.resolve(workdir, folder);
        return [];
      }
      case "COPY":
      case "ADD":
        return copiesOf(instruction).map((each) => {
          const target = expanded(each.target);
          const isKnown = target !== undefined && (workdir !== undefined || target.startsWith("/"));
          return { ...each, place: isKnown ? path.posix.resolve(workdir ?? "/", target) : undefined };
        });
      default:
        return [];
    }
  });
}

/** Of `useradd --uid 1000 shop` and the like. */
function uidOf(user: string, runs: Instruction[]): number | undefined {
  if (/^[0-9]+$/.test(user)) {
    return Number(user);
  }
  const commands = runs.flatMap((run) => run.getArgumentsContent()?.split(/&&|;|\n/) ?? []);
  for (const words of commands.map((command) => command.trim().split(/[\s=]+/))) {
    const at = words.findIndex((word) => word === "--uid" || word === "-u");
    const uid = at === -1 ? "" : (words[at + 1] ?? "");
    if (/^(useradd|adduser)$/.test(words[0] ?? "") && words.includes(user) && /^[0-9]+$/.test(uid)) {
      return Number(uid);
    }
  }
  return undefined;
}
