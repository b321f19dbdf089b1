import { statSync } from "node:fs";
import path from "node:path";

import execa from "execa";

import { lastLine, showLatestLine } from "../../terminal/latestLine";
import type { Progress } from "../../terminal/progress";

/**
 * Runs a command and shows the latest line it prints.
 *
 * @throws an error of one line: the command with its first argument, and the line that says what was wrong
 */
export async function runShowing(
  command: string,
  args: readonly string[],
  progress: Progress,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const child = execa(command, args, { ...options, stdin: "ignore", all: true, reject: false });
  showLatestLine(child.all, progress);
  const { failed, exitCode, all = "" } = await child;
  if (failed) {
    const what = [path.basename(command), args[0]].join(" ");
    throw new Error(`\`${what}\` failed with "${reasonIn(all.slice(-2_000)) || `exit code ${exitCode}`}"`);
  }
}

/** The line that says what was wrong, in the end of an output; apt prints general lines after it. */
function reasonIn(output: string): string {
  return /^(?:E|error): .*/im.exec(output)?.[0] ?? lastLine(output);
}

/** The path of an executable on PATH or in the folders of system programs, which the PATH of `su` leaves out. */
export function findExecutable(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  const status = statSync(file, { throwIfNoEntry: false });
  return status !== undefined && status.isFile() && (status.mode & 0o111) !== 0;
}

/** The first `major.minor.patch` that an executable prints; undefined when it fails or prints none. */
export async function printedVersion(executable: string, args: readonly string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa(executable, args, {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  return failed ? undefined : /\d+\.\d+\.\d+/.exec(stdout)?.[0];
}
