import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { writeWhole } from "../../wholeFile";

export interface Destinations {
  /** File for the summary. @default standard output */
  output?: string | undefined;
  /** File for the summary of a GitHub workflow run, which is appended to. @default there is none */
  jobSummary?: string | undefined;
}

/**
 * Writes a summary to a file or to standard output, and appends it to a workflow run's own summary.
 *
 * @param print writes to standard output
 */
export function publish(
  summary: string,
  { output, jobSummary }: Destinations,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  if (output === undefined) {
    print(summary);
  } else {
    write(output, summary);
  }
  if (jobSummary) {
    fs.appendFileSync(jobSummary, summary);
  }
}

/** Whole or not at all, except for a pipe or a link to a new file, which must not be replaced by a file. */
function write(output: string, summary: string): void {
  const there = fs.statSync(output, { throwIfNoEntry: false });
  const isLink = there === undefined && fs.lstatSync(output, { throwIfNoEntry: false }) !== undefined;
  if (isLink || there?.isFile() === false) {
    fs.writeFileSync(output, summary);
  } else {
    writeWhole(there === undefined ? output : fs.realpathSync(output), summary, (there?.mode ?? 0o644) & 0o777);
  }
}

/** What a file has to be for a code of the error that opening it gives. */
const reasons: Record<string, string> = {
  ENOENT: "its folder is not there",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "you may not write it, or its folder",
  EPERM: "you may not write it",
  EROFS: "its file system is read-only",
};

/**
 * Makes sure that the files can be written before the summary takes minutes to make; none is left behind or changed.
 *
 * @throws a `Problem` with the first that cannot
 */
export function refuseUnwritable({ output, jobSummary }: Destinations): void {
  const named = { "--output": output, GITHUB_STEP_SUMMARY: jobSummary };
  for (const [name, file] of Object.entries(named)) {
    // A workflow run without a summary leaves its variable empty.
    if (file === undefined || (file === "" && file === jobSummary)) {
      continue;
    }
    const isThere = fs.existsSync(file);
    try {
      fs.closeSync(fs.openSync(file, "a"));
      if (file === output && fs.statSync(file).isFile()) {
        // It is written beside its place first.
        fs.accessSync(path.dirname(fs.realpathSync(file)), fs.constants.W_OK);
      }
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      throw new Problem(
        `The file "${file}" of ${name} cannot be written: ${reasons[code] ?? code}`,
        "name a file in a folder that is there, such as `--output preview.md`",
      );
    }
    if (!isThere) {
      // What was made is where a link leads to.
      fs.rmSync(fs.realpathSync(file));
    }
  }
}
