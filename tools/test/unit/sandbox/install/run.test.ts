import assert from "node:assert/strict";

import { findExecutable, printedVersion, runShowing } from "../../../../sandbox/install/run";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const silent = { detail: () => undefined };

describe("a command that is run to install a tool", () => {
  it("shows the latest line that it prints, and fails with the line that says what was wrong", async () => {
    const shown: string[] = [];
    const script = "echo one; echo 'E: no such package' >&2; echo 'E: in general' >&2; exit 3";
    await assert.rejects(runShowing("sh", ["-c", script], { detail: (line) => shown.push(line) }), {
      message: '`sh -c` failed with "E: no such package"',
    });
    assert.equal(shown.at(-1), "E: in general");
  });

  it("fails with its last line when no line is marked as an error", async () => {
    await assert.rejects(runShowing("sh", ["-c", "echo one; echo two; exit 3"], silent), {
      message: '`sh -c` failed with "two"',
    });
  });

  it("fails with its exit code when it prints nothing", async () => {
    await assert.rejects(runShowing("sh", ["-c", "exit 3"], silent), {
      message: '`sh -c` failed with "exit code 3"',
    });
  });
});

describe("an executable", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("is found in the first folder of PATH that has it", () => {
    folder.write({ "one/saw": "not executable", "two/saw": { executable: "" }, "three/saw": { executable: "" } });
    folder.write({ "two/folder/file": "" });
    process.env["PATH"] = ["one", "two", "three"].map((name) => folder.path(name)).join(":");
    assert.equal(findExecutable("saw"), folder.path("two/saw"));
    assert.equal(findExecutable("folder"), undefined);
    assert.equal(findExecutable("no-such-executable"), undefined);
  });

  it("has the version that it prints, and none when it fails or prints none", async () => {
    const version = async (script: string): Promise<string | undefined> => {
      folder.write({ saw: { executable: `#!/bin/sh\n${script}\n` } });
      return await printedVersion(folder.path("saw"), ["--version"]);
    };
    assert.equal(await version('[ "$1" = --version ] && echo "saw v1.2.3-dirty of 4.5.6"'), "1.2.3");
    assert.equal(await version("echo 1.2.3; exit 1"), undefined);
    assert.equal(await version("echo 1.2"), undefined);
  });
});
