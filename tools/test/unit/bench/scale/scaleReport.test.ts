import assert from "node:assert/strict";

import { curves } from "../../../../bench/scale/curves";
import { rowsOf, toMarkdown, variantRows } from "../../../../bench/scale/report";
import type { ScaleResult, SizeResult } from "../../../../bench/scale/result";
import { parseEngineSeconds, type Step } from "../../../../bench/scale/scaleStack";

const mib = 2 ** 20;

const took = (seconds: number, rest: Partial<Step> = {}): Step => ({
  finished: true,
  seconds,
  peakMib: 400,
  writtenMib: 1,
  printedBytes: 100,
  ...rest,
});

const ten: SizeResult = {
  apps: 10,
  program: { seconds: 0.5, peakMib: 190.4, resources: 72 },
  steps: {
    up: took(6.04, { engineSeconds: 5, writtenMib: 45.4 }),
    noop: took(3),
    previewNewJson: took(4, { printedBytes: 0.25 * mib }),
    previewAllJson: took(4, { printedBytes: 0.5 * mib, peakMib: 420 }),
  },
  state: { bytes: 0.62 * mib, resources: 72 },
};
const hundred: SizeResult = {
  apps: 100,
  program: { seconds: 4.9, peakMib: 380.8, resources: 702 },
  steps: { previewNew: took(20), up: took(1200, { finished: false, writtenMib: 9000, peakMib: 2000 }) },
  state: { bytes: 3 * mib, resources: 400 },
};
const result: ScaleResult = {
  date: "2026-01-02",
  limitMinutes: 20,
  machine: {
    cores: 2,
    processor: "A processor",
    memoryGib: 8,
    system: "Linux 6 x86_64",
    loadBefore: 0.1,
    loadAfter: 0.5,
    versions: { node: "20.0.0", pulumi: "3.220.0" },
  },
  sizes: [ten, hundred],
  variants: [{ apps: 10, name: "--parallel 64", up: took(5.5, { writtenMib: 40 }) }],
};

describe("the report of the bench of scale", () => {
  it("has a row for each figure that was measured: what it is, and by what it grew", () => {
    assert.deepEqual(rowsOf(result), [
      ["resources", "72", "702 (×9.8)"],
      ["program alone, s", "0.50", "4.9 (×9.8)"],
      ["program alone, MiB", "190", "381 (×2)"],
      ["`preview` of all as new, s", "", "20.0"],
      ["first `up`, s", "6.0", "not finished within 20 min"],
      ["- by the engine's clock, whole s", "5", ""],
      ["`up`, no change, s", "3.0", ""],
      ["`preview --json` of all as new, MiB", "0.25", ""],
      ["`preview --json`, all changed, MiB", "0.50", ""],
      ["state, MiB", "0.62", ""],
      ["written by the first `up`, MiB", "45", ""],
      ["memory, MiB", "420", "2000 (×4.8)"],
    ]);
  });

  it("sets a first up in other ways against the usual one", () => {
    assert.deepEqual(variantRows(result), [
      ["10", "as it is", "6.0", "45", "400"],
      ["10", "`--parallel 64`", "5.5", "40", "400"],
    ]);
    assert.deepEqual(variantRows({ ...result, variants: [] }), []);
  });

  it("is Markdown, with the conditions under the tables", () => {
    const lines = toMarkdown(result).split("\n");
    assert.match(lines[0] ?? "", /^\| +\| 10 apps +\| 100 apps +\|$/);
    assert.ok(lines.some((line) => /^\| first `up`, s +\| 6\.0 +\| not finished within 20 min \|$/.test(line)));
    assert.match(toMarkdown(result), /^One run, 2026-01-02; .*; commands end after 20 min\.$/m);
    assert.match(toMarkdown(result), /Load average 0\.1 before and 0\.5 after\.\n$/);
  });

  it("says why a size has no figures", () => {
    const failed = { ...ten, failure: "`pulumi up` failed:\nno" };
    assert.match(toMarkdown({ ...result, sizes: [failed] }), /^10 apps: `pulumi up` failed:$/m);
  });

  it("draws an update that was ended as a bound, and what it left undone not at all", () => {
    const [seconds, sizes] = curves(result);
    assert.deepEqual(seconds?.series.find(({ title }) => title === "first up")?.points, [
      { x: 10, y: 6.04 },
      { x: 100, y: 1200, isBound: true },
    ]);
    assert.deepEqual(sizes?.series.find(({ title }) => title === "state")?.points, [{ x: 10, y: 0.62 }]);
    assert.equal(
      seconds.series.find(({ title }) => title === "up, one app changed"),
      undefined,
    );
  });
});

describe("the engine's time", () => {
  it("is read from the end of what Pulumi prints", () => {
    assert.equal(parseEngineSeconds("Resources:\n    + 9 created\n\nDuration: 3s\n"), 3);
    assert.equal(parseEngineSeconds("Duration: 2m3s\n"), 123);
    assert.equal(parseEngineSeconds("Duration: 1h0m5s\n"), 3605);
    assert.equal(parseEngineSeconds('  "duration": 2628033110,\n'), 2.62803311);
    assert.equal(parseEngineSeconds("error: no"), undefined);
  });
});
