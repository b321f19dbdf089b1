import assert from "node:assert/strict";
import fs from "node:fs";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { publish, refuseUnwritable } from "../../../../commands/preview/publish";

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

  it("goes to the new file that a link leads to, which the check leaves as it is", () => {
    fs.symlinkSync("new.md", folder.path("link.md"));
    refuseUnwritable({ output: folder.path("link.md") });
    assert.equal(fs.readlinkSync(folder.path("link.md")), "new.md");
    assert.equal(fs.existsSync(folder.path("new.md")), false);
    publish(summary, { output: folder.path("link.md") }, print);
    assert.equal(fs.readlinkSync(folder.path("link.md")), "new.md");
    assert.equal(fs.readFileSync(folder.path("new.md"), "utf8"), summary);
  });

  it("goes to a file instead of standard output", () => {
    publish(summary, { output: folder.path("summary.md") }, print);
    assert.equal(fs.readFileSync(folder.path("summary.md"), "utf8"), summary);
    assert.equal(fs.statSync(folder.path("summary.md")).mode & 0o777, 0o644);
    assert.deepEqual(printed, []);
  });

  it("replaces what a file had and keeps its mode, also behind a link, and goes to what is no file as it is", () => {
    folder.write({ "there.md": "before" });
    fs.chmodSync(folder.path("there.md"), 0o640);
    fs.symlinkSync("there.md", folder.path("link.md"));
    publish(summary, { output: folder.path("link.md") }, print);
    assert.equal(fs.readFileSync(folder.path("there.md"), "utf8"), summary);
    assert.equal(fs.statSync(folder.path("there.md")).mode & 0o777, 0o640);
    assert.equal(fs.lstatSync(folder.path("link.md")).isSymbolicLink(), true);
    publish(summary, { output: "/dev/null" }, print);
    assert.equal(fs.statSync("/dev/null").isCharacterDevice(), true);
    assert.deepEqual(fs.readdirSync(folder.path()).sort(), ["link.md", "there.md"]);
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

describe("a file for the summary", () => {
  const folder = temporaryFolder();
  const refusal = (file: string, reason: string): ((error: unknown) => true) =>
    isProblem(
      `The file "${file}" of --output cannot be written: ${reason}; name a file in a folder that is there, such as \`--output preview.md\`.`,
    );

  it("is refused in a folder that is not there, and where it is a folder itself", () => {
    folder.write({ "a/file": "" });
    const [missing, isFolder, below] = [folder.path("none", "x.md"), folder.path("a"), folder.path("a/file/x.md")];
    assert.throws(
      () => {
        refuseUnwritable({ output: missing });
      },
      refusal(missing, "its folder is not there"),
    );
    assert.throws(
      () => {
        refuseUnwritable({ output: isFolder });
      },
      refusal(isFolder, "it is a folder"),
    );
    assert.throws(
      () => {
        refuseUnwritable({ output: below });
      },
      refusal(below, "its folder is a file"),
    );
  });

  it("stays as it is until there is a summary", () => {
    folder.write({ "there.md": "before" });
    refuseUnwritable({ output: folder.path("there.md"), jobSummary: folder.path("new.md") });
    refuseUnwritable({ jobSummary: "" });
    assert.equal(fs.readFileSync(folder.path("there.md"), "utf8"), "before");
    assert.equal(fs.existsSync(folder.path("new.md")), false);
  });
});
