import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { toolchainFolder } from "./golang";
import type { Progress } from "../../terminal/progress";
import { findExecutable, runShowing } from "./run";
import type { PythonWay } from "./tool";

/**
 * Installs Python packages into a virtual environment in a tool's folder, with the user's index and pip options.
 *
 * @throws an error that says that there is no Python, or with pip's error
 */
export async function installPython(way: PythonWay, folder: string, progress: Progress): Promise<void> {
  const python = findExecutable("python3");
  if (python === undefined) throw new Error("this system has no python3");
  await runShowing(python, ["-m", "venv", path.join(folder, "venv")], progress);
  const requirements = path.join(toolchainFolder, way.requirements, "requirements.txt");
  const install = [
    "-m",
    "pip",
    "install",
    "--no-input",
    "--progress-bar",
    "off",
    "--require-hashes",
    "--requirement",
    requirements,
  ];
  // pip prints lines with the names of all packages.
  const brief: Progress = {
    detail: (line) => {
      progress.detail(line.slice(0, 60));
    },
  };
  await runShowing(path.join(folder, "venv", "bin", "python"), install, brief);
  await mkdir(path.join(folder, "bin"));
  for (const [name, module] of Object.entries(way.modules)) {
    // The environment's own scripts contain the folder's present name, and the folder is renamed once it is complete.
    const script = `#!/bin/sh\nexec "$(dirname "$0")/../venv/bin/python" -m ${module} "$@"\n`;
    await writeFile(path.join(folder, "bin", name), script, { mode: 0o755 });
  }
  for (const name of way.binaries ?? []) {
    await symlink(path.join("..", "venv", "bin", name), path.join(folder, "bin", name));
  }
}
