import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";

import { lastLine, showLatestLine } from "../../../terminal/latestLine";

describe("The last line of a text", () => {
  for (const [text, line] of [
    ["one\ntwo", "two"],
    ["one\ntwo\n\n  \n", "two"],
    ["  indented \r\n", "indented"],
    ["\n", ""],
    ["", ""],
  ] as const) {
    it(`is ${JSON.stringify(line)} in ${JSON.stringify(text)}`, () => {
      assert.equal(lastLine(text), line);
    });
  }
});

describe("The latest line of a subprocess", () => {
  const shownOf = async (...pieces: (string | Buffer)[]): Promise<string[]> => {
    const output = new PassThrough();
    const shown: string[] = [];
    showLatestLine(output, { detail: (line) => shown.push(line) });
    for (const piece of pieces) {
      output.write(piece);
      await turn();
    }
    return shown;
  };

  it("is shown each time that something is printed", async () => {
    assert.deepEqual(await shownOf("one\n", "two\nthree\n"), ["one", "three"]);
  });

  it("is shown as a whole when it arrives in pieces, even within a character", async () => {
    const letter = Buffer.from("é");
    const shown = await shownOf("cr", letter.subarray(0, 1), letter.subarray(1), "pe\n");
    assert.equal(shown.at(-1), "crépe");
    assert.ok(shown.every((line) => !line.includes("\ufffd")));
  });

  it("stays when only line breaks are printed", async () => {
    assert.deepEqual([...new Set(await shownOf("one\n", "\n\n"))], ["one"]);
    assert.deepEqual(await shownOf("\n", " \n"), []);
  });
});
