import assert from "node:assert/strict";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import type { Finding } from "../../../../commands/doctor/findings";
import { problemOf, rowsOf, toTable } from "../../../../commands/doctor/report";

const findings: Finding[] = [
  { status: "ok", subject: "a", detail: "1" },
  { status: "note", subject: "b", detail: "2", help: "do it" },
  { status: "failed", subject: "c", detail: "3", output: ["line 1", "line 2"] },
  { status: "failed", subject: "d", detail: "4", help: "run `npm ci`" },
];

describe("the doctor's report", () => {
  it("has a row for each finding, with output and help below", () => {
    assert.deepEqual(rowsOf(findings), [
      ["✓", "a", "1"],
      ["!", "b", "2"],
      ["", "", "→ do it"],
      ["✗", "c", "3"],
      ["", "", "| line 1"],
      ["", "", "| line 2"],
      ["✗", "d", "4"],
      ["", "", "→ run `npm ci`"],
    ]);
    assert.equal(toTable(findings.slice(0, 2)), "  ✓  a  1\n  !  b  2\n        → do it");
  });

  it("ends with the checks that failed, and with the first thing that helps", () => {
    const problem = problemOf(findings, "dev");
    assert.ok(isProblem("2 of 4 checks of stack dev failed (c, d); run `npm ci`.")(problem));
  });

  it("ends well with notes alone", () => {
    assert.equal(problemOf(findings.slice(0, 2), "dev"), undefined);
  });
});
