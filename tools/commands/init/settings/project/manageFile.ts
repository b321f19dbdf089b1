import { readdirSync } from "node:fs";
import * as path from "node:path";

import { Problem } from "../../../../../components/problem";
import { readSmallFile } from "../../readSmallFile";

/** Folders that hold no project of one's own. */
const skipped = new Set([
  "node_modules",
  "site-packages",
  "__pycache__",
  "venv",
  "env",
  "virtualenv",
  "build",
  "dist",
  "bower_components",
  "migrations",
  "locale",
  "static",
  "staticfiles",
  "media",
]);
const maximumDepth = 5;
const maximumFolders = 3000;

/**
 * The folder of the project's manage.py, relative to the project, with `/` between its parts: `.`, `src`.
 *
 * A manage.py in the folder itself is the one that is meant. Else the nearest ones below it count.
 *
 * @throws Problem where there is none, and where there are several
 */
export function findManageFolder(project: string): string {
  const found = manageFolders(project);
  if (found[0] === undefined) {
    throw new Problem(
      `no manage.py was found in "${project}" or up to ${maximumDepth} folders below it`,
      "name the folder of a Django project, such as `npm run init -- ../shop`",
    );
  }
  if (found.length > 1 && found[0] !== ".") {
    const files = found.map((folder) => `${folder}/manage.py`);
    throw new Problem(
      `"${project}" has ${found.length} files manage.py: ${files.join(", ")}`,
      `name the folder of one, such as \`npm run init -- ${path.join(project, found[0])}\``,
    );
  }
  return found[0];
}

function manageFolders(project: string): string[] {
  const found: string[] = [];
  const queue: { folder: string; depth: number }[] = [{ folder: ".", depth: 0 }];
  for (let looked = 0; queue.length > 0 && looked < maximumFolders; looked += 1) {
    const { folder, depth } = queue.shift() ?? { folder: ".", depth: maximumDepth };
    const entries = entriesOf(path.join(project, folder));
    if (entries.some(({ name }) => name === "manage.py") && isManageFile(project, folder)) {
      found.push(folder);
      if (folder === ".") {
        return found;
      }
    }
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    for (const { name } of depth < maximumDepth ? folders : []) {
      const inner = folder === "." ? name : `${folder}/${name}`;
      if (!skipped.has(name) && !entriesOf(path.join(project, inner)).some((entry) => entry.name === "pyvenv.cfg")) {
        queue.push({ folder: inner, depth: depth + 1 });
      }
    }
  }
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name));
  } catch {
    return [];
  }
}

/** Whether it is Django's, not one of Flask's or a template of one. */
function isManageFile(project: string, folder: string): boolean {
  const text = readSmallFile(project, path.join(folder, "manage.py"));
  return text !== undefined && /django|DJANGO_SETTINGS_MODULE/.test(text);
}
