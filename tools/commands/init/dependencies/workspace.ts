import path from "node:path";

import { hasFile } from "./projectFiles";
import { readToml, table } from "./toml";

/** How far above a project the root of its workspace is looked for. */
const levels = 3;

/** The folder above a project with the lock file of uv's workspace that it is a member of; undefined for none. */
export function workspaceAround(project: string): string | undefined {
  if (!hasFile(project, "pyproject.toml") || hasFile(project, "uv.lock")) {
    return undefined;
  }
  let folder = project;
  for (let level = 0; level < levels; level++) {
    folder = path.dirname(folder);
    if (hasFile(folder, "uv.lock") && "workspace" in table(readToml(folder, "pyproject.toml"), "tool", "uv")) {
      return folder;
    }
  }
  return undefined;
}
