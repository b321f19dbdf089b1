import path from "node:path";

import { readSmallFile } from "./readSmallFile";

/** The package.json by which `npm run build` makes what browsers get, in the root of a project or beside manage.py. */
export function findBrowserBuild(project: string, manageFolder: string): string | undefined {
  const folders = [...new Set([".", manageFolder])];
  return folders
    .map((folder) => path.posix.join(folder, "package.json"))
    .find((file) => hasBuild(readSmallFile(project, file)));
}

function hasBuild(text: string | undefined): boolean {
  try {
    const { scripts } = JSON.parse(text ?? "{}") as { scripts?: Record<string, unknown> };
    return typeof scripts?.["build"] === "string";
  } catch {
    return false;
  }
}
