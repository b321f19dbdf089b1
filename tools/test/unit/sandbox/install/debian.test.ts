import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { unpackDebian, wrapper } from "../../../../sandbox/install/debian";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("an executable of Debian's packages", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("finds its libraries wherever the packages are, through a symbolic link too", () => {
    const bin = folder.path("a tool/bin");
    folder.write({
      "a tool/root/usr/sbin/multi": { executable: '#!/bin/sh\necho "$LD_LIBRARY_PATH $XTABLES_LIBDIR $*"\n' },
      "a tool/bin/iptables": { executable: wrapper("usr/sbin/multi iptables", ["lib/x", "usr/lib/x"]) },
      linked: { symlink: `${bin}/iptables` },
    });
    const root = `${bin}/../root`;
    const libraries = `${root}/lib/x:${root}/usr/lib/x`;
    const extensions = `${root}/lib/x/xtables:${root}/usr/lib/x/xtables`;
    for (const file of [`${bin}/iptables`, folder.path("linked")]) {
      const printed = execFileSync(file, ["-L", "-n"], { encoding: "utf8" });
      assert.equal(printed, `${libraries} ${extensions} iptables -L -n\n`);
    }
  });

  it("cannot be unpacked where dpkg-deb is missing, which is named", async () => {
    folder.write({ "apt-get": { executable: "" } });
    process.env["PATH"] = folder.path();
    await assert.rejects(
      unpackDebian({ kind: "debian", packages: ["saw/trixie"], links: {} }, folder.path(), { detail: () => undefined }),
      { message: "this system has no dpkg-deb" },
    );
  });
});
