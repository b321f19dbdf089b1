/** What came of one run of tests, or of a check that has none to count. */
export interface Results {
  passed: number;
  failed: number;
  skipped: number;
  /** Text that says which tests failed and how. Empty where none did. */
  failures: string;
  /** Files of the tests that failed. @default none, as where something other than a test did */
  failedFiles?: string[];
}

/** One failure of what has no tests to count. */
export function failure(failures: string): Results {
  return { passed: 0, failed: 1, skipped: 0, failures };
}

/** More files with failures than this are no matter of a machine that has too much to do. */
const mostAgain = 3;

/** Files that run again by themselves: those with failures, unless there are many or something else failed as well. */
export function filesToRunAgain(results: readonly Results[]): string[] {
  const failed = results.filter((each) => each.failed > 0);
  const files = [...new Set(failed.flatMap(({ failedFiles = [] }) => failedFiles))];
  const isOfTests = failed.every(({ failedFiles = [] }) => failedFiles.length > 0);
  return isOfTests && files.length <= mostAgain ? files : [];
}

/** What all runs came to, as it ends the output. */
export interface Summary {
  text: string;
  isPassed: boolean;
}

/** Runs whose results are added up. */
export interface Runs {
  /** Those that run once. */
  once: readonly Results[];
  /** Those whose files with failures may run again. */
  first: readonly Results[];
  /** What came of these files by themselves. @default they did not run again */
  again?: readonly Results[] | undefined;
}

export function summarize({ once, first, again }: Runs): Summary {
  const sum = (key: "passed" | "failed" | "skipped", of = [...once, ...first]): number =>
    of.reduce((total, each) => total + each[key], 0);
  const failed = sum("failed", [...once, ...(again ?? first)]);
  const passedAgain = sum("failed") - failed;
  const counts = [
    `${sum("passed")} passed`,
    `${failed} failed`,
    ...(passedAgain > 0 ? [`${passedAgain} failed beside others and passed by themselves`] : []),
    `${sum("skipped")} skipped`,
  ];
  const failures = [...once, ...first, ...(again ?? [])].map((each) => each.failures);
  const said = failures.filter((text) => text !== "").map((text) => `${text}\n\n`);
  return { text: `${said.join("")}${counts.join(", ")}`, isPassed: failed === 0 };
}
