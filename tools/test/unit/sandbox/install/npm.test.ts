import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";

import { installFromNpm } from "../../../../sandbox/install/npm";
import type { NpmWay } from "../../../../sandbox/install/tool";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const way: NpmWay = {
  kind: "npm",
  package: "saw-linux",
  version: "1.2.3",
  integrity: "sha512-saw",
  executables: { saw: "bin/saw.sh" },
};

describe("An npm package", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /** With an npm that writes down its arguments, then does as the script says. */
  const install = async (script: string, integrity = way.integrity): Promise<void> => {
    folder.write({
      "tool/node_modules/.package-lock.json": JSON.stringify({ packages: { "node_modules/saw-linux": { integrity } } }),
      "bin/npm": { executable: `#!/bin/sh\necho "$*" >>${folder.path("log")}\n${script}\n` },
    });
    process.env["PATH"] = `${folder.path("bin")}:/usr/bin:/bin`;
    await installFromNpm(way, folder.path("tool"), { detail: () => undefined });
  };

  it("is installed into the tool's folder in its version, and none of its scripts runs", async () => {
    await install("");
    assert.equal(
      fs.readFileSync(folder.path("log"), "utf8"),
      `install --prefix ${folder.path("tool")} --no-save --no-fund --no-audit --ignore-scripts saw-linux@1.2.3\n`,
    );
  });

  it("has executables that still work when the folder is renamed", async () => {
    folder.write({ "tool/node_modules/saw-linux/bin/saw.sh": { executable: "#!/bin/sh\necho sawn\n" } });
    await install("");
    fs.renameSync(folder.path("tool"), folder.path("renamed"));
    assert.equal(execFileSync(folder.path("renamed/bin/saw"), { encoding: "utf8" }), "sawn\n");
  });

  it("is refused when it is another one than the registry had", async () => {
    await assert.rejects(install("", "sha512-other"), {
      message: "saw-linux 1.2.3 has the sum sha512-other instead of sha512-saw",
    });
  });

  it("fails with npm's error", async () => {
    await assert.rejects(install("echo 'npm error 404 Not Found' >&2; exit 1"), {
      message: '`npm install` failed with "npm error 404 Not Found"',
    });
  });
});
