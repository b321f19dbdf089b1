import assert from "node:assert/strict";
import fs from "node:fs";

import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { publish } from "../../../../commands/preview/publish";

const summary = "<!-- marker -->\n### Preview\n";

describe("the summary of a pull request", () => {
  const folder = temporaryFolder();
  let printed: string[];
  beforeEach(() => {
    printed = [];
  });
  const print = (text: string): void => {
    printed.push(text);
  };

  it("is all that goes to standard output", () => {
    publish(summary, {}, print);
    assert.deepEqual(printed, [summary]);
  });

  it("goes to a file instead of standard output", () => {
    publish(summary, { output: folder.path("summary.md") }, print);
    assert.equal(fs.readFileSync(folder.path("summary.md"), "utf8"), summary);
    assert.deepEqual(printed, []);
  });

  it("is appended to the summary of a workflow run", () => {
    folder.write({ "job.md": "before\n" });
    publish(summary, { jobSummary: folder.path("job.md") }, print);
    assert.equal(fs.readFileSync(folder.path("job.md"), "utf8"), `before\n${summary}`);
    assert.deepEqual(printed, [summary]);
  });

  it("is not written to a workflow run without a summary", () => {
    publish(summary, { jobSummary: "" }, print);
    assert.deepEqual(printed, [summary]);
  });
});
