import assert from "node:assert/strict";
import fs from "node:fs";

import execa from "execa";

import { checkout } from "../../../../../test/unit/helpers/checkout";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("What a command in a pod prints into a file", () => {
  const folder = temporaryFolder();
  /** Runs a command in a pod, whose kubectl prints a megabyte and ends with exit code 3, or with 0 after an error. */
  const run = async (file: string, exitCode: number): Promise<{ exitCode: number; stderr: string }> => {
    folder.write({
      "bin/kubectl": { executable: `#!/bin/sh\nhead -c 1000000 /dev/zero || true\nexit ${exitCode}\n` },
    });
    const script = `
      require("tsx/cjs");
      require("./tools/terminal/lostOutput.ts").tellLostOutput();
      const { Pod } = require("./tools/commands/manage/pod.ts");
      new Pod("web-1", [], { PATH: "${folder.path("bin")}:/usr/bin:/bin" }).runHere(["dump"]).then((code) => {
        process.exitCode = code;
      });
    `;
    const output = fs.openSync(file, "w");
    try {
      const options = { cwd: checkout, reject: false, stdio: ["ignore", output, "pipe"] } as const;
      return await execa(process.execPath, ["-e", script], options);
    } finally {
      fs.closeSync(output);
    }
  };

  it("is there as a whole, and the exit code is the command's", async () => {
    const { exitCode } = await run(folder.path("out"), 3);
    assert.equal(exitCode, 3);
    assert.equal(fs.statSync(folder.path("out")).size, 1_000_000);
  });

  it("is a failure where it cannot be written", async function () {
    if (!fs.existsSync("/dev/full")) {
      this.skip();
    }
    const { exitCode, stderr } = await run("/dev/full", 0);
    assert.equal(
      stderr,
      "error: Standard output cannot be written (ENOSPC: no space left on device); free space on its disk.",
    );
    assert.equal(exitCode, 1);
  });
});
