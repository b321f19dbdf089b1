import assert from "node:assert/strict";
import fs from "node:fs";

import { removeTornAttributes } from "../../../../pulumi/repair/attributes";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("A file of attributes in the folder of the state", () => {
  const folder = temporaryFolder();
  const minuteAgo = new Date(Date.now() - 60_000);

  it("is removed when it was left empty, whichever stack's it is, and no other", () => {
    folder.write({
      "stacks/a.json": "",
      "stacks/a.json.attrs": "",
      "locks/b/c.json.attrs": "",
      "stacks/d.json.attrs": "{}",
    });
    for (const file of ["stacks/a.json", "stacks/a.json.attrs", "locks/b/c.json.attrs", "stacks/d.json.attrs"]) {
      fs.utimesSync(folder.path(file), minuteAgo, minuteAgo);
    }
    removeTornAttributes(folder.path());
    assert.deepEqual(fs.readdirSync(folder.path("stacks")), ["a.json", "d.json.attrs"]);
    assert.deepEqual(fs.readdirSync(folder.path("locks/b")), []);
  });

  it("stays while it may still be written", () => {
    folder.write({ "stacks/a.json.attrs": "" });
    removeTornAttributes(folder.path());
    assert.deepEqual(fs.readdirSync(folder.path("stacks")), ["a.json.attrs"]);
  });

  it("is not looked for where there is no state", () => {
    removeTornAttributes(folder.path("missing"));
    assert.equal(fs.existsSync(folder.path("missing")), false);
  });
});
