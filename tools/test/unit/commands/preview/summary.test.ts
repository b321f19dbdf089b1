import assert from "node:assert/strict";

import type { Change, Plan, Resource } from "../../../../pulumi/changes/changes";
import { errorsOf, parseReport } from "../../../../pulumi/changes/previewJson";
import {
  counts,
  longestSummary,
  renderFailure,
  renderSummary,
  type SummaryInput,
} from "../../../../commands/preview/summary";
import { assertSnapshot, recorded, recordedPlan } from "../../pulumi/changes/fixtures";

const render = (plan: Plan, rest: Partial<SummaryInput> = {}): string =>
  renderSummary({ stack: "dev", base: "0123456789ab", plan, config: [], notes: [], ...rest });

const resource = (kind: string, index: number): Resource => ({ kind, name: `app-${String(index).padStart(3, "0")}` });

/** A Deployment whose image and 20 variables change. */
function changedDeployment(index: number): Change {
  const names = Array.from({ length: 20 }, (_, variable) => `containers[web].env[VARIABLE_${variable}]`);
  const properties = ["containers[web].image", ...names].map((path) => ({
    path,
    before: "app:aaaaaaaaaaaa",
    after: "app:bbbbbbbbbbbb",
    forcesReplacement: false,
  }));
  return { action: "change", ...resource("Deployment", index), properties };
}

describe("the summary of a pull request", () => {
  for (const name of ["no-change", "code", "replicas", "creation", "replacement", "deletion", "secret"]) {
    it(`of a recorded ${name} is the one in snapshots/${name}.md`, () => {
      assertSnapshot(`${name}.md`, render(recordedPlan(name)));
    });
  }

  it("begins with the counts", () => {
    assert.equal(counts(recordedPlan("secret")), "1 to change, 1 to replace, 9 unchanged");
    assert.equal(counts(recordedPlan("no-change")), "No changes, 10 unchanged");
  });

  it("shows how the stack's config differs, and its notes", () => {
    const config = [
      { key: "replicas", before: "1", after: "3" },
      { key: "secretKey", before: undefined, after: "[secret]" },
      { key: "urlHost", before: "localhost", after: undefined },
    ];
    assertSnapshot("config.md", render(recordedPlan("replicas"), { config, notes: ["One.", "Two."] }));
  });

  it("of 300 changed resources is cut between resources, with the number of those cut", () => {
    const changes = Array.from({ length: 300 }, (_, index) => changedDeployment(index));
    const summary = render({ changes, unchanged: [resource("Service", 0)] }, { notes: ["A note."] });
    assert.ok(summary.length < longestSummary, `${summary.length} characters`);
    assert.ok(summary.length > longestSummary * 0.9, `${summary.length} characters`);
    const shown = [...summary.matchAll(/^#### Change Deployment/gm)].length;
    const note = `Cut here, to keep the text below 60,000 characters: ${300 - shown} of the changes counted above (${300 - shown} to change), and the name of 1 unchanged.`;
    assert.ok(summary.includes(`\n\n${note}\n\n`));
    assert.equal([...summary.matchAll(/VARIABLE_19/g)].length, shown, "the last resource is whole");
    assertSnapshot("300-resources.md", summary);
  });

  it("of 3,000 unchanged resources names those that fit", () => {
    const unchanged = Array.from({ length: 3000 }, (_, index) => resource("ConfigMap", index));
    const summary = render({ changes: [], unchanged });
    assert.ok(summary.length < longestSummary, `${summary.length} characters`);
    const shown = [...summary.matchAll(/^- ConfigMap/gm)].length;
    const note = `the names of ${(3000 - shown).toLocaleString("en")} unchanged.`;
    assert.ok(summary.endsWith(`\n\nCut here, to keep the text below 60,000 characters: ${note}\n`));
  });

  it("of one resource with 5,000 properties names 50", () => {
    const properties = Array.from({ length: 5000 }, (_, index) => ({
      path: `data.key${index}`,
      before: "`".repeat(1000),
      after: "|".repeat(1000),
      forcesReplacement: false,
    }));
    const change: Change = { action: "change", kind: "ConfigMap", name: "big", properties };
    const summary = render({ changes: [change], unchanged: [] });
    assert.ok(summary.length < longestSummary, `${summary.length} characters`);
    assert.match(summary, /^- and 4950 more$/m);
  });

  it("is the same for the same changes in another order", () => {
    const plan = recordedPlan("replacement");
    const printed = recorded("replacement");
    const report = parseReport(printed);
    assert.notDeepEqual(report.steps, [...report.steps].reverse());
    assert.equal(render({ ...plan, changes: [...plan.changes] }), render(recordedPlan("replacement")));
  });
});

describe("the summary of a preview that failed", () => {
  it("has the engine's errors", () => {
    const errors = errorsOf(parseReport(recorded("error")));
    assertSnapshot("error.md", renderFailure({ stack: "dev", base: "0123456789ab" }, "It cannot be previewed", errors));
  });

  const fits = (...errors: string[]): string => {
    const summary = renderFailure({ stack: "dev", base: "0123456789ab" }, "It cannot be previewed", errors);
    assert.ok(summary.length < longestSummary, `${summary.length} characters`);
    return summary;
  };

  for (const [what, character] of [
    ["letters", "x"],
    ["backticks", "`"],
    ["characters that are shown by their codes", "\u{e0001}"],
    ["line feeds", "\r\n"],
  ] as const) {
    it(`is cut below the limit for an error of a million ${what}, and says so`, () => {
      assert.match(fits(character.repeat(1e6)), /^Cut after the first 15,000 of \d+(,000)+ characters\.$/m);
    });
  }

  it("has as many of 100,000 errors as fit, and the number of the others", () => {
    const summary = fits(...Array.from({ length: 1e5 }, (_, index) => `error ${index}`));
    const shown = [...summary.matchAll(/^error /gm)].length;
    assert.ok(shown > 1000);
    assert.ok(summary.endsWith(`\n\n${(1e5 - shown).toLocaleString("en")} more errors are cut here.\n`));
  });
});
