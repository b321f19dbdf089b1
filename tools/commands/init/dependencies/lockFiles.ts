import path from "node:path";

import { Problem } from "../../../../components/problem";
import { readText } from "./projectFiles";
import { normalizeName, packagesOf, parseRequirement } from "./requirement";
import type { Source } from "./source";
import { readToml, table, tables, text, texts } from "./toml";

type Table = Readonly<Record<string, unknown>>;

/** A lock file's packages, and for which Pythons it was made. */
export interface Locked {
  source: Source;
  /** Such as `>=3.12`; undefined where the file does not say it. */
  python: string | undefined;
  /** File names of the wheels of each package. */
  wheels: string[][];
}

/** Reads a lock file; undefined where the folder has none of its kind. */
export type ReadLock = (project: string, folder: string) => Locked | undefined;

/** Whether a lock's group is installed on a server. */
export const isProductionGroup = (name: string): boolean => /^(?:prod|production|deploy|server)$/.test(name);

function begin(tool: Source["tool"], ...files: string[]): Source {
  const [where = ""] = files;
  return { tool, where, files, packages: new Map(), needsSources: false, needsGit: false, groups: [], extras: [] };
}

export const readUvLock: ReadLock = (project, folder) => {
  const file = path.posix.join(folder, "uv.lock");
  const lock = readToml(project, file);
  if (lock === undefined) {
    return undefined;
  }
  const source = begin("uv", file, path.posix.join(folder, "pyproject.toml"));
  const all = tables(lock["package"]);
  const byName = new Map(all.map((each) => [text(each["name"]) ?? "", each]));
  const isRoot = (each: Table): boolean => [each["source"]].some((from) => [".", ""].includes(localPath(from) ?? "-"));
  const root = all.find(isRoot);
  source.groups = Object.keys(table(root, "dev-dependencies")).filter(isProductionGroup);
  source.extras = Object.keys(table(root, "optional-dependencies")).filter(isProductionGroup);
  const chosen = [
    ...source.groups.flatMap((group) => tables(table(root, "dev-dependencies")[group])),
    ...source.extras.flatMap((extra) => tables(table(root, "optional-dependencies")[extra])),
  ];
  const queue = root === undefined ? [...byName.keys()] : [text(root["name"]) ?? ""];
  const seen = new Set<string>();
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const entry = byName.get(name);
    if (entry === undefined || seen.has(name)) {
      continue;
    }
    seen.add(name);
    const optional = Object.values(table(entry, "optional-dependencies")).flatMap(tables);
    // Which extras are wanted stands at each dependency; all of them only make the answer longer.
    const next = [...tables(entry["dependencies"]), ...(entry === root ? chosen : optional)];
    queue.push(...next.map((each) => text(each["name"]) ?? ""));
    if (entry !== root) {
      add(source, entry);
      source.needsSources ||= localPath(entry["source"]) !== undefined;
      source.needsGit ||= "git" in table(entry, "source");
    }
  }
  const wheels = [...seen].map((name) => tables(byName.get(name)?.["wheels"]).map((wheel) => fileName(wheel["url"])));
  return { source, python: text(lock["requires-python"]), wheels };
};

/** A folder that uv takes a package from. */
function localPath(from: unknown): string | undefined {
  const { virtual, editable, directory, path: archive } = table(from);
  return text(virtual ?? editable ?? directory ?? archive);
}

const fileName = (url: unknown): string => path.posix.basename(text(url) ?? "");

