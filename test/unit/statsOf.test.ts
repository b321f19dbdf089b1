import assert from "node:assert/strict";
import fs from "node:fs";

import { findIgnoreFile } from "../../components/image/ignoreFile";
import { statsOf } from "../../components/statsOf";
import { temporaryFolder } from "./helpers/folders";

describe("What a path leads to", () => {
  const folder = temporaryFolder();

  it("is a file or a folder, through links", () => {
    folder.write({ file: "" });
    fs.symlinkSync("file", folder.path("link"));
    assert.equal(statsOf(folder.path("link"))?.isFile(), true);
    assert.equal(statsOf(folder.path())?.isDirectory(), true);
  });

  it("is nothing for links in a circle, names that are too long and what is missing", () => {
    fs.symlinkSync(".dockerignore", folder.path(".dockerignore"));
    assert.equal(findIgnoreFile(folder.path(), "Dockerfile"), undefined);
    assert.equal(statsOf(folder.path("n".repeat(300))), undefined);
    assert.equal(statsOf(folder.path("missing", "file")), undefined);
  });
});
