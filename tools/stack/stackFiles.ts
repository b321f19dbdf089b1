import fs from "node:fs";
import path from "node:path";

import { parse, YAMLParseError } from "yaml";

import { Problem } from "../../components/problem";
import { systemReason } from "../systemReason";

export type Config = Record<string, unknown>;

/** A Pulumi.yaml, as far as the tools read it. */
export interface ProjectFile {
  name: string;
  /** What each key may have, and its default. */
  config?: Config;
}

/** A Pulumi.<stack>.yaml. */
export interface StackFile {
  config?: Config;
  /** Salt of the passphrase that the secrets are encrypted with. */
  encryptionsalt?: string;
  [key: string]: unknown;
}

/** A project's file and a stack's beside it, parsed. */
export interface StackFiles {
  project: ProjectFile;
  /** Undefined where there is no such file, or no config in it. */
  stack: StackFile | undefined;
}

export const stackFileName = (stack: string): string => `Pulumi.${stack}.yaml`;

/** Names of the stacks that have a file in a folder. */
export function stacksIn(folder = "."): string[] {
  return fs.readdirSync(folder).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

/** Undefined where there is no Pulumi.yaml. */
export function readProjectFile(folder = "."): ProjectFile | undefined {
  return readYaml(path.join(folder, "Pulumi.yaml"), parseProject) as ProjectFile | undefined;
}

let lastProject: { text: string; parsed: unknown } | undefined;

/** Parses a text once in a row: a command asks for Pulumi.yaml six times, and each time it would take 20 ms. */
function parseProject(text: string): unknown {
  if (lastProject?.text !== text) {
    lastProject = { text, parsed: parse(text) };
  }
  return lastProject.parsed;
}

/** Undefined where there is no such file. */
export function readStackFile(file: string): StackFile | undefined {
  const stack = readYaml(file);
  // A file may have the key and nothing under it.
  return stack && { ...stack, config: (stack["config"] as Config | null | undefined) ?? {} };
}

/** Both files of a folder; for one without a project, the checkout's Pulumi.yaml and no stack. */
export function readStackFiles(folder: string, stack: string): StackFiles {
  const project = readProjectFile(folder);
  const own = project === undefined ? undefined : readStackFile(path.join(folder, stackFileName(stack)));
  const isEmpty = Object.keys(own?.config ?? {}).length === 0;
  return { project: project ?? readProjectFile() ?? { name: "" }, stack: isEmpty ? undefined : own };
}

/** The default of a key in Pulumi.yaml, in either of the two forms that it has there. */
export function defaultOf(schema: unknown): unknown {
  const { default: standard, value } = (schema ?? {}) as { default?: unknown; value?: unknown };
  return standard ?? value;
}

/** A tag that is not known is the text behind it, in Pulumi, too. */
const parseText = (text: string): unknown => parse(text, { logLevel: "error" });

function readYaml(file: string, read = parseText): Record<string, unknown> | undefined {
  if (!fs.existsSync(file)) {
    return undefined;
  }
  let value: unknown;
  try {
    value = read(fs.readFileSync(file, "utf8")) ?? {};
    // An anchor that holds itself has no JSON.
    JSON.stringify(value);
  } catch (error) {
    throw unreadable(file, error as Error);
  }
  return refuseNoMap(file, value);
}

function unreadable(file: string, error: NodeJS.ErrnoException): Error {
  if (error.syscall !== undefined) {
    return new Problem(`${file} cannot be read (${systemReason(error)})`, "make it a file that you can read");
  }
  // An alias of nothing, or of what it is in, is found only when the values are made.
  if (error instanceof YAMLParseError || error instanceof ReferenceError || error instanceof TypeError) {
    const [reason = ""] = error instanceof TypeError ? ["an anchor holds itself"] : error.message.split("\n");
    return new Problem(`${file} is no YAML: ${reason.replace(/:$/, "")}`, "correct that line of the file");
  }
  return error;
}

/** What is no map, or has no map for its config, Pulumi refuses in words that do not name the file. */
function refuseNoMap(file: string, value: unknown): Record<string, unknown> {
  const config = isMap(value) ? (value["config"] ?? {}) : {};
  if (!isMap(value) || !isMap(config)) {
    throw new Problem(
      `${file} is no file of Pulumi: ${isMap(value) ? "`config` in it" : "it"} is no map of keys`,
      "correct it, or run `git checkout` for the file to get an earlier one back",
    );
  }
  return value;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