export const readPoetryLock: ReadLock = (project, folder) => {
  const file = path.posix.join(folder, "poetry.lock");
  const lock = readToml(project, file);
  if (lock === undefined) {
    return undefined;
  }
  const source = begin("poetry", file, path.posix.join(folder, "pyproject.toml"));
  const isWanted = (each: Table): boolean => {
    const groups = [...texts(each["groups"]), text(each["category"]) ?? ""].filter((group) => group !== "");
    return groups.length === 0 || groups.some((group) => group === "main" || isProductionGroup(group));
  };
  source.extras = Object.keys(table(lock, "extras")).filter(isProductionGroup);
  const chosen = new Set(source.extras.flatMap((extra) => texts(table(lock, "extras")[extra])).map(nameOf));
  const isChosen = (each: Table): boolean => each["optional"] !== true || chosen.has(nameOf(text(each["name"]) ?? ""));
  const wanted = tables(lock["package"]).filter((each) => isWanted(each) && isChosen(each));
  for (const each of wanted) {
    add(source, each);
    const kind = text(table(each, "source")["type"]);
    source.needsGit ||= kind === "git";
    source.needsSources ||= kind === "directory" || kind === "file";
  }
  source.groups = Object.keys(table(readToml(project, source.files[1] ?? ""), "tool", "poetry", "group")).filter(
    isProductionGroup,
  );
  const python = text(table(lock, "metadata")["python-versions"]);
  return {
    source,
    python,
    wheels: wanted.map((each) => tables(each["files"]).map((entry) => fileName(entry["file"]))),
  };
};

/** Of a name, or of a requirement. */
const nameOf = (requirement: string): string => parseRequirement(requirement)?.name ?? "";

export const readPdmLock: ReadLock = (project, folder) => {
  const file = path.posix.join(folder, "pdm.lock");
  const lock = readToml(project, file);
  if (lock === undefined) {
    return undefined;
  }
  const source = begin("pdm", file, path.posix.join(folder, "pyproject.toml"));
  // Extras among them.
  source.groups = texts(table(lock, "metadata")["groups"]).filter(isProductionGroup);
  const installed = ["default", ...source.groups];
  const wanted = tables(lock["package"]).filter(
    (each) => !Array.isArray(each["groups"]) || texts(each["groups"]).some((group) => installed.includes(group)),
  );
  for (const each of wanted) {
    add(source, each);
    source.needsGit ||= "git" in each;
    source.needsSources ||= "path" in each;
  }
  const [target] = tables(table(lock, "metadata")["targets"]);
  const wheels = wanted.map((each) => tables(each["files"]).map((entry) => fileName(entry["file"] ?? entry["url"])));
  return { source, python: text(target?.["requires_python"]), wheels };
};

export const readPipfileLock: ReadLock = (project, folder) => {
  const file = path.posix.join(folder, "Pipfile.lock");
  const content = readText(project, file);
  if (content === undefined) {
    return undefined;
  }
  const lock = parseJson(file, content);
  const source = begin("pipenv", file, path.posix.join(folder, "Pipfile"));
  for (const [name, entry] of Object.entries(table(lock, "default"))) {
    const { version, git, path: local, file: archive } = table(entry);
    for (const each of packagesOf({
      name: normalizeName(name),
      extras: texts(table(entry)["extras"]),
      versions: "",
      url: "",
    })) {
      source.packages.set(each, each === normalizeName(name) ? text(version)?.replace(/^==/, "") : undefined);
    }
    source.needsGit ||= git !== undefined;
    source.needsSources ||= local !== undefined || text(archive)?.startsWith(".") === true;
  }
  const requires = table(lock, "_meta", "requires");
  const python = text(requires["python_full_version"]) ?? text(requires["python_version"]);
  return { source, python, wheels: [] };
};

function parseJson(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Problem(`${file} could not be read: ${(error as Error).message}`);
  }
}

function add(source: Source, entry: Table): void {
  const name = text(entry["name"]);
  if (name !== undefined) {
    const extras = texts(entry["extras"]);
    for (const each of packagesOf({ name: normalizeName(name), extras, versions: "", url: undefined })) {
      source.packages.set(
        each,
        source.packages.get(each) ?? (normalizeName(name) === each ? text(entry["version"]) : undefined),
      );
    }
  }
}
