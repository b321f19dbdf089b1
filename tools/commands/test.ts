import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { npmRunVariable } from "../../components/advice";
import { startForTests } from "../sandbox/cluster/forTests";
import { installPulumi } from "../sandbox/install/install";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Check {
  name: string;
  script: string;
  /** Whether its tests are counted; otherwise it is one by itself. */
  mocha?: boolean;
  environment?: NodeJS.ProcessEnv;
}

/** They come first, so that a typing error shows within seconds. */
const quickChecks: Check[] = [
  { name: "lint", script: "lint" },
  { name: "type check", script: "typecheck" },
  { name: "unit tests", script: "test:unit", mocha: true },
];

const lane = (name: string, what: string): Check => ({
  name: `integration tests ${what}`,
  script: "test:integration",
  mocha: true,
  environment: { TEST_LANE: name },
});

/** Those of one list run at once; tools/test/lanes.cjs says which files are in which lane. */
const integrationTests: Check[][] = [
  [lane("sandbox", "that share the sandbox"), lane("nodes", "that start clusters of their own")],
  [lane("alone", "that run alone")],
];

/** Runs every check, even after one fails, and prints a last line with the counts. */
export async function test(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-counts-"));
  const counts: Counts[] = [];
  for (const check of quickChecks) {
    counts.push(await run(check, folder));
  }
  counts.push(...(await inSandbox(integrationTests, folder)));
  fs.rmSync(folder, { recursive: true });
  const sum = (key: keyof Counts): number => counts.reduce((total, each) => total + each[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
}

/** Starts the sandbox once for all of them. */
async function inSandbox(lists: Check[][], folder: string): Promise<Counts[]> {
  const counts: Counts[] = [];
  try {
    // The tests would install them as well, but several of them at once.
    await installPulumi();
    const { wasRunning, stop } = await startForTests();
    try {
      const environment = { TEST_SANDBOX: wasRunning ? "found" : "started" };
      for (const checks of lists) {
        const given = checks.map((check) => ({ ...check, environment: { ...check.environment, ...environment } }));
        // The first one is seen at work, and the others as a whole when they have ended.
        counts.push(...(await Promise.all(given.map((check, index) => run(check, folder, index > 0)))));
      }
    } finally {
      await stop();
    }
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    counts.push({ passed: 0, failed: 1, skipped: 0 });
  }
  return counts;
}

async function run(check: Check, folder: string, isHeldBack = false): Promise<Counts> {
  const { name, script, mocha = false, environment = {} } = check;
  const countsFile = path.join(folder, `${name}.json`);
  const title = `\n== ${name} (npm run ${script})`;
  if (!isHeldBack) {
    console.log(title);
  }
  const args = ["run", "--silent", script, ...(mocha ? ["--", "--reporter", "tools/test/countingReporter.cjs"] : [])];
  const output = isHeldBack ? "pipe" : "inherit";
  const { exitCode, all } = await execa("npm", args, {
    stdio: ["ignore", output, output],
    all: isHeldBack,
    maxBuffer: 1e9,
    // Tests of advice say themselves where it is read.
    env: { ...environment, TEST_COUNTS_FILE: countsFile, [npmRunVariable]: undefined },
    reject: false,
  });
  if (isHeldBack) {
    console.log(`${title}\n${all ?? ""}`);
  }
  if (mocha && fs.existsSync(countsFile)) {
    const counts = JSON.parse(fs.readFileSync(countsFile, "utf8")) as Counts;
    // A run that dies after its last test has failed, too.
    return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  }
  return exitCode === 0 && !mocha ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
