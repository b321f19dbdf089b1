import assert from "node:assert/strict";

import { inScope } from "../../../terminal/scope";
import { isProblem } from "../../../../test/unit/helpers/problems";

const options = { folder: ".", environment: process.env };

describe("a scope", () => {
  let done: string[];
  beforeEach(() => {
    done = [];
  });
  const note = (what: string) => (): void => {
    done.push(what);
  };

  it("undoes what was done, last first", async () => {
    const result = await inScope((scope) => {
      scope.finally("one", note("one"));
      scope.finally("two", note("two"));
      return Promise.resolve("result");
    });
    assert.equal(result, "result");
    assert.deepEqual(done, ["two", "one"]);
  });

  it("undoes everything after a failure, and throws it", async () => {
    const failing = inScope((scope) => {
      scope.finally("one", note("one"));
      return Promise.reject(new Error("it failed"));
    });
    await assert.rejects(failing, /^Error: it failed$/);
    assert.deepEqual(done, ["one"]);
  });

  it("goes on undoing where something cannot be undone, and says what is left", async () => {
    const failing = inScope((scope) => {
      scope.finally("one", note("one"));
      scope.finally("namespace two", () => Promise.reject(new Error("refused")));
      return Promise.resolve();
    });
    await assert.rejects(failing, isProblem("Could not be cleared away: namespace two (refused)."));
    assert.deepEqual(done, ["one"]);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`interrupts its command at ${signal}, undoes everything and starts nothing more`, async () => {
      const interrupted = inScope(async (scope) => {
        scope.finally("one", note("one"));
        // Longer than the test may take.
        const script = "echo started; exec sleep 600";
        await scope.run("sh", ["-c", script], { ...options, onLine: () => process.kill(process.pid, signal) });
        done.push("more");
      });
      const message = `Ended by ${signal}; everything that was made for the preview is gone again.`;
      await assert.rejects(interrupted, isProblem(message));
      assert.deepEqual(done, ["one"]);
      assert.equal(process.listenerCount(signal), 0);
    });
  }

  it("gives a command's output and exit code, and 127 for one that is not there", async () => {
    await inScope(async (scope) => {
      const lines: string[] = [];
      const onLine = (line: string): number => lines.push(line);
      const script = "process.stdout.write('out'); process.exit(3)";
      const finished = await scope.run(process.execPath, ["-e", script], { ...options, onLine });
      assert.deepEqual(finished, { exitCode: 3, stdout: "out", output: "out" });
      assert.deepEqual(lines, ["out"]);
      assert.equal((await scope.run("no-such-command", [], options)).exitCode, 127);
    });
  });
});
