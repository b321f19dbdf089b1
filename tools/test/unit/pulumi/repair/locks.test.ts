import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";

import { type Holder, holderOf, type Lock, readLocks, removeStaleLocks } from "../../../../pulumi/repair/locks";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

const content = { pid: 4711, username: "me", hostname: "here", timestamp: "2026-11-22T10:00:00Z" };
const lockOf = (file: string): Lock => ({ file, content });
const since = new Date(content.timestamp).toLocaleString("sv");

describe("The lock of a stack", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const place = "locks/organization/kubernetes-django/dev";

  it("is read from the backend's folder, one that was not finished too", () => {
    folder.write({
      [`${place}/a.json`]: JSON.stringify(content),
      [`${place}/a.json.attrs`]: "{}",
      [`${place}/fileblob1`]: "",
      "locks/organization/kubernetes-django/other/b.json": JSON.stringify(content),
    });
    assert.deepEqual(readLocks(folder.path(), "kubernetes-django", "dev"), [
      lockOf(folder.path(place, "a.json")),
      { file: folder.path(place, "fileblob1"), content: undefined },
    ]);
  });

  it("is none where there never was one", () => {
    assert.deepEqual(readLocks(folder.path(), "kubernetes-django", "dev"), []);
  });

  const holders: [holder: Holder, what: string, hostname: string, program: string | undefined][] = [
    ["running", "its process runs Pulumi", "here", "pulumi"],
    ["gone", "its process ended", "here", undefined],
    ["gone", "its pid went to another program", "here", "bash"],
    ["elsewhere", "it is another machine's", "there", undefined],
  ];
  for (const [holder, what, hostname, program] of holders) {
    it(`is held by one ${holder} when ${what}`, async () => {
      assert.equal(await holderOf(lockOf(""), hostname, () => Promise.resolve(program)), holder);
    });
  }

  it("is held by nobody when it was not finished", async () => {
    assert.equal(await holderOf({ file: "", content: undefined }), "gone");
  });

  it("is held by a process of this machine as long as that lives", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    folder.write({ pulumi: { executable: "#!/bin/sh\nread line\n" } });
    const child = spawn(folder.path("pulumi"), { stdio: ["pipe", "ignore", "ignore"] });
    await new Promise((resolve) => child.once("spawn", resolve));
    const lock: Lock = { file: "", content: { ...content, pid: child.pid ?? 0, hostname: os.hostname() } };
    assert.equal(await holderOf(lock), "running");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    assert.equal(await holderOf(lock), "gone");
  });

  it("is removed when its process is gone, and that is said", async () => {
    folder.write({ "a.json": "{}", "a.json.attrs": "{}" });
    const lines = await removeStaleLocks([lockOf(folder.path("a.json"))], "dev", () => Promise.resolve("gone"));
    assert.deepEqual(lines, [`Process 4711, which was killed, left the lock of stack dev since ${since}`]);
    assert.deepEqual(fs.readdirSync(folder.path()), []);
  });

  const kept: [holder: Holder, sentence: string][] = [
    [
      "running",
      `Stack dev is being changed by process 4711 of user me since ${since}; wait until it ends, or end it with \`kill -INT 4711\`.`,
    ],
    [
      "elsewhere",
      `Stack dev is locked by process 4711 of user me on here since ${since}; if that process no longer runs, run \`rm a.json\`.`,
    ],
  ];
  for (const [holder, sentence] of kept) {
    it(`is respected when its process is ${holder}, with a sentence`, async () => {
      folder.write({ "a.json": "{}" });
      process.chdir(folder.path());
      await assert.rejects(
        removeStaleLocks([lockOf(folder.path("a.json"))], "dev", () => Promise.resolve(holder)),
        isProblem(sentence),
      );
      assert.equal(fs.existsSync(folder.path("a.json")), true);
    });
  }
});
