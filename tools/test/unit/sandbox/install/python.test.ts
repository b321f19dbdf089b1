import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";

import { installPython } from "../../../../sandbox/install/python";
import type { PythonWay } from "../../../../sandbox/install/tool";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

const way: PythonWay = { kind: "python", requirements: "checkov", modules: { checkov: "checkov.main" } };

describe("Python packages", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  /** With a python3 whose virtual environment has a `python` that writes down its arguments, then does as the script says. */
  const install = async (script: string): Promise<string[]> => {
    const python = `#!/bin/sh\necho "$*" >>${folder.path("log")}\n${script}\n`;
    folder.write({
      log: "",
      "tool/file": "",
      "venv-python": { executable: python },
      "bin/python3": {
        executable: `#!/bin/sh\necho "$*" >>${folder.path("log")}\nmkdir -p "$3/bin"\ncp ${folder.path("venv-python")} "$3/bin/python"\n`,
      },
    });
    process.env["PATH"] = `${folder.path("bin")}:/usr/bin:/bin`;
    const shown: string[] = [];
    await installPython(way, folder.path("tool"), { detail: (line) => shown.push(line) });
    return shown;
  };

  it("are installed as pinned, into a virtual environment in the tool's folder", async () => {
    await install("");
    const [environment, packages = ""] = fs.readFileSync(folder.path("log"), "utf8").trimEnd().split("\n");
    assert.equal(environment, `-m venv ${folder.path("tool/venv")}`);
    assert.match(packages, /^-m pip install .*--requirement \S+\/toolchain\/checkov\/requirements\.txt$/);
  });

  it("are run by scripts that still work when the folder is renamed", async () => {
    await install("");
    fs.renameSync(folder.path("tool"), folder.path("renamed"));
    fs.rmSync(folder.path("log"));
    execFileSync(folder.path("renamed/bin/checkov"), ["--file", "a b"]);
    assert.equal(fs.readFileSync(folder.path("log"), "utf8"), "-m checkov.main --file a b\n");
  });

  it("show no more than 60 characters of pip's latest line", async () => {
    const shown = await install(`echo "Collecting ${"a".repeat(100)}"`);
    assert.equal(shown.at(-1), `Collecting ${"a".repeat(49)}`);
  });

  it("fail with pip's error", async () => {
    await assert.rejects(install("echo 'ERROR: No matching distribution found for checkov' >&2; exit 1"), {
      message: '`python -m` failed with "ERROR: No matching distribution found for checkov"',
    });
  });
});
