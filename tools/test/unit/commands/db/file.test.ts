import assert from "node:assert/strict";
import fs from "node:fs";

import { placeOfBackup, readBackup } from "../../../../commands/db/file";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The file of a backup", () => {
  const folder = temporaryFolder();

  it("is a new one, one that is there, or the one that a link leads to", () => {
    folder.write({ "old.dump": "old" });
    const [old, link] = [fs.realpathSync(folder.path("old.dump")), folder.path("latest.dump")];
    fs.symlinkSync(old, link);
    assert.deepEqual([old, link, folder.path("new.dump")].map(placeOfBackup), [old, old, folder.path("new.dump")]);
  });

  it("is the new one that a link leads to", () => {
    fs.symlinkSync("new.dump", folder.path("latest.dump"));
    fs.symlinkSync(folder.path("latest.dump"), folder.path("other.dump"));
    assert.equal(placeOfBackup(folder.path("other.dump")), folder.path("new.dump"));
  });

  it("is none where a link leads to itself", () => {
    const link = folder.path("loop.dump");
    fs.symlinkSync("loop.dump", link);
    assert.throws(
      () => placeOfBackup(link),
      isProblem(
        `${link} cannot be written (ELOOP: too many symbolic links encountered); name a file that no link leads back to.`,
      ),
    );
  });

  it("is no folder, no device and no pipe, which would be replaced by it", () => {
    for (const [place, what] of [
      [folder.path(), "a folder"],
      ["/dev/null", "a device or a pipe"],
    ] as const) {
      assert.throws(
        () => placeOfBackup(place),
        isProblem(
          `${place} is ${what}: allowed is a file, which is replaced, or a new one; name one, as in \`npm run db:backup -- sandbox shop.dump\`.`,
        ),
      );
    }
  });

  it("is not read where it is a device or a pipe, whose content would be gone", () => {
    assert.throws(
      () => readBackup("/dev/zero"),
      isProblem(
        "/dev/zero cannot be read (it is a device or a pipe): allowed is a backup; name one, as in `npm run db:restore -- sandbox shop.dump`.",
      ),
    );
  });
});
