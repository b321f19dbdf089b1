import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The checks of `npm test`. The quick ones come first, so that a typing error shows within seconds. */
const checks: { name: string; script: string; mocha: boolean }[] = [
  { name: "lint", script: "lint", mocha: false },
  { name: "type check", script: "typecheck", mocha: false },
  { name: "unit tests", script: "test:unit", mocha: true },
  { name: "integration tests", script: "test:integration", mocha: true },
];

/** Runs every check, even after one fails, and prints a last line with the counts. */
export async function test(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-counts-"));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    console.log(`\n== ${check.name} (npm run ${check.script})`);
    const counts = await run(check, path.join(folder, `${check.script}.json`));
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  fs.rmSync(folder, { recursive: true });
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function run({ script, mocha }: (typeof checks)[number], countsFile: string): Promise<Counts> {
  const args = ["run", "--silent", script];
  const { exitCode } = await execa(
    "npm",
    mocha ? [...args, "--", "--reporter", "tools/test/countingReporter.cjs"] : args,
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: { TEST_COUNTS_FILE: countsFile },
      reject: false,
    },
  );
  if (mocha && fs.existsSync(countsFile)) {
    const counts = JSON.parse(fs.readFileSync(countsFile, "utf8")) as Counts;
    // A run that dies after its last test has failed, too.
    return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  }
  return exitCode === 0 && !mocha ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
