import assert from "node:assert/strict";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { failedResult, type PreviewResult, problemOf, resultOf } from "../../../../commands/preview/previewResult";
import type { ThrowawayConfig } from "../../../../commands/preview/throwawayConfig";
import { recorded } from "../../pulumi/changes/fixtures";

const compared = { stack: "dev", base: "0123456789ab" };
const config: ThrowawayConfig = {
  base: {},
  head: {},
  namespaces: [],
  imageRepositories: [],
  shownAs: new Map([["pr-fixture", "kubernetes-django"]]),
  changes: [],
  notes: [],
  hidesChanges: false,
};
const printed = (stdout: string, exitCode = 0) => ({ exitCode, stdout, output: stdout });

describe("the result of a preview", () => {
  it("has changes, with their counts and their summary", () => {
    const { outcome, line, summary } = resultOf(printed(recorded("replicas")), config, compared);
    assert.equal(outcome, "changes");
    assert.equal(line, "1 to change, 9 unchanged");
    assert.match(summary, /^\*\*1 to change, 9 unchanged\*\*, compared with `0123456789ab`\.$/m);
    assert.doesNotMatch(summary, /pr-fixture/);
  });

  it("has no changes", () => {
    assert.equal(resultOf(printed(recorded("no-change")), config, compared).outcome, "no changes");
  });

  it("has changes where the preview hides them", () => {
    const result = resultOf(printed(recorded("no-change")), { ...config, hidesChanges: true }, compared);
    assert.equal(result.outcome, "changes");
  });

  it("shows the engine's errors when the preview fails, with the stack's own names", () => {
    const report = { steps: [], diagnostics: [{ severity: "error", message: "namespace pr-fixture is taken" }] };
    const { outcome, line, summary } = resultOf(printed(JSON.stringify(report), 1), config, compared);
    assert.equal(outcome, "failed");
    assert.equal(line, "The working tree cannot be previewed");
    assert.match(summary, /^namespace kubernetes-django is taken$/m);
  });

  it("shows the output when the preview fails without a report", () => {
    const output = "error: no Pulumi.yaml\n";
    const { summary } = resultOf({ exitCode: 255, stdout: "", output }, config, compared);
    assert.match(summary, /^no Pulumi\.yaml$/m);
  });

  it("says that the base cannot be deployed", () => {
    const result = failedResult(compared, "The base cannot be deployed", ["it failed in pr-fixture"], config.shownAs);
    assert.equal(result.outcome, "failed");
    assert.match(result.summary, /^\*\*The base cannot be deployed\*\*, compared with `0123456789ab`\.$/m);
    assert.match(result.summary, /^it failed in kubernetes-django$/m);
  });
});

describe("the error of a preview", () => {
  const result = (outcome: PreviewResult["outcome"]): PreviewResult => ({ outcome, summary: "", line: "1 to change" });

  it("points to the summary when base or working tree cannot be deployed", () => {
    const failed = { ...result("failed"), line: "The base cannot be deployed" };
    assert.ok(isProblem("The base cannot be deployed; the summary says why.")(problemOf(failed, false)));
  });

  it("counts changes where none are expected", () => {
    assert.ok(
      isProblem("No changes were expected, but there are some (1 to change)")(problemOf(result("changes"), true)),
    );
  });

  it("is none for expected changes, and for none", () => {
    assert.equal(problemOf(result("changes"), false), undefined);
    assert.equal(problemOf(result("no changes"), true), undefined);
  });
});
