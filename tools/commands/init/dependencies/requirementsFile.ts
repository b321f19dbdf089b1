import path from "node:path";

import { variablesIn } from "./indexVariables";
import { readText } from "./projectFiles";
import { exactVersion, isOfAnotherSystem, packagesOf, parseRequirement } from "./requirement";
import { beginSource, type Source } from "./source";

/** What pip takes before a requirement's file, with the file after a blank or "=". */
const including = /^(?<option>-r|--requirement|-c|--constraint)(?:\s+|=)?(?<file>\S+)/;
const editable = /^(?:-e|--editable)(?:\s+|=)(?<target>\S.*)$/;

/** Logical lines without comments: a backslash goes on in the next one. */
function linesOf(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/**
 * Reads a requirements file and those that it includes.
 *
 * @param file relative to the project
 * @returns undefined where the file is missing
 */
export function readRequirements(project: string, file: string): Source | undefined {
  const source: Source = { ...beginSource("pip", file), files: [] };
  read(project, path.posix.normalize(file), source);
  if (source.files.length === 0) {
    return undefined;
  }
  const isCompiled = /\bpip-compile\b/.test(readText(project, file) ?? "");
  return { ...source, tool: isCompiled ? "pip-tools" : "pip" };
}

function read(project: string, file: string, source: Source): void {
  const text = readText(project, file);
  if (text === undefined || source.files.includes(file)) {
    return;
  }
  source.files.push(file);
  source.indexVariables.push(...variablesIn(linesOf(text).join("\n"), file));
  for (const line of linesOf(text)) {
    const included = including.exec(line)?.groups;
    if (included?.["file"] !== undefined) {
      const other = path.posix.join(path.posix.dirname(file), included["file"]);
      // A constraint installs nothing.
      const into = /^-(?:c|-constraint)$/.test(included["option"] ?? "")
        ? { ...source, packages: new Map<string, undefined>() }
        : source;
      read(project, other, into);
      continue;
    }
    const target = editable.exec(line)?.groups?.["target"];
    if (target === undefined && line.startsWith("-")) {
      continue;
    }
    addRequirement(target ?? line, source);
  }
}

/** Takes in a requirement, an URL or a path. Options after a requirement, such as hashes, begin with a blank and dashes. */
function addRequirement(line: string, source: Source): void {
  const text = line.replace(/\s--\w.*$/, "");
  if (isOfAnotherSystem(text)) {
    return;
  }
  const requirement = isPath(text) ? undefined : parseRequirement(text);
  const url = requirement === undefined ? text : requirement.url;
  if (url !== undefined) {
    source.needsGit ||= /^git\+/.test(url);
    source.needsSources ||= !/^[a-z+]+:\/\//.test(url) || url.startsWith("file:");
  }
  const egg = requirement === undefined ? /[#&]egg=([\w.-]+)/.exec(text)?.[1] : undefined;
  const named = requirement ?? (egg === undefined ? undefined : parseRequirement(egg));
  if (named !== undefined) {
    for (const name of packagesOf(named)) {
      source.packages.set(name, name === named.name ? exactVersion(named.versions) : undefined);
    }
  }
}

const isPath = (text: string): boolean => /^[./]/.test(text) || /^[a-z+]+:\/\//.test(text) || text.startsWith("file:");

/** What a requirements file of some kind may be called. */
const filesOf = (kind: string): string[] => [
  `requirements-${kind}.txt`,
  `requirements_${kind}.txt`,
  `requirements.${kind}.txt`,
  `${kind}-requirements.txt`,
  `${kind}_requirements.txt`,
  `requirements/${kind}.txt`,
  `requirements/requirements-${kind}.txt`,
  `requirements/requirements_${kind}.txt`,
];

/** In the order of their fitness for a server; the first that has Django is it. */
const candidates = [
  ...["production", "prod", "deploy", "server"].flatMap(filesOf),
  "requirements.txt",
  ...["requirements", "base", "common", "main", "default", "app"].map((name) => `requirements/${name}.txt`),
];

/** Settings of these names are for all. */
const ofAll = /^(settings|base|common|main|default|defaults|app|requirements)$/;

/**
 * Every requirements file of a folder that may be a server's, the fittest first.
 *
 * @param kind the name of the settings module, whose requirements may have the same: `render` of `shop.settings.render`
 */
export function requirementsFiles(project: string, folder: string, kind = "settings"): string[] {
  return [...new Set([...(ofAll.test(kind) ? [] : filesOf(kind)), ...candidates, "requirements.in"])]
    .map((name) => path.posix.join(folder, name))
    .filter((file) => readText(project, file) !== undefined);
}
