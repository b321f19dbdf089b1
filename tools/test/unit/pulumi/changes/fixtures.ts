import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { type Plan, planOf } from "../../../../pulumi/changes/changes";
import { generatedNames, parseReport } from "../../../../pulumi/changes/previewJson";

/** What the engine printed on a real cluster, without what is not read of it. */
export function recorded(name: string): string {
  return fs.readFileSync(path.join(__dirname, "fixtures", `${name}.json`), "utf8");
}

/** The plan in a recording, with the names of the stack that it was recorded on shown as the project's own. */
export function recordedPlan(name: string): Plan {
  const shownAs = new Map([
    ["pr-fixture", "kubernetes-django"],
    ["pr-fixture-b", "another"],
  ]);
  const printed = recorded(name);
  return planOf(parseReport(printed, new Map([...shownAs, ...generatedNames(parseReport(printed))])));
}

/** Compares with a file in snapshots/; `UPDATE_SNAPSHOTS=1 npm run test:unit` writes it anew. */
export function assertSnapshot(name: string, actual: string): void {
  const file = path.join(__dirname, "../../commands/preview/snapshots", name);
  if (process.env["UPDATE_SNAPSHOTS"]) {
    fs.writeFileSync(file, actual);
  }
  assert.equal(actual, fs.readFileSync(file, "utf8"));
}
