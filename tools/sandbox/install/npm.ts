import { mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";

import type { Progress } from "../../terminal/progress";
import { runShowing } from "./run";
import type { NpmWay } from "./tool";

/**
 * Installs an npm package into a tool's folder, from the user's registry. Its scripts do not run.
 *
 * @throws an error with npm's error, or with the sum of a package that is another one
 */
export async function installFromNpm(way: NpmWay, folder: string, progress: Progress): Promise<void> {
  const flags = ["--no-save", "--no-fund", "--no-audit", "--ignore-scripts"];
  await runShowing("npm", ["install", "--prefix", folder, ...flags, `${way.package}@${way.version}`], progress);
  // npm has compared the package with the sum that the registry gave.
  const lock = await readFile(path.join(folder, "node_modules", ".package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock) as { packages: Record<string, { integrity?: string }> };
  const integrity = packages[`node_modules/${way.package}`]?.integrity;
  if (integrity !== way.integrity) {
    throw new Error(
      `${way.package} ${way.version} has the sum ${integrity ?? "of no package"} instead of ${way.integrity}`,
    );
  }
  await mkdir(path.join(folder, "bin"));
  for (const [name, file] of Object.entries(way.executables)) {
    await symlink(path.join("..", "node_modules", way.package, file), path.join(folder, "bin", name));
  }
}
