import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { mock } from "node:test";

import { Problem } from "../../../components/problem";
import { publish } from "../../commands/preview/publish";
import { type ClusterPlan, writePlan } from "../../sandbox/cluster/plan";
import { chooseBackend } from "../../stack/backend";
import { writeNew, writeWhole } from "../../wholeFile";
import { temporaryFolder } from "../../../test/unit/helpers/folders";
import { isProblem } from "../../../test/unit/helpers/problems";

describe("A file that is written whole or not at all", () => {
  const folder = temporaryFolder();
  const text = (): string => fs.readFileSync(folder.path("file"), "utf8");

  afterEach(() => {
    mock.restoreAll();
  });

  it("has its text and its mode, also when it had others", () => {
    writeWhole(folder.path("file"), "one");
    assert.equal(fs.statSync(folder.path("file")).mode & 0o777, 0o600);
    fs.chmodSync(folder.path("file"), 0o644);
    writeWhole(folder.path("file"), "one");
    assert.equal(fs.statSync(folder.path("file")).mode & 0o777, 0o600);
    writeWhole(folder.path("file"), "two", 0o755);
    assert.equal(text(), "two");
    assert.equal(fs.statSync(folder.path("file")).mode & 0o777, 0o755);
    assert.deepEqual(fs.readdirSync(folder.path()), ["file"]);
  });

  it("is not written when it is so already", () => {
    writeWhole(folder.path("file"), "one");
    const { ino } = fs.statSync(folder.path("file"));
    writeWhole(folder.path("file"), "one");
    assert.equal(fs.statSync(folder.path("file")).ino, ino);
  });

  it("is on the disk with its name before anybody relies on it", () => {
    const synced: boolean[] = [];
    const { fsyncSync } = fs;
    mock.method(fs, "fsyncSync", (descriptor: number) => {
      fsyncSync(descriptor);
      synced.push(fs.fstatSync(descriptor).isDirectory());
    });
    writeWhole(folder.path("file"), "one");
    writeNew(folder.path("new"), "one");
    assert.deepEqual(synced, [false, true, false, true]);
  });

  it("is as it was when the disk is full, and the error says what helps", () => {
    writeWhole(folder.path("file"), "one");
    mock.method(fs, "fsyncSync", () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, fsync"), { code: "ENOSPC" });
    });
    assert.throws(
      () => {
        writeWhole(folder.path("file"), "two");
      },
      isProblem(`${folder.path("file")} cannot be written (ENOSPC: no space left on device); make room on its disk.`),
    );
    assert.equal(text(), "one");
    assert.deepEqual(fs.readdirSync(folder.path()), ["file"]);
  });

  describe("on a disk that is really full", () => {
    const disk = (...names: string[]): string => folder.path("disk", ...names);
    const full: Record<string, () => void> = {
      "a file of a few pages": () => {
        writeWhole(disk("kept"), "x".repeat(10_000));
      },
      "a new file": () => {
        writeNew(disk("new"), "x".repeat(10_000));
      },
      "the summary of a pull request, in a file of the user's": () => {
        publish("x".repeat(10_000), { output: disk("kept") });
      },
      "the plan of the sandbox": () => {
        writePlan(disk(), { sysctls: { name: "x".repeat(10_000) } } as unknown as ClusterPlan);
      },
      "the passphrase": () => {
        chooseBackend({ PULUMI_HOME: folder.path("pulumi") }, disk());
      },
    };

    before(function () {
      if (process.platform !== "linux" || process.getuid?.() !== 0) {
        this.skip();
      }
    });
    beforeEach(() => {
      fs.mkdirSync(disk());
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk()]);
      fs.writeFileSync(disk("kept"), "as it was");
    });
    afterEach(() => {
      execFileSync("umount", [disk()]);
    });

    for (const [what, write] of Object.entries(full)) {
      it(`leaves everything as it was: ${what}`, () => {
        const filler = what === "the passphrase" ? 3 * 4096 : 4096;
        fs.writeFileSync(disk("filler"), "x".repeat(filler));
        assert.throws(write, (error) => {
          assert.ok(error instanceof Problem);
          assert.match(error.message, /\/disk\/.* cannot be written \(ENOSPC: .*\); make room on its disk\.$/);
          return true;
        });
        assert.equal(fs.readFileSync(disk("kept"), "utf8"), "as it was");
        assert.deepEqual(fs.readdirSync(disk()).sort(), ["filler", "kept"]);
      });
    }
  });

  it("leaves nothing beside it once a process that was killed has ended", () => {
    const { pid } = spawnSync("true");
    folder.write({ [`file.partial-${pid}`]: "tw" });
    writeWhole(folder.path("file"), "one");
    assert.deepEqual(fs.readdirSync(folder.path()), ["file"]);
  });

  it("is not replaced when it is to be new", () => {
    assert.equal(writeNew(folder.path("file"), "one"), true);
    assert.equal(writeNew(folder.path("file"), "two"), false);
    assert.equal(text(), "one");
    assert.deepEqual(fs.readdirSync(folder.path()), ["file"]);
  });
});
