import path from "node:path";

import { Problem } from "../../../../components/problem";
import { variablesIn } from "./indexVariables";
import { readText } from "./projectFiles";
import { isProductionGroup } from "./productionGroup";
import { normalizeName, packagesOf, parseRequirement } from "./requirement";
import { beginSource, type Source } from "./source";
import { wantedOf } from "./groups";
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

/** Reads a lock file; undefined where the folder has none of its kind. `manageFolder` is that of manage.py. */
export type ReadLock = (project: string, folder: string, manageFolder: string) => Locked | undefined;

export const readUvLock: ReadLock = (project, folder, manageFolder) => {
  const file = path.posix.join(folder, "uv.lock");
  const lock = readToml(project, file);
  if (lock === undefined) {
    return undefined;
  }
  const source = beginSource("uv", file, path.posix.join(folder, "pyproject.toml"));
  const all = tables(lock["package"]);
  const byName = new Map(all.map((each) => [text(each["name"]) ?? "", each]));
  const members = all.filter((each) => localPath(each["source"]) !== undefined && isMember(each, folder, manageFolder));
  // The innermost of those around manage.py: a member of a workspace, else the project itself.
  const root = members.sort((one, other) => depthOf(other) - depthOf(one))[0];
  if (root !== undefined && depthOf(root) > 0) {
    source.member = text(root["name"]);
    source.files.push(path.posix.join(folder, localPath(root["source"]) ?? "", "pyproject.toml"));
  }
  const namesIn = (list: unknown): string[] => tables(list).map((each) => text(each["name"]) ?? "");
  const namesOf = (groups: Table): Record<string, string[]> =>
    Object.fromEntries(Object.entries(groups).map(([name, list]) => [name, namesIn(list)]));
  const [groups, extras] = [namesOf(table(root, "dev-dependencies")), namesOf(table(root, "optional-dependencies"))];
  Object.assign(source, wantedOf(namesIn(root?.["dependencies"]), { groups, extras }));
  const queue = root === undefined ? [...byName.keys()] : [text(root["name"]) ?? ""];
  const seen = new Set<string>();
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const entry = byName.get(name);
    if (entry === undefined || seen.has(name)) {
      continue;
    }
    seen.add(name);
    const optional = Object.values(table(entry, "optional-dependencies")).flatMap(tables);
    const wanted = [...source.groups.map((group) => groups[group]), ...source.extras.map((extra) => extras[extra])];
    // Which extras are wanted stands at each dependency; all of them only make the answer longer.
    const more = entry === root ? wanted.flatMap((names) => names ?? []) : namesIn(optional);
    queue.push(...namesIn(entry["dependencies"]), ...more);
    if (entry !== root) {
      add(source, entry);
      source.needsSources ||= localPath(entry["source"]) !== undefined;
      source.needsGit ||= "git" in table(entry, "source");
    }
  }
  const wheels = [...seen].map((name) => tables(byName.get(name)?.["wheels"]).map((wheel) => fileName(wheel["url"])));
  return { source, python: text(lock["requires-python"]), wheels };
};

/** Whether a package of a lock is a folder around manage.py. */
function isMember(each: Table, folder: string, manageFolder: string): boolean {
  const place = path.posix.join(folder, localPath(each["source"]) ?? "");
  const below = path.posix.relative(place, manageFolder);
  return !below.startsWith("..");
}

/** Number of folders between a lock and a package of it. */
const depthOf = (each: Table): number =>
  path.posix
    .normalize(localPath(each["source"]) || ".")
    .split("/")
    .filter((part) => part !== "." && part !== "").length;

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
  const source = beginSource("poetry", file, path.posix.join(folder, "pyproject.toml"));
  const groupsOf = (each: Table): string[] => {
    const groups = [...texts(each["groups"]), text(each["category"]) ?? ""].filter((group) => group !== "");
    return groups.length === 0 ? ["main"] : groups;
  };
  const all = tables(lock["package"]);
  const named = (isOf: (each: Table) => boolean): string[] =>
    all.filter(isOf).map((each) => normalizeName(text(each["name"]) ?? ""));
  const names = [...new Set(all.flatMap(groupsOf))].filter((group) => group !== "main");
  const groups = Object.fromEntries(names.map((group) => [group, named((each) => groupsOf(each).includes(group))]));
  const extras = Object.fromEntries(
    Object.entries(table(lock, "extras")).map(([extra, list]) => [
      extra,
      texts(list).map((each) => parseRequirement(each)?.name ?? ""),
    ]),
  );
  const main = named((each) => groupsOf(each).includes("main") && each["optional"] !== true);
  const declared = Object.keys(table(readToml(project, source.files[1] ?? ""), "tool", "poetry", "group"));
  const wantedGroups = wantedOf(main, { groups, extras });
  source.extras = wantedGroups.extras;
  source.groups = [...new Set([...declared.filter(isProductionGroup), ...wantedGroups.groups])];
  const chosen = new Set(source.extras.flatMap((extra) => extras[extra] ?? []));
  const isWanted = (each: Table): boolean =>
    (each["optional"] !== true || chosen.has(normalizeName(text(each["name"]) ?? ""))) &&
    groupsOf(each).some((group) => group === "main" || source.groups.includes(group));
  const wanted = all.filter(isWanted);
  for (const each of wanted) {
    add(source, each);
    const kind = text(table(each, "source")["type"]);
    source.needsGit ||= kind === "git";
    source.needsSources ||= kind === "directory" || kind === "file";
  }
  const python = text(table(lock, "metadata")["python-versions"]);
  return {
    source,
    python,
    wheels: wanted.map((each) => tables(each["files"]).map((entry) => fileName(entry["file"]))),
  };
};

export const readPdmLock: ReadLock = (project, folder) => {
  const file = path.posix.join(folder, "pdm.lock");
  const lock = readToml(project, file);
  if (lock === undefined) {
    return undefined;
  }
  const source = beginSource("pdm", file, path.posix.join(folder, "pyproject.toml"));
  const all = tables(lock["package"]);
  const groupsOf = (each: Table): string[] => (Array.isArray(each["groups"]) ? texts(each["groups"]) : ["default"]);
  const named = (group: string): string[] =>
    all.filter((each) => groupsOf(each).includes(group)).map((each) => normalizeName(text(each["name"]) ?? ""));
  const listed = [...texts(table(lock, "metadata")["groups"]), ...all.flatMap(groupsOf)];
  const names = [...new Set(listed)].filter((group) => group !== "default");
  // An extra is a group to pdm.
  source.groups = wantedOf(named("default"), {
    groups: Object.fromEntries(names.map((group) => [group, named(group)])),
    extras: {},
  }).groups;
  const wanted = all.filter((each) => groupsOf(each).some((group) => ["default", ...source.groups].includes(group)));
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
  const source = beginSource("pipenv", file, path.posix.join(folder, "Pipfile"));
  source.indexVariables = variablesIn(content, file);
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
