import { chmod, copyFile, mkdir, symlink } from "node:fs/promises";
import path from "node:path";

import { runShowing } from "./run";
import type { Progress } from "../../terminal/progress";
import type { GoBuild, GoWay } from "./tool";

/** Folder of the Go modules that pin every dependency of the tools that are compiled. */
export const toolchainFolder = path.join(__dirname, "..", "toolchain");

/**
 * Go's environment: without a C compiler, with newer toolchains as needed, and without a user's workspace and flags.
 * The user's GOPROXY, GOMODCACHE and GOCACHE stay.
 */
export const goEnvironment = { CGO_ENABLED: "0", GOTOOLCHAIN: "auto", GOFLAGS: "", GOWORK: "off" };

/**
 * Compiles a tool's executables into its folder.
 *
 * @param goCommand path of the `go` executable
 */
export async function buildAll(way: GoWay, goCommand: string, folder: string, progress: Progress): Promise<void> {
  for (const build of way.builds) {
    await goBuild(goCommand, build, path.join(toolchainFolder, build.module), folder, progress);
  }
  for (const script of way.scripts ?? []) {
    const copy = path.join(folder, "bin", script);
    await copyFile(path.join(toolchainFolder, "plugin-scripts", script), copy);
    await chmod(copy, 0o755);
  }
}

/**
 * Runs one `go build`.
 *
 * @param module folder of the go.mod
 * @param folder the folder that `build.output` is in
 * @throws an error with Go's last line of output
 */
export async function goBuild(
  goCommand: string,
  build: GoBuild,
  module: string,
  folder: string,
  progress: Progress,
): Promise<void> {
  const output = path.join(folder, build.output);
  await mkdir(path.dirname(output), { recursive: true });
  const variables = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ["-v", "-buildvcs=false", "-trimpath", "-ldflags", ["-s", "-w", ...variables].join(" ")];
  progress.detail(`compiling ${path.basename(output)}`);
  const packages: Progress = {
    detail: (line) => {
      progress.detail(line.startsWith("go: ") ? line.slice(4) : `compiling ${line}`);
    },
  };
  const options = { cwd: module, env: goEnvironment };
  await runShowing(goCommand, ["build", ...flags, "-o", output, build.package], packages, options);
  for (const name of build.names ?? []) await symlink(path.basename(output), path.join(path.dirname(output), name));
}
