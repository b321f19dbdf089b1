import assert from "node:assert/strict";

import { type Bounds, endOf, runBounded } from "../../../../bench/scale/boundedRun";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isAlive } from "../../../../../test/unit/helpers/processes";
import { until } from "../../../../../test/unit/helpers/until";

describe("a command of the bench of scale", function () {
  if (process.platform !== "linux") {
    return;
  }
  const folder = temporaryFolder();
  const bounds = (rest: Partial<Bounds> = {}): Bounds => ({
    folder: folder.path(),
    environment: process.env,
    limitSeconds: 30,
    signal: new AbortController().signal,
    outputFile: folder.path("output.txt"),
    ...rest,
  });

  it("is timed, and its output goes to a file", async () => {
    const { finished, seconds } = await runBounded(["sh", "-c", "echo begin; sleep 0.7; echo end"], bounds());
    assert.ok(finished);
    assert.ok(seconds > 0.7);
    assert.equal(endOf(folder.path("output.txt"), 5), "\nend\n");
  });

  it("says how it ended when it fails", async () => {
    await assert.rejects(runBounded(["sh", "-c", "echo no cluster >&2; exit 3"], bounds()), {
      message: "`sh -c echo no cluster >&2; exit 3` failed:\nno cluster\n",
    });
    await assert.rejects(runBounded(["there-is-no-such-command"], bounds()), /ENOENT/);
  });

  it("is told to end when its time is over, which is no failure", async () => {
    const script = "process.on('SIGINT', () => process.exit(1)); setTimeout(() => {}, 60000)";
    const run = await runBounded([process.execPath, "-e", script], bounds({ limitSeconds: 1 }));
    assert.equal(run.finished, false);
    assert.equal(run.seconds, 1);
  });

  it("is ended with all of its descendants when the bench is interrupted", async () => {
    const controller = new AbortController();
    const outputFile = folder.path("output.txt");
    const script = "sleep 61 & echo $!; wait";
    const run = runBounded(["sh", "-c", script], bounds({ signal: controller.signal }));
    await until("it has printed", () => endOf(outputFile) !== "");
    const descendant = Number(endOf(outputFile));
    assert.ok(descendant > 0 && isAlive(descendant));
    controller.abort(new Error("Interrupted"));
    await assert.rejects(run, /Interrupted/);
    await until("it has ended", () => !isAlive(descendant));
    await assert.rejects(runBounded(["true"], bounds({ signal: controller.signal })), /Interrupted/);
  });
});
