import assert from "node:assert/strict";
import fs from "node:fs";
import { mock } from "node:test";

import { makeCgroups } from "../../../../sandbox/cluster/cgroups";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The control group of a sandbox", () => {
  const folder = temporaryFolder();
  const read = (file: string): string => fs.readFileSync(folder.path(file), "utf8");

  afterEach(() => {
    mock.restoreAll();
  });

  it("has every controller of version 2, as have the groups in it", async () => {
    folder.write({ "cgroup.controllers": "cpuset cpu memory\n" });
    await makeCgroups("kdj-x", folder.path());
    assert.equal(read("cgroup.subtree_control"), "+cpuset +cpu +memory");
    assert.equal(read("kdj-x/cgroup.subtree_control"), "+cpuset +cpu +memory");
  });

  it("is in the tree of each controller of version 1, with the processors and memory of all", async () => {
    const { readFile } = fs.promises;
    const mounts = ["/", folder.path("cpuset"), folder.path("memory"), "/elsewhere/cpuset"];
    const table = mounts.map((mount) => `cgroup ${mount} cgroup rw 0 0\n`).join("");
    mock.method(fs.promises, "readFile", async (file: string, encoding: "utf8") =>
      file === "/proc/self/mounts" ? table : await readFile(file, encoding),
    );
    folder.write({
      "cpuset/cpuset.cpus": "0-1\n",
      "cpuset/cpuset.mems": "0\n",
      // The kernel makes these with the group.
      "cpuset/kdj-x/cpuset.cpus": "\n",
      "cpuset/kdj-x/cpuset.mems": "\n",
      "memory/cgroup.procs": "",
    });
    await makeCgroups("kdj-x", folder.path());
    assert.equal(read("cpuset/kdj-x/cpuset.cpus"), "0-1\n");
    assert.equal(read("cpuset/kdj-x/cpuset.mems"), "0\n");
    assert.deepEqual(fs.readdirSync(folder.path("memory/kdj-x")), []);
  });
});
