import assert from "node:assert/strict";

import { median, medianRatio, summarize } from "../../../bench/statistics";

describe("the bench's statistics", () => {
  it("take the middle of an odd number of values, in whatever order they come", () => {
    assert.equal(median([9, 1, 5]), 5);
  });

  it("take the mean of the two in the middle of an even number", () => {
    assert.equal(median([4, 1, 2, 100]), 3);
  });

  it("refuse to summarize no values", () => {
    assert.throws(() => median([]), /^Error: A median needs at least one value$/);
  });

  it("sum a scenario up by its minimum and its median", () => {
    assert.deepEqual(summarize([3, 1, 2]), { minimum: 1, median: 2 });
  });

  it("compare round by round, so that one slow round of both sides does not show", () => {
    assert.equal(medianRatio([2, 20, 3], [1, 10, 2]), 2);
  });
});
