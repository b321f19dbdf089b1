import assert from "node:assert/strict";

import { parseDotenv, valuesOf } from "../../../../../commands/init/variables/dotenv";

describe("a .env file", () => {
  // Each value is what python-dotenv 1.2 returns.
  const cases: [title: string, text: string, expected: Record<string, string>][] = [
    ["keeps a # inside an unquoted value", "A=https://x/#top\nB=abc#def", { A: "https://x/#top", B: "abc#def" }],
    ["ends an unquoted value at a blank and #", "A=abc # why\nB= # nothing", { A: "abc", B: "" }],
    ["takes a # right after = for a value", "A=#red", { A: "#red" }],
    ["reads export lines", "export A=1\nexported=2", { A: "1", exported: "2" }],
    ["reads quotes with escapes", "A=\"a\\tb\\\"c\"\nB='it\\'s \\n'", { A: 'a\tb"c', B: "it's \\n" }],
    ["reads values of several lines", 'A="one\ntwo" # both\nB=3', { A: "one\ntwo", B: "3" }],
    ["strips blanks around names and values", " A = b c  \n", { A: "b c" }],
    ["replaces variables of the file", "A=1\nB=${A}-${C:-2}-${D}", { A: "1", B: "1-2-" }],
    ["leaves out a name without =", "A\nB=1", { B: "1" }],
    ["takes the last line of a name", "A=1\nA=2", { A: "2" }],
    ["reads values of several lines that end as on Windows", 'A="one\r\ntwo"\r\n', { A: "one\ntwo" }],
    ["reads lines that end as on Windows", "\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ];
  for (const [title, text, expected] of cases) {
    it(title, () => {
      assert.deepEqual(Object.fromEntries(valuesOf(parseDotenv(text))), expected);
    });
  }

  it("names lines that are not understood, and reads those after them", () => {
    const { entries, unreadable } = parseDotenv("# head\nA B\nC='open\nD=4\n");
    assert.deepEqual(unreadable, [2, 3]);
    assert.deepEqual(entries, [{ name: "D", value: "4", line: 4 }]);
  });
});
