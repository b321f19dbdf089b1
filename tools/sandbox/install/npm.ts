import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";

import type { Progress } from "../../terminal/progress";
import { runShowing } from "./run";
import type { NpmWay } from "./tool";

/**
 * Installs an npm package into a tool's folder, from the user's registry. Its scripts do not run.
 *
 * @throws an error with npm's error
 */
export async function installFromNpm(way: NpmWay, folder: string, progress: Progress): Promise<void> {
  const flags = ["--no-save", "--no-fund", "--no-audit", "--ignore-scripts"];
  await runShowing("npm", ["install", "--prefix", folder, ...flags, `${way.package}@${way.version}`], progress);
  await mkdir(path.join(folder, "bin"));
  for (const [name, file] of Object.entries(way.executables)) {
    await symlink(path.join("..", "node_modules", way.package, file), path.join(folder, "bin", name));
  }
}
