import assert from "node:assert/strict";

import { isProblem } from "../../../../test/unit/helpers/problems";
import { withCleanup } from "../../../terminal/cleanup";

const options = { folder: ".", environment: process.env };

describe("work with a clean-up", () => {
  let done: string[];
  beforeEach(() => {
    done = [];
  });
  const record = (what: string) => (): void => {
    done.push(what);
  };

  it("runs its actions in reverse order and returns its result", async () => {
    const result = await withCleanup((cleanup) => {
      cleanup.atEnd("one", record("one"));
      cleanup.atEnd("two", record("two"));
      return Promise.resolve("result");
    });
    assert.equal(result, "result");
    assert.deepEqual(done, ["two", "one"]);
  });

  it("runs its actions after a failure, and throws the failure", async () => {
    const failing = withCleanup((cleanup) => {
      cleanup.atEnd("one", record("one"));
      return Promise.reject(new Error("it failed"));
    });
    await assert.rejects(failing, /^Error: it failed$/);
    assert.deepEqual(done, ["one"]);
  });

  it("runs the other actions after one that fails, and names what is left", async () => {
    const failing = withCleanup((cleanup) => {
      cleanup.atEnd("one", record("one"));
      cleanup.atEnd("namespace two", () => Promise.reject(new Error("refused")));
      return Promise.resolve();
    });
    await assert.rejects(
      failing,
      isProblem("Not everything that the command made could be removed:\n  | namespace two (refused)"),
    );
    assert.deepEqual(done, ["one"]);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`interrupts its command at ${signal}, runs its actions and starts no further command`, async () => {
      const listeners = process.listenerCount(signal);
      const interrupted = withCleanup(async (cleanup) => {
        cleanup.atEnd("one", record("one"));
        const script = "console.log('started'); setInterval(() => undefined, 1000)";
        const onLine = (): boolean => process.kill(process.pid, signal);
        await cleanup.run(process.execPath, ["-e", script], { ...options, onLine });
        done.push("more");
      });
      await assert.rejects(
        interrupted,
        isProblem(`${signal} ended the command; everything that it made is removed again.`),
      );
      assert.deepEqual(done, ["one"]);
      assert.equal(process.listenerCount(signal), listeners);
    });
  }
});
