import fs from "node:fs";
import path from "node:path";

import { decodeText } from "../decodeText";

/** The lock files of large projects have two or three MiB; nobody writes a larger file by hand. */
const largest = 16 * 2 ** 20;

/** The text of a project's file; undefined where it is missing, too large, no text, or a link that leads out of the project. */
export function readText(project: string, file: string): string | undefined {
  const root = fs.realpathSync(project);
  try {
    const found = fs.realpathSync(path.join(root, file));
    const isInside = found.startsWith(root + path.sep);
    const stats = fs.statSync(found);
    return isInside && stats.isFile() && stats.size <= largest ? decodeText(fs.readFileSync(found)) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a project has a file that can be read. */
export const hasFile = (project: string, file: string): boolean => readText(project, file) !== undefined;

/** Names in a folder of a project, sorted; none where it is missing. */
export function namesIn(project: string, folder: string, kind: "file" | "folder"): string[] {
  try {
    return fs
      .readdirSync(path.join(project, folder), { withFileTypes: true })
      .filter((entry) => (kind === "folder" ? entry.isDirectory() : !entry.isDirectory()))
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
