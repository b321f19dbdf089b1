import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { npmRunVariable } from "../../../components/advice";
import { startForTests } from "../../sandbox/cluster/forTests";
import { installPulumi } from "../../sandbox/install/install";
import { failure, filesToRunAgain, type Results, summarize } from "./results";

interface Check {
  name: string;
  script: string;
  /** Whether its tests are counted; otherwise it is one by itself. */
  mocha?: boolean;
  environment?: NodeJS.ProcessEnv;
}

/** They come first, so that a typing error shows within seconds. Those of one list run at once, here and below. */
const quickChecks: Check[][] = [
  [{ name: "type check", script: "typecheck" }],
  [
    { name: "unit tests", script: "test:unit", mocha: true },
    { name: "lint", script: "lint" },
  ],
  [{ name: "tests that start subprocesses", script: "test:subprocess", mocha: true }],
];

const lane = (name: string, what: string): Check => ({
  name: `integration tests ${what}`,
  script: "test:integration",
  mocha: true,
  environment: { TEST_LANE: name },
});

/** tools/test/lanes.cjs says which files are in which lane. */
const integrationTests: Check[][] = [
  [lane("sandbox", "that share the sandbox"), lane("nodes", "that start clusters of their own")],
  [lane("alone", "that run alone")],
];

/** Files of integration tests that failed beside others, or on a machine that did something else. */
const runAgain = (files: readonly string[]): Check => ({
  name: "files with failures, one at a time",
  script: "test:integration",
  mocha: true,
  environment: { TEST_FILES: files.join(path.delimiter) },
});

/**
 * Runs every check, even after one fails, and ends with what failed in any of them and a line of counts. A few files of
 * integration tests with failures run a second time, by themselves, which counts.
 */
export async function test(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-results-"));
  const once = await runLists(quickChecks, folder);
  const first = await inSandbox(integrationTests, folder);
  const files = filesToRunAgain(first);
  // Nothing of what the failed tests left is in the sandbox that is started then.
  const again = files.length === 0 ? undefined : await inSandbox([[runAgain(files)]], folder);
  const { text, isPassed } = summarize({ once, first, again });
  fs.rmSync(folder, { recursive: true });
  console.log(`\n${text}`);
  process.exitCode = isPassed ? 0 : 1;
}

/** Starts the sandbox once for all of them. */
async function inSandbox(lists: Check[][], folder: string): Promise<Results[]> {
  const results: Results[] = [];
  try {
    // The tests would install them as well, but several of them at once.
    await installPulumi();
    const { wasRunning, stop } = await startForTests();
    try {
      results.push(...(await runLists(lists, folder, { TEST_SANDBOX: wasRunning ? "found" : "started" })));
    } finally {
      await stop();
    }
  } catch (error) {
    results.push(failure(`error: ${(error as Error).message}`));
  }
  return results;
}

/** Runs lists one after the other. */
async function runLists(lists: Check[][], folder: string, environment?: NodeJS.ProcessEnv): Promise<Results[]> {
  const results: Results[] = [];
  for (const checks of lists) {
    const given = checks.map((check) => ({ ...check, environment: { ...check.environment, ...environment } }));
    const start = Date.now();
    // A file that runs beside others prints its results at its end.
    const timer = setInterval(() => {
      const names = checks.map(({ name }) => name).join(", ");
      console.log(`  … ${names} (${Math.round((Date.now() - start) / 60_000)} min)`);
    }, 60_000);
    try {
      // The first one is seen at work, and the others as a whole when they have ended.
      results.push(...(await Promise.all(given.map((check, index) => run(check, folder, index > 0)))));
    } finally {
      clearInterval(timer);
    }
  }
  return results;
}

async function run(check: Check, folder: string, isHeldBack = false): Promise<Results> {
  const { name, script, mocha = false, environment = {} } = check;
  const resultsFile = path.join(folder, `${name}.json`);
  const title = `\n== ${name} (npm run ${script})`;
  if (!isHeldBack) {
    console.log(title);
  }
  const args = ["run", "--silent", script, ...(mocha ? ["--", "--reporter", "tools/test/resultsReporter.cjs"] : [])];
  const output = isHeldBack ? "pipe" : "inherit";
  const { exitCode, all } = await execa("npm", args, {
    stdio: ["ignore", output, output],
    all: isHeldBack,
    maxBuffer: 1e9,
    // Tests of advice say themselves where it is read.
    env: { ...environment, TEST_RESULTS_FILE: resultsFile, [npmRunVariable]: undefined },
    reject: false,
  });
  if (isHeldBack) {
    console.log(`${title}\n${all ?? ""}`);
  }
  const summary = `== ${name} failed (npm run ${script})`;
  if (!mocha) {
    return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0, failures: "" } : failure(summary);
  }
  if (!fs.existsSync(resultsFile)) {
    return failure(`${summary}: it ended before its last test`);
  }
  const results = JSON.parse(fs.readFileSync(resultsFile, "utf8")) as Results;
  if (exitCode !== 0 && results.failed === 0) {
    return { ...results, failed: 1, failures: `${summary} after its last test` };
  }
  return { ...results, failures: `${summary}\n${results.failures}` };
}
