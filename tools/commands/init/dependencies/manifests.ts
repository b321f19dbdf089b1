import path from "node:path";

import type { TomlTable } from "smol-toml";

import { wantedOf } from "./groups";
import { variablesIn } from "./indexVariables";
import { hasFile, readText } from "./projectFiles";
import { exactVersion, normalizeName, packagesOf, parseRequirement } from "./requirement";
import { beginSource, type Source } from "./source";
import { readToml, table, text, texts } from "./toml";

/** Reads dependencies from where they are declared, for projects without a lock file. */
type ReadManifest = (project: string, folder: string) => Source | undefined;

/** A table of names to versions, or to tables with a version, extras, a path, a repository: Poetry's and Pipenv's way. */
function addTable(source: Source, declared: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(declared)) {
    if (name === "python") {
      continue;
    }
    const { version, extras, git, path: local } = table(value);
    const normalized = normalizeName(name);
    for (const each of packagesOf({ name: normalized, extras: texts(extras), versions: "", url: undefined })) {
      const exact = each === normalized ? exactVersion(text(version) ?? text(value) ?? "") : undefined;
      source.packages.set(each, exact);
    }
    source.needsGit ||= git !== undefined;
    source.needsSources ||= local !== undefined;
  }
}

export const readPyproject: ReadManifest = (project, folder) => {
  const file = path.posix.join(folder, "pyproject.toml");
  const content = readToml(project, file);
  const poetry = table(content, "tool", "poetry");
  const requirements = texts(table(content, "project")["dependencies"]);
  const poetrys = table(poetry, "dependencies");
  const optional = table(content, "project", "optional-dependencies");
  const declared = {
    ...groupsOf(content),
    ...mapped(table(poetry, "group"), (group) => namesIn(table(group, "dependencies"))),
  };
  const hasAny = [requirements, Object.keys(poetrys), Object.keys(optional), Object.keys(declared)].some(
    (list) => list.length > 0,
  );
  if (!hasAny) {
    return undefined;
  }
  const tool = Object.keys(poetry).length > 0 ? "poetry" : "pdm" in table(content, "tool") ? "pdm" : "uv";
  const source = beginSource(tool, file);
  const main = [...requirements.map(nameOf), ...namesIn(poetrys)];
  const extras = { ...mapped(optional, (list) => texts(list).map(nameOf)), ...mapped(table(poetry, "extras"), texts) };
  Object.assign(source, wantedOf(main, { groups: declared, extras }));
  const wanted = [
    ...requirements,
    ...requirementsOfExtras(content, source.extras),
    ...source.groups.flatMap((group) => texts(table(content, "dependency-groups")[group])),
  ];
  for (const requirement of wanted.map(parseRequirement)) {
    for (const name of requirement === undefined ? [] : packagesOf(requirement)) {
      source.packages.set(name, name === requirement?.name ? exactVersion(requirement.versions) : undefined);
    }
    source.needsGit ||= requirement?.url?.startsWith("git+") === true;
  }
  addTable(source, poetrys);
  for (const group of source.groups) {
    addTable(source, table(poetry, "group", group, "dependencies"));
  }
  // An extra is a group to pdm.
  return tool === "pdm" ? { ...source, groups: [...source.groups, ...source.extras], extras: [] } : source;
};

/** What extras of a project bring: one may name others of the same project, as in `shop[postgres]`. */
function requirementsOfExtras(pyproject: TomlTable | undefined, names: readonly string[]): string[] {
  const all = table(pyproject, "project", "optional-dependencies");
  const project = normalizeName(text(table(pyproject, "project")["name"]) ?? "");
  const queue = [...names];
  const seen = new Set<string>();
  const found: string[] = [];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const requirement of seen.has(name) ? [] : texts(all[name])) {
      const parsed = parseRequirement(requirement);
      if (parsed?.name === project) {
        queue.push(...parsed.extras);
      } else {
        found.push(requirement);
      }
    }
    seen.add(name);
  }
  return found;
}

const nameOf = (requirement: string): string => parseRequirement(requirement)?.name ?? "";
const namesIn = (dependencies: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(dependencies).map(normalizeName);

function mapped<T>(all: Readonly<Record<string, unknown>>, change: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, change(value)]));
}

/** The groups of PEP 735. */
const groupsOf = (content: unknown): Record<string, string[]> =>
  mapped(table(content, "dependency-groups"), (list) => texts(list).map(nameOf));

export const readPipfile: ReadManifest = (project, folder) => {
  const file = path.posix.join(folder, "Pipfile");
  const content = readToml(project, file);
  if (content === undefined) {
    return undefined;
  }
  const source = beginSource("pipenv", file);
  source.indexVariables = variablesIn(readText(project, file) ?? "", file);
  addTable(source, table(content, "packages"));
  return source;
};

/** setup.py is Python and is not run: an installation reads it, its packages stay unknown. */
export const readSetup: ReadManifest = (project, folder) => {
  const [setup, config] = ["setup.py", "setup.cfg"].map((name) => path.posix.join(folder, name));
  // One without a package has only options of tools, such as flake8.
  const isOfPackage = config !== undefined && /^\[(metadata|options)\]/m.test(readText(project, config) ?? "");
  const file = setup !== undefined && hasFile(project, setup) ? setup : isOfPackage ? config : undefined;
  return file === undefined ? undefined : { ...beginSource("pip", file), needsSources: true };
};
