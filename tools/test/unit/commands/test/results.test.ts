import assert from "node:assert/strict";

import { failure, filesToRunAgain, type Results, summarize } from "../../../../commands/test/results";

const passed: Results = { passed: 10, failed: 0, skipped: 2, failures: "", failedFiles: [] };
const failed = (...failedFiles: string[]): Results => ({
  passed: 5,
  failed: failedFiles.length,
  skipped: 1,
  failures: `== ${failedFiles.join()} failed`,
  failedFiles,
});

describe("The files of tests that run again", () => {
  it("are those with failures, each once", () => {
    assert.deepEqual(filesToRunAgain([passed, failed("a", "a", "b"), failed("c")]), ["a", "b", "c"]);
  });

  it("are none where nothing failed", () => {
    assert.deepEqual(filesToRunAgain([passed]), []);
  });

  it("are none where more failed than a busy machine breaks", () => {
    assert.deepEqual(filesToRunAgain([failed("a", "b"), failed("c", "d")]), []);
  });

  it("are none where something failed that is no test of a file", () => {
    assert.deepEqual(filesToRunAgain([failed("a"), failure("it ended before its last test")]), []);
  });
});

describe("The summary of the tests", () => {
  it("is a line of counts where all passed", () => {
    assert.deepEqual(summarize({ once: [passed], first: [passed] }), {
      text: "20 passed, 0 failed, 4 skipped",
      isPassed: true,
    });
  });

  it("begins with each failure", () => {
    const { text, isPassed } = summarize({ once: [failed("a")], first: [failure("error: no sandbox")] });
    assert.equal(text, "== a failed\n\nerror: no sandbox\n\n5 passed, 2 failed, 1 skipped");
    assert.equal(isPassed, false);
  });

  it("tells of tests that passed only by themselves, and of how they failed before", () => {
    const { text, isPassed } = summarize({ once: [], first: [failed("a", "b")], again: [passed] });
    assert.equal(
      text,
      "== a,b failed\n\n5 passed, 0 failed, 2 failed beside others and passed by themselves, 1 skipped",
    );
    assert.equal(isPassed, true);
  });

  it("counts what failed by itself as well, and what ran once", () => {
    const { text, isPassed } = summarize({ once: [failed("u")], first: [failed("a", "b")], again: [failed("b")] });
    assert.match(text, /\n\n10 passed, 2 failed, 1 failed beside others and passed by themselves, 2 skipped$/);
    assert.equal(isPassed, false);
  });
});
