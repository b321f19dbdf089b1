import { statSync } from "node:fs";
import path from "node:path";

import execa from "execa";

import type { Progress } from "../../terminal/progress";

/**
 * Runs a command and shows the latest line it prints.
 *
 * @throws an error of one line: the command with its first argument, and the line in which it said what was wrong
 */
export async function runShowing(
  command: string,
  args: readonly string[],
  progress: Progress,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  let printed = "";
  const child = execa(command, args, { ...options, stdin: "ignore", all: true, buffer: false, reject: false });
  child.all?.setEncoding("utf8").on("data", (text: string) => {
    printed = (printed + text).slice(-2_000);
    progress.detail(lastLine(printed));
  });
  const result = await child;
  if (result.failed) {
    const what = [path.basename(command), args[0]].join(" ");
    throw new Error(`\`${what}\` failed with "${telling(printed) || `exit code ${result.exitCode}`}"`);
  }
}

/** The line that says what was wrong: apt follows it with general ones. */
function telling(text: string): string {
  return /^(?:E|error): .*/im.exec(text)?.[0] ?? lastLine(text);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

/** Where an executable is: on PATH, or where system programs are, which `su` and sudo-less shells leave out of PATH. */
export function findExecutable(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  const status = statSync(file, { throwIfNoEntry: false });
  return status !== undefined && status.isFile() && (status.mode & 0o111) !== 0;
}

/** The first `major.minor.patch` that an executable prints, or undefined when it does not run or prints none. */
export async function printedVersion(executable: string, args: readonly string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa(executable, args, {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  return failed ? undefined : /\d+\.\d+\.\d+/.exec(stdout)?.[0];
}
