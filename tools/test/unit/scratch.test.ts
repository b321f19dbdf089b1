import assert from "node:assert/strict";
import fs from "node:fs";

import { temporaryFolder } from "../../../test/unit/helpers/folders";
import { makeScratch, removeLeft, scratchFolder } from "../../scratch";

describe("The folder for what a run writes for itself", () => {
  const folder = temporaryFolder();

  it("is for its user alone", () => {
    assert.equal(fs.statSync(scratchFolder()).mode & 0o777, 0o700);
  });

  it("has a temporary folder for a program, with which goes all that the program left", () => {
    const scratch = makeScratch("engine");
    assert.equal(scratch.environment["TMPDIR"], scratch.folder);
    fs.writeFileSync(`${scratch.folder}/kubeconfig1`, "key");
    scratch.remove();
    assert.equal(fs.existsSync(scratch.folder), false);
  });

  it("is removed by the next run once nobody uses it any more", () => {
    folder.write({ "1/key": "", "2/key": "", "2/user-7": "", "3/key": "" });
    removeLeft(folder.path(), (pid) => [3, 7].includes(pid));
    assert.deepEqual(fs.readdirSync(folder.path()).sort(), ["2", "3"]);
  });

  it("is left to another command that removes it at once", () => {
    folder.write({ "1/key": "", "2/key": "" });
    removeLeft(folder.path(), () => {
      fs.rmSync(folder.path("2"), { recursive: true, force: true });
      return false;
    });
    assert.deepEqual(fs.readdirSync(folder.path()), []);
  });
});
