import assert from "node:assert/strict";

import { linesOf } from "../../../../commands/watch/outcomes";
import type { Outcome } from "../../../../live/livePod";

describe("What is said of a save", () => {
  const said = (...outcomes: Outcome[]): string[] => linesOf(outcomes, { names: "shop/views.py", seconds: 0.2149 });
  const changed = (role: string, what: "restarted" | "reset" | "nothing" | "failed", failure?: string): Outcome => ({
    role,
    label: `${role}-x7k2p`,
    result: { is: "changed", id: 1, what, seconds: 0.07, ...(failure !== undefined && { failure }) },
  });

  it("is what started again, each process once", () => {
    assert.deepEqual(said(changed("web", "restarted"), changed("web", "restarted"), changed("worker", "restarted")), [
      "shop/views.py: web, worker started again, 0.21 s after the save",
    ]);
  });

  it("is that nothing had to be started", () => {
    assert.deepEqual(said(changed("web", "reset")), ["shop/views.py: shown from now on, 0.21 s after the save"]);
    assert.deepEqual(said(changed("web", "nothing")), ["shop/views.py: in place, 0.21 s after the save"]);
  });

  it("is why a process does not start, and that the others do", () => {
    const failure =
      'Traceback (most recent call last):\n  File "/app/shop/views.py", line 3\nSyntaxError: invalid syntax\n';
    assert.deepEqual(said(changed("web", "failed", failure), changed("worker", "restarted")), [
      "shop/views.py: worker started again, 0.21 s after the save",
      "shop/views.py: web does not start with it (SyntaxError: invalid syntax); the next save tries again",
    ]);
    assert.deepEqual(said(changed("web", "failed")), [
      "shop/views.py: web does not start with it (its log says why); the next save tries again",
    ]);
  });

  it("is which pod has not got it", () => {
    const result = { is: "refused", id: 1, path: "/app/shop/views.py", reason: "No space left on device" } as const;
    assert.deepEqual(said({ role: "web", label: "web-x7k2p", result }), [
      "shop/views.py: web-x7k2p cannot write /app/shop/views.py (No space left on device), and has what it had",
    ]);
    assert.deepEqual(said({ role: "web", label: "web-x7k2p", result: { is: "away", reason: "gone" } }), [
      "shop/views.py: web-x7k2p gets this once it answers again",
    ]);
    assert.deepEqual(said(), ["shop/views.py: no pod runs just now; it gets this when it does"]);
  });
});
