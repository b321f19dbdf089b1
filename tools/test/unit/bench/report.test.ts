import assert from "node:assert/strict";

import { compare, conditions, type Result, rowsOf, toMarkdown } from "../../../bench/report";

const result: Result = {
  date: "2026-01-02",
  cluster: "isolated",
  builder: "docker",
  rounds: 3,
  asking: { of: "real minikube", minimum: 0.4, median: 0.456 },
  machine: {
    cores: 2,
    processor: "A processor",
    memoryGib: 8,
    system: "Linux 6 x86_64",
    loadBefore: 0.1,
    loadAfter: 0.5,
    versions: { node: "20.0.0", pulumi: "3.220.0" },
  },
  scenarios: {
    noop: compare([
      { title: "pulumi up", seconds: [2, 1.5, 1.8], peakMib: 400.4 },
      { title: "by hand", seconds: [1, 0.5, 1.2], peakMib: 80 },
    ]),
  },
  profiles: [{ title: "nothing changed", phases: [{ title: "Node starts", milliseconds: 50.4, level: 0 }] }],
};

describe("the bench's report", () => {
  it("has a row for each scenario that was measured: minimum / median, ratio, memory", () => {
    assert.deepEqual(rowsOf(result.scenarios), [
      ["Nothing changed", "1.50 / 1.80 s", "2.00", "400 MiB", "0.50 / 1.00 s", "80 MiB"],
    ]);
  });

  it("names the conditions of the measurement", () => {
    assert.match(conditions(result), /^Minimum \/ median of 3 rounds in turns\. Ratio: /);
    assert.match(conditions(result), /^2026-01-02, cluster isolated, builder docker\.$/m);
    assert.match(conditions(result), /^Asking minikube, for each up: 0\.40 \/ 0\.46 s \(real minikube\)$/m);
    assert.match(
      conditions(result),
      /2 cores \(A processor\), 8 GiB, Linux 6 x86_64; node 20\.0\.0, pulumi 3\.220\.0\./,
    );
    assert.match(conditions(result), /Load average 0\.1 before and 0\.5 after\.$/);
  });

  it("has a table of saves alone, where no ways to deploy were compared", () => {
    const saves = { count: 10, figures: { saves: [{ title: "npm run watch", rows: { python: [0.3, 0.2] } }] } };
    const lines = toMarkdown({ ...result, scenarios: {}, profiles: [], saves }).split("\n");
    assert.equal(lines[0], "| project |  | npm run watch | skaffold dev | ratio |");
    assert.equal(lines[2], "| the example | one Python file saved, to the page | 0.20 / 0.25 s |  |  |");
    assert.match(lines[4] ?? "", /^Saves: minimum \/ median of 10 within one running command/);
  });

  it("makes Markdown tables, the profile among them", () => {
    const lines = toMarkdown(result).split("\n");
    assert.equal(lines[0], "|  | pulumi up | ratio | memory | by hand | memory |");
    assert.ok(lines.includes("| Nothing changed | 1.50 / 1.80 s | 2.00 | 400 MiB | 0.50 / 1.00 s | 80 MiB |"));
    assert.ok(lines.includes("| where the time goes: nothing changed | ms |"));
    assert.ok(lines.includes("| Node starts | 50 |"));
  });
});
