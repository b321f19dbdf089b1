import path from "node:path";

import type { TomlTable } from "smol-toml";

import { isProductionGroup } from "./lockFiles";
import { hasFile } from "./projectFiles";
import { exactVersion, normalizeName, packagesOf, parseRequirement } from "./requirement";
import type { Source } from "./source";
import { readToml, table, text, texts } from "./toml";

/** Reads dependencies from where they are declared, for projects without a lock file. */
type ReadManifest = (project: string, folder: string) => Source | undefined;

function begin(tool: Source["tool"], file: string): Source {
  return {
    tool,
    where: file,
    files: [file],
    packages: new Map(),
    needsSources: false,
    needsGit: false,
    groups: [],
    extras: [],
  };
}

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
  const extras = Object.keys(extrasOf(content)).filter(isProductionGroup);
  const requirements = [...texts(table(content, "project")["dependencies"]), ...requirementsOfExtras(content, extras)];
  const poetrys = table(poetry, "dependencies");
  if (requirements.length === 0 && Object.keys(poetrys).length === 0) {
    return undefined;
  }
  const tool = Object.keys(poetry).length > 0 ? "poetry" : "pdm" in table(content, "tool") ? "pdm" : "uv";
  const source = begin(tool, file);
  for (const requirement of requirements.map(parseRequirement)) {
    for (const name of requirement === undefined ? [] : packagesOf(requirement)) {
      source.packages.set(name, name === requirement?.name ? exactVersion(requirement.versions) : undefined);
    }
    source.needsGit ||= requirement?.url?.startsWith("git+") === true;
  }
  addTable(source, poetrys);
  const groups = { ...table(poetry, "group"), ...(tool === "uv" ? table(content, "dependency-groups") : {}) };
  return { ...source, extras, groups: Object.keys(groups).filter(isProductionGroup) };
};

const extrasOf = (pyproject: TomlTable | undefined): Readonly<Record<string, unknown>> =>
  table(pyproject, "project", "optional-dependencies");

/** What extras of a project bring: one may name others of the same project, as in `shop[postgres]`. */
function requirementsOfExtras(pyproject: TomlTable | undefined, names: readonly string[]): string[] {
  const all = extrasOf(pyproject);
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

export const readPipfile: ReadManifest = (project, folder) => {
  const file = path.posix.join(folder, "Pipfile");
  const content = readToml(project, file);
  if (content === undefined) {
    return undefined;
  }
  const source = begin("pipenv", file);
  addTable(source, table(content, "packages"));
  return source;
};

/** setup.py is Python and is not run: an installation reads it, its packages stay unknown. */
export const readSetup: ReadManifest = (project, folder) => {
  const file = ["setup.py", "setup.cfg"]
    .map((name) => path.posix.join(folder, name))
    .find((each) => hasFile(project, each));
  return file === undefined ? undefined : { ...begin("pip", file), needsSources: true };
};
