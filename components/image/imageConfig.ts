import fs from "node:fs";

import { jsonForm, pairs, readStages, type Stage, type StageOptions, type Step } from "./dockerfileStages";
import { attempt, type Variables } from "./dockerfileWords";

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
  /** Variables of ENV; one whose value is not known has it as it is written. */
  environment: ReadonlyMap<string, string>;
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

/** What the stages say so far. */
interface Reading extends Omit<ImageConfig, "labels" | "environment" | "ports" | "workdir" | "escape"> {
  labels: Map<string, Label>;
  environment: Map<string, string>;
  ports: Set<number>;
  /** Whether the command is the stage's own. */
  hasCommand: boolean;
}

/** Reads a Dockerfile as the builder would; a stage that does not exist is left to the builder. */
export function readImageConfig(file: string, options: StageOptions = {}): ImageConfig {
  const { built, escape } = readStages(fs.readFileSync(file, "utf8"), options);
  const { labels, environment, ports, user, group, entrypoint, command } = readStage(built, escape);
  const { workdir } = built ?? {};
  return { labels, environment, ports: [...ports], user, group, workdir, entrypoint, command, escape };
}

/** Port of Django's own servers. */
export const usualPort = 8000;

/** The port that an image's process listens on: the one that EXPOSE names, where it is one. */
export function portOf({ ports }: Pick<ImageConfig, "ports">): number {
  return ports.length === 1 ? (ports[0] ?? usualPort) : usualPort;
}

function readStage(stage: Stage | undefined, escape: string): Reading {
  const reading: Reading =
    stage?.base === undefined
      ? {
          labels: new Map(),
          environment: new Map(),
          ports: new Set(),
          user: undefined,
          group: undefined,
          entrypoint: undefined,
          command: undefined,
          hasCommand: false,
        }
      : { ...readStage(stage.base, escape), hasCommand: false };
  for (const step of stage?.steps ?? []) {
    readStep(step, reading, escape);
  }
  return reading;
}

function readStep(step: Step, reading: Reading, escape: string): void {
  const { words, variables } = step;
  const first = (): string | undefined => attempt(words[0] ?? "", variables, escape);
  switch (step.keyword) {
    case "LABEL":
      for (const [name, value = ""] of pairs(step)) {
        reading.labels.set(attempt(name, variables, escape) ?? name, { written: value, variables });
      }
      break;
    case "ENV":
      for (const [name, value = ""] of pairs(step)) {
        reading.environment.set(name, attempt(value, variables, escape) ?? value);
      }
      break;
    case "EXPOSE":
      for (const word of words) {
        const [, port] = /^([0-9]+)(\/tcp)?$/i.exec(attempt(word, variables, escape) ?? "") ?? [];
        if (port !== undefined) {
          reading.ports.add(Number(port));
        }
      }
      break;
    case "USER":
      [reading.user, reading.group] = first()?.split(":") ?? [];
      break;
    case "ENTRYPOINT":
      reading.entrypoint = commandOf(step);
      // As Docker does: a command that was meant for another entrypoint does not follow this one.
      reading.command = reading.hasCommand ? reading.command : undefined;
      break;
    case "CMD":
      reading.command = commandOf(step);
      reading.hasCommand = true;
      break;
  }
}

const commandOf = ({ text, shell }: Step): string[] => jsonForm(text) ?? [...shell, text];
