import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mock } from "node:test";

import { step, type Progress, type Screen } from "../../../terminal/progress";

describe("a step", () => {
  let printed: string[] = [];
  const log: Screen = { isTTY: false, columns: 80, write: (text) => printed.push(text) };
  const terminal: Screen = { isTTY: true, columns: 30, write: (text) => printed.push(text) };

  beforeEach(() => {
    printed = [];
    mock.timers.enable({ apis: ["setInterval", "Date"] });
  });

  afterEach(() => {
    mock.timers.reset();
  });

  /** A step that runs until it is told to end, with what it was given. */
  function begin(title: string, screen: Screen) {
    let progress: Progress = { detail: () => undefined };
    let end: (error?: Error) => void = () => undefined;
    const done = step(
      title,
      (given) => {
        progress = given;
        return new Promise<string>((resolve, reject) => {
          end = (error) => {
            if (error) reject(error);
            else resolve("result");
          };
        });
      },
      screen,
    );
    return { progress, done, end };
  }

  it("is one line with the last detail and the time when it is quick", async () => {
    const { progress, done, end } = begin("Kubernetes", log);
    progress.detail("downloading");
    progress.detail("1.34.4, from the vendor");
    mock.timers.tick(1_234);
    end();
    assert.equal(await done, "result");
    assert.deepEqual(printed, ["  ✓ Kubernetes: 1.34.4, from the vendor   1.2 s\n"]);
  });

  it("shows itself in a log every 8 seconds with its latest detail", async () => {
    const { progress, done, end } = begin("Kubernetes", log);
    mock.timers.tick(7_999);
    assert.deepEqual(printed, []);
    mock.timers.tick(1);
    progress.detail("compiling k8s.io/api");
    mock.timers.tick(8_000);
    assert.deepEqual(printed, ["  … Kubernetes (8 s)\n", "  … Kubernetes: compiling k8s.io/api (16 s)\n"]);
    end();
    await done;
  });

  it("rewrites its line on a terminal every second, cut to the width", async () => {
    const { progress, done, end } = begin("Kubernetes", terminal);
    progress.detail("compiling k8s.io/api");
    mock.timers.tick(1_000);
    end();
    await done;
    assert.deepEqual(printed, [
      "\r\u001b[K  … Kubernetes (0 s)",
      "\r\u001b[K  … Kubernetes: compili (1 s)",
      "\r\u001b[K  ✓ Kubernetes: compiling k8s.io/api   1.0 s\n",
    ]);
    assert.ok((printed[1] ?? "").length - "\r\u001b[K".length < terminal.columns);
  });

  it("leaves the line to a step inside it", async () => {
    const outer = begin("Outer", log);
    const inner = begin("Inner", log);
    mock.timers.tick(8_000);
    assert.deepEqual(printed, ["  … Inner (8 s)\n"]);
    inner.end();
    await inner.done;
    mock.timers.tick(8_000);
    assert.deepEqual(printed.slice(1), ["  ✓ Inner   8.0 s\n", "  … Outer (16 s)\n"]);
    outer.end();
    await outer.done;
  });

  it("that fails is marked, and its error passed on", async () => {
    const { progress, done, end } = begin("Kubernetes", log);
    progress.detail("compiling");
    end(new Error("no space left"));
    await assert.rejects(done, { message: "no space left" });
    assert.deepEqual(printed, ["  ✗ Kubernetes   0.0 s\n"]);
  });

  it("shows nothing after its end, whether it succeeded or failed", async () => {
    const good = begin("Good", log);
    good.end();
    await good.done;
    const bad = begin("Bad", log);
    bad.end(new Error("bad"));
    await assert.rejects(bad.done);
    mock.timers.tick(60_000);
    assert.equal(printed.length, 2);
  });
});

describe("standard output", () => {
  it("has no steps, which go to standard error", () => {
    const script = `
      require("ts-node/register/transpile-only");
      const { step } = require("./tools/terminal/progress");
      void step("a step", async () => console.log("the result"));
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    assert.equal(stdout, "the result\n");
    assert.match(stderr, /^ {2}✓ a step {3}\d+\.\d s\n$/);
  });
});
