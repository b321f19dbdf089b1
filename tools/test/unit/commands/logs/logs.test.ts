import assert from "node:assert/strict";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { readTail } from "../../../../commands/logs/logs";

describe("The number of lines that logs begin with", () => {
  it("is a number, or all", () => {
    assert.equal(readTail("0"), 0);
    assert.equal(readTail("100"), 100);
    assert.equal(readTail("all"), undefined);
    assert.equal(readTail("99999999999999999999"), undefined);
  });

  for (const text of ["-1", "1.5", "many", ""]) {
    it(`is not "${text}"`, () => {
      assert.throws(() => readTail(text), isProblem(`--tail is "${text}": allowed is a number of lines, or all`));
    });
  }
});
