import fs from "node:fs";
import path from "node:path";

import { isFolder } from "../../../../components/statsOf";
import { readSmallFile } from "../readSmallFile";
import { parseDotenv } from "./dotenv";

/** A variable's value in a .env file. */
export interface FileValue {
  name: string;
  value: string;
  /** Such as `.env:3`. */
  where: string;
}

/** What the .env files of a project say. */
export interface EnvFindings {
  /** From files that are in use, such as `.env`. The first file that has a name wins. */
  values: FileValue[];
  /** From files that show what to write, such as `.env.example`. */
  examples: FileValue[];
  /** Lines and files that are not understood, such as `.env:3`. */
  unreadable: string[];
}

/** Folders beside `.env` that hold such files: cookiecutter-django's `.envs/.production/.django`. */
const folders = [
  ".",
  "config",
  "docker",
  "compose",
  "deploy",
  ".envs",
  ".envs/.production",
  ".envs/.local",
  "env",
  "envs",
];

const fileName = /^(\.?env(\..+|-.+|_.+)?|.+\.env(\..+)?)$/i;
const isExample = (name: string): boolean => /example|sample|template|dist$|default|tmpl/i.test(name);
/** A test's values are for tests, and what a build gets in place of values is no value of a server. */
const isOfTests = (name: string): boolean => /[._-](test|tests|testing|e2e|integration|ci|build)\b/i.test(name);

/** Files that set variables, those in use before examples, those of servers before others. */
export function envFilesOf(folder: string, manageFolder = "."): string[] {
  const places = [...new Set([...folders, ...(manageFolder === "." ? [] : [manageFolder])])];
  const found = places.flatMap((place) =>
    namesIn(path.join(folder, place))
      .filter((name) => fileName.test(name) || isInEnvs(place, name))
      .filter((name) => !isOfTests(name) && !/\.(py|js|ts|sh|md|ya?ml|toml)$/.test(name))
      .sort()
      .map((name) => path.posix.join(place, name)),
  );
  return found.sort((one, other) => rank(one) - rank(other));
}

/** Reads them. A link that leads out of the project is not followed. */
export function readEnvFiles(folder: string, manageFolder = "."): EnvFindings {
  const findings: EnvFindings = { values: [], examples: [], unreadable: [] };
  for (const file of envFilesOf(folder, manageFolder)) {
    const text = readSmallFile(folder, file);
    if (text === undefined) {
      // A virtual environment may have that name.
      findings.unreadable.push(...(isFolder(path.join(folder, file)) ? [] : [file]));
      continue;
    }
    const { entries, unreadable } = parseDotenv(text);
    findings.unreadable.push(...unreadable.map((line) => `${file}:${line}`));
    const list = isExample(file) ? findings.examples : findings.values;
    const before = new Set(list.map(({ name }) => name));
    // As python-dotenv, the last line of a name wins within a file.
    const own = new Map(entries.map((entry) => [entry.name, entry]));
    for (const { name, value, line } of own.values()) {
      if (value !== undefined && !before.has(name)) {
        list.push({ name, value, where: `${file}:${line}` });
      }
    }
  }
  return findings;
}

function rank(file: string): number {
  const order = [/(^|\/)\.?env$/, /prod/i, /local|dev/i];
  const at = order.findIndex((pattern) => pattern.test(file));
  return (isExample(file) ? 10 : 0) + (at === -1 ? order.length : at);
}

function isInEnvs(place: string, name: string): boolean {
  return place.startsWith(".envs/") && name.startsWith(".");
}

function namesIn(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
