import fs from "node:fs";
import path from "node:path";

import { shellWord } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { isFile, isFolder } from "../../../components/statsOf";
import { workspaceAround } from "./dependencies/workspace";
import { composeContext } from "./processes/inspectProcesses";
import { findDockerfile } from "../../../components/image/findDockerfile";
import { isWithin, readSmallFile } from "./readSmallFile";

/** Where a Django project is; both paths are absolute. */
export interface Place {
  /** Root of the build context. */
  project: string;
  /** What says so, as a report names it: that it was asked for, or the file by which another folder was chosen. */
  where: string;
  /** The folder that was asked for, or one around it, which holds the compose files. */
  outer: string;
  /** Folder of manage.py. */
  manage: string;
}

/** Folders that hold other people's code, or none. */
const skipped = new Set([
  "node_modules",
  "site-packages",
  "__pycache__",
  "venv",
  "env",
  "dist",
  "build",
  "static",
  "media",
]);
/** How deep below the folder manage.py is looked for, and in how many folders. */
const deepest = 4;
const most = 5_000;

/** Files by which a folder is the root of a project. */
const rootFiles = [
  "requirements.txt",
  "requirements",
  "pyproject.toml",
  "Pipfile",
  "setup.py",
  "setup.cfg",
  "uv.lock",
  "poetry.lock",
];

/**
 * Finds a project by its manage.py, and the folder that its image is built from: what a compose file names, else the one
 * with the Dockerfile or, without any, with the dependencies: a lock file may be above a member of a workspace.
 *
 * @param typed the folder
 * @throws a `Problem` where there is no manage.py, or more than one
 */
export function locate(typed: string, from = process.cwd()): Place {
  // A variable of a shell that is not set would otherwise name this checkout.
  const isBlank = typed.trim() === "";
  const folder = isBlank ? `"${typed}"` : typed;
  const asked = path.resolve(from, typed);
  if (isBlank || !isFolder(asked)) {
    throw new Problem(
      `${folder} is ${typed !== "" && fs.existsSync(asked) ? "no folder" : "not there"}: allowed is the folder of a Django project`,
      "name the folder that holds its manage.py, as in `npm run init -- ../shop`",
    );
  }
  const real = fs.realpathSync(asked);
  const found = foldersBelow(real, (each) => isManage(each) && placeholderIn(real, each) === undefined);
  const [manage] = found;
  if (manage === undefined) {
    refuseTemplate(folder, real);
    throw new Problem(
      `${folder} holds no manage.py, and no folder below it does`,
      "name the folder of a Django project, as in `npm run init -- ../shop`",
    );
  }
  if (found.length > 1) {
    const shown = found.map((each) => path.relative(from, each) || ".");
    throw new Problem(
      `${folder} holds several Django projects: ${shown.join(", ")}`,
      `name one of them: \`npm run init -- ${shellWord(shown[0] ?? "")}\``,
    );
  }
  return { manage, ...rootOf(real, manage) };
}

const isManage = (folder: string): boolean => isFile(path.join(folder, "manage.py"));

/** What stands for a name in a template's manage.py, or in the path of its folder, and where; undefined for a project. */
function placeholderIn(root: string, folder: string): { text: string; where: string | undefined } | undefined {
  const below = path.relative(root, folder);
  const part = below.split(path.sep).find((each) => each.includes("{{"));
  if (part !== undefined) {
    return { text: part, where: undefined };
  }
  const [, text] =
    /(?:["']|^\s*(?:from|import)\s+)[\w.]*(\{\{ *\w+ *\}\})/m.exec(readSmallFile(folder, "manage.py") ?? "") ?? [];
  return text === undefined ? undefined : { text, where: path.join(below, "manage.py") };
}

/** Of a project that is yet to be made: `django-admin startproject --template` and copier may name manage.py otherwise. */
function refuseTemplate(typed: string, folder: string): void {
  const nameIn = (each: string): string | undefined =>
    namesIn(each).find((name) => /^manage\.py([.-](tpl|tmpl|template|jinja2?|j2))?$/.test(name));
  const [found] = foldersBelow(folder, (each) => nameIn(each) !== undefined);
  if (found === undefined) {
    return;
  }
  const { text, where } = placeholderIn(folder, found) ?? {};
  const file = path.relative(folder, path.join(found, nameIn(found) ?? ""));
  const why =
    text === undefined
      ? `${file} becomes manage.py`
      : `${text}${where === undefined ? "" : ` in ${where}`} stands for a name`;
  throw new Problem(
    `${typed} is a template of projects: ${why}`,
    "make a project of it first, with cookiecutter, copier or `django-admin startproject --template`, and name that",
  );
}

function rootOf(asked: string, manage: string): Omit<Place, "manage"> {
  const { project, outer, file } = chosenRoot(asked, manage);
  return { project, outer, where: project === asked ? "as you asked" : file };
}

function chosenRoot(asked: string, manage: string): Pick<Place, "project" | "outer"> & { file: string } {
  // Further in, as where a repository has a backend beside a frontend, then one folder further out: many keep
  // docker-compose.yml beside the folder of the project.
  for (const outer of [asked, ...foldersBetween(asked, manage), path.dirname(asked)]) {
    const context = composeContext(outer, manage);
    const project = context && path.resolve(outer, context.value);
    if (project !== undefined && isWithin(outer, project) && isWithin(project, manage)) {
      return { project, outer, file: path.relative(asked, path.join(outer, context?.where ?? "")) };
    }
  }
  const candidates = [asked, ...foldersBetween(asked, manage)];
  const chosen =
    firstWith(candidates, findDockerfile) ??
    inWorkspace(asked) ??
    firstWith(candidates, (each) => rootFiles.find((name) => fs.existsSync(path.join(each, name))));
  return { outer: asked, ...(chosen ?? { project: manage, file: "manage.py" }) };
}

function inWorkspace(asked: string): { project: string; file: string } | undefined {
  const project = workspaceAround(asked);
  return project === undefined ? undefined : { project, file: "uv.lock" };
}

/** The first of some folders that has a file, and the file. */
function firstWith(
  folders: string[],
  fileIn: (folder: string) => string | undefined,
): { project: string; file: string } | undefined {
  for (const project of folders) {
    const file = fileIn(project);
    if (file !== undefined) {
      return { project, file };
    }
  }
  return undefined;
}

/** Folders from one to another below it, without the first. */
function foldersBetween(from: string, to: string): string[] {
  const parts = path.relative(from, to).split(path.sep).filter(Boolean);
  return parts.map((_, index) => path.join(from, ...parts.slice(0, index + 1)));
}

/** Folders that hold a project, the nearest first; below one that does is no other. */
function foldersBelow(folder: string, holds: (folder: string) => boolean): string[] {
  let level = [folder];
  let seen = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    const found = level.filter(holds);
    if (found.length > 0) {
      return found;
    }
    seen += level.length;
    level = seen > most ? [] : level.flatMap(foldersIn);
  }
  return [];
}

function foldersIn(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !skipped.has(entry.name))
      .map(({ name }) => path.join(folder, name))
      .sort();
  } catch {
    return [];
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}
