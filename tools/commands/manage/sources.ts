import fs from "node:fs";
import path from "node:path";

import { type ContextEntry, listContext } from "../../../components/image/contextEntries";
import { dockerfileIn, type ProjectPlace } from "../../../components/image/findDockerfile";
import { Problem } from "../../../components/problem";

/**
 * Names of files and folders that are no sources: what tools keep for themselves, and databases, of which the pod has its
 * own. JavaScript and Python read it alike.
 */
export const leftOut =
  "^(\\.git|\\.hg|\\.svn|node_modules|__pycache__|\\.tox|\\.nox|\\.(mypy|pytest|ruff)_cache)$|\\.(pyc|pyo|log|(sqlite3?|db)(-journal|-wal|-shm)?)$";

/** Bytes that are sent to a pod, or come back, at most: a pod that fills its disk is ended. */
export const limitBytes = 100_000_000;

/** What of a project manage.py needs to run elsewhere. */
export interface Sources {
  /** Folder of the project. */
  folder: string;
  /** Paths of files and links relative to it, with forward slashes. */
  files: string[];
  folders: string[];
  /** The folder of manage.py, relative to the project; "" for the project's own. */
  within: string;
}

/**
 * Finds what of a project reaches its image and is source.
 *
 * @throws a `Problem` when that is too large, or has no manage.py or several
 */
export function readSources(place: ProjectPlace): Sources {
  const { folder } = place;
  const entries = sourcesAmong(listContext(folder, "docker-build", dockerfileIn(place)));
  const files = entries.filter(({ kind }) => kind !== "folder").map((entry) => entry.path);
  const sizes = files.map((name) => ({ name, size: fs.lstatSync(path.join(folder, name)).size }));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  if (bytes > limitBytes) {
    const [largest] = sizes.sort((one, other) => other.size - one.size);
    throw new Problem(
      `The files of ${folder} that reach the image have ${megabytes(bytes)}, the largest is ${largest?.name ?? ""}, and a command that writes sources takes at most ${megabytes(limitBytes)} of them`,
      `name in ${path.join(folder, ".dockerignore")} what the image does not need`,
    );
  }
  const folders = entries.filter(({ kind }) => kind === "folder").map((entry) => entry.path);
  return { folder, files, folders, within: folderOfManage(folder, files) };
}

/** Without what is left out, and without virtual environments. */
export function sourcesAmong(entries: readonly ContextEntry[]): ContextEntry[] {
  const environments = entries
    .filter((entry) => path.posix.basename(entry.path) === "pyvenv.cfg")
    .map((entry) => `${path.posix.dirname(entry.path)}/`);
  const isLeftOut = new RegExp(leftOut);
  return entries.filter(
    (entry) =>
      !entry.path.split("/").some((part) => isLeftOut.test(part)) &&
      !environments.some((each) => `${entry.path}/`.startsWith(each)),
  );
}

/** The folder of the one manage.py that is nearest to the project's. */
export function folderOfManage(folder: string, files: readonly string[]): string {
  const depth = (name: string): number => name.split("/").length;
  const found = files.filter((name) => path.posix.basename(name) === "manage.py");
  const least = Math.min(...found.map(depth));
  const [nearest, ...others] = found.filter((name) => depth(name) === least);
  if (nearest === undefined) {
    throw new Problem(
      `No manage.py of ${folder} reaches the image, and a command that writes sources runs it`,
      `set \`project\` to the folder of a Django project, or take manage.py out of ${path.join(folder, ".dockerignore")}`,
    );
  }
  if (others.length > 0) {
    throw new Problem(
      `${folder} has ${[nearest, ...others].join(" and ")}, and a command that writes sources runs one`,
      "set `project` to the folder of one of them",
    );
  }
  const within = path.posix.dirname(nearest);
  return within === "." ? "" : within;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
