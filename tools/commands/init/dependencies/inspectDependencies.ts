import path from "node:path";

import type { DependencyFindings } from "../findings";
import { type Locked, readPdmLock, readPipfileLock, readPoetryLock, readUvLock } from "./lockFiles";
import { readPipfile, readPyproject, readSetup } from "./manifests";
import { hasFile, namesIn } from "./projectFiles";
import { findPython } from "./python";
import { readRequirements, requirementsFiles } from "./requirementsFile";
import { beginSource, type Source } from "./source";

/** Folders that have no dependencies of the project. */
const skipped = /^(?:\.|node_modules$|venv$|env$|site-packages$|tests?$|docs?$)/;

/**
 * Finds how a project's dependencies are installed, which they are and for which Python.
 *
 * A lock file comes before what it was made from. Of several places the first is it that has Django.
 *
 * @param project folder of the project; a folder in it is looked at where itself has nothing
 * @param manageFolder folder of manage.py, relative to it. @default the same
 * @param copied files that the Dockerfile copies, of which requirements may be anywhere
 * @param kind the last part of the settings module, by which requirements may be called
 * @throws a `Problem` where a file that says it cannot be read
 */
export function inspectDependencies(
  project: string,
  manageFolder = ".",
  copied: readonly string[] = [],
  kind?: string,
): DependencyFindings {
  const below = namesIn(project, ".", "folder").filter((name) => !skipped.test(name));
  const further = copied.filter((file) => /requirements[^/]*\.txt$/.test(file)).map((file) => path.posix.dirname(file));
  for (const folder of new Set([".", ...below, ...further])) {
    const found = inspectFolder(project, folder, manageFolder, kind);
    if (found !== undefined) {
      return found;
    }
  }
  const python = findPython(project, ".", undefined);
  return { ...beginSource("pip", ""), files: [], tool: undefined, python };
}

function inspectFolder(
  project: string,
  folder: string,
  manageFolder: string,
  kind: string | undefined,
): DependencyFindings | undefined {
  const places = placesIn(project, folder, manageFolder, kind);
  const chosen = places.find(({ source }) => source.packages.has("django")) ?? places[0];
  if (chosen === undefined) {
    return undefined;
  }
  const { tool, where, ...rest } = chosen.source;
  const files = rest.files.filter((file) => hasFile(project, file));
  const python = findPython(project, folder, chosen);
  return { ...rest, files, direct: directIn(project, rest.files), tool: { value: tool, where }, python };
}

/** What the files say that a lock file is made from. */
function directIn(project: string, files: readonly string[]): DependencyFindings["direct"] {
  const [lock = "", ...declaring] = files;
  const compiledFrom = lock.replace(/\.txt$/, ".in");
  if (compiledFrom !== lock && hasFile(project, compiledFrom)) {
    return new Set(readRequirements(project, compiledFrom)?.packages.keys() ?? []);
  }
  const sources = /\.lock$/.test(lock)
    ? declaring
        .map((file) => path.posix.dirname(file))
        .flatMap((folder) => [readPipfile(project, folder), readPyproject(project, folder)])
    : [];
  const names = sources.flatMap((source) => [...(source?.packages.keys() ?? [])]);
  return names.length === 0 ? undefined : new Set(names);
}

/** All that names dependencies in a folder, the one to go by first. */
function placesIn(
  project: string,
  folder: string,
  manageFolder: string,
  kind: string | undefined,
): (Pick<Locked, "source"> & Partial<Locked>)[] {
  const locks = [readUvLock, readPoetryLock, readPdmLock, readPipfileLock].map((read) =>
    read(project, folder, manageFolder),
  );
  const declared = [readPipfile, readPyproject, readSetup].map((read) => read(project, folder));
  const required = requirementsFiles(project, folder, kind).map((file) => readRequirements(project, file));
  return [
    ...locks.filter((each) => each !== undefined),
    ...[...required.map((source) => compiled(project, source)), ...declared]
      .filter((source) => source !== undefined)
      .map((source) => ({ source })),
  ];
}

/** A requirements file beside the `.in` file that it is compiled from. */
function compiled(project: string, source: Source | undefined): Source | undefined {
  if (source === undefined || !source.where.endsWith(".txt")) {
    return source;
  }
  const from = source.where.replace(/\.txt$/, ".in");
  return hasFile(project, from) ? { ...source, tool: "pip-tools" } : source;
}
