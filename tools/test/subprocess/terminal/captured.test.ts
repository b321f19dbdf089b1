import assert from "node:assert/strict";

import { captured, lastLines } from "../../../terminal/captured";

const options = { folder: ".", environment: process.env };

describe("a captured command", () => {
  it("has its output, its standard output and its exit code", async () => {
    const script = "process.stdout.write('out'); process.exit(3)";
    assert.deepEqual(await captured(process.execPath, ["-e", script], options), {
      exitCode: 3,
      stdout: "out",
      output: "out",
    });
  });

  it("keeps standard error out of its standard output", async () => {
    const script = "console.log('result'); console.error('progress')";
    const { stdout, output } = await captured(process.execPath, ["-e", script], options);
    assert.equal(stdout, "result");
    assert.deepEqual(output.split("\n").sort(), ["progress", "result"]);
  });

  it("passes on its lines while it runs", async () => {
    const lines: string[] = [];
    const onLine = (line: string): number => lines.push(line);
    await captured(process.execPath, ["-e", "process.stdout.write('  one\\n\\n')"], { ...options, onLine });
    assert.deepEqual(lines, ["one"]);
  });

  it("has exit code 127 when it does not exist", async () => {
    assert.equal((await captured("no-such-command", [], options)).exitCode, 127);
  });
});

describe("the last lines of an output", () => {
  it("leave out blank ends", () => {
    assert.deepEqual(lastLines("\none\ntwo\nthree\n\n", 2), ["two", "three"]);
    assert.deepEqual(lastLines("one\n", 2), ["one"]);
  });
});
