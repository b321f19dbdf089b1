import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { UsageWatch } from "../../../../bench/scale/usage";

describe("what a command of the bench of scale uses", function () {
  if (process.platform !== "linux") {
    return;
  }

  it("is the memory that it holds and all that it wrote", async () => {
    const script = "console.log('x'.repeat(2 ** 21)); console.error('written'); setInterval(() => {}, 60_000)";
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "pipe"] });
    assert.ok(child.pid !== undefined);
    const watch = new UsageWatch(child.pid);
    try {
      await once(child.stderr, "data");
      const { peakMib, writtenMib } = await watch.stop();
      assert.ok(peakMib > 5, String(peakMib));
      assert.ok(writtenMib >= 2, String(writtenMib));
    } finally {
      child.kill("SIGKILL");
      await watch.stop();
    }
  });
});
