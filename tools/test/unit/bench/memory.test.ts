import assert from "node:assert/strict";
import { spawn } from "node:child_process";

import { until } from "../../../../test/unit/helpers/until";
import { linuxProcesses, MemoryWatch, processTree, type ProcessTable } from "../../../bench/memory";

/** Process 1 started 2 and 3, and 3 started 4; 5 is somebody else's. */
const parents: Record<number, number> = { 2: 1, 3: 1, 4: 3, 5: 0 };
const table: ProcessTable = {
  pids: () => Promise.resolve([1, 2, 3, 4, 5]),
  parent: (pid) => Promise.resolve(parents[pid]),
  memory: (pid) => Promise.resolve(pid === 2 ? undefined : pid * 1024),
};

describe("the bench's memory watch", () => {
  it("finds children of children and nobody else's", async () => {
    assert.deepEqual((await processTree(1, table)).sort(), [1, 2, 3, 4]);
  });

  it("adds up what the tree holds, in MiB, and passes over a process that is gone", async () => {
    assert.equal(await new MemoryWatch(1, table).stop(), 1 + 3 + 4);
  });

  it("keeps the peak when memory is given back", async () => {
    const sizes = [5, 80, 10];
    let looks = 0;
    const shrinking: ProcessTable = {
      pids: () => Promise.resolve([1]),
      parent: () => Promise.resolve(undefined),
      memory: () => {
        const size = sizes[looks++] ?? 10;
        return Promise.resolve(size * 1024);
      },
    };
    const watch = new MemoryWatch(1, shrinking);
    await until("all sizes were seen", () => looks >= sizes.length);
    assert.equal(await watch.stop(), 80);
  });

  it("reads this machine's /proc", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    try {
      assert.ok((await processTree(process.pid)).includes(child.pid ?? 0));
      assert.ok(((await linuxProcesses.memory(process.pid)) ?? 0) > 10 * 1024);
    } finally {
      child.kill();
    }
  });
});
