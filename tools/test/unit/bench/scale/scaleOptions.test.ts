import assert from "node:assert/strict";

import { parseTask } from "../../../../bench/scale/options";

describe("the bench of scale's options", () => {
  it("are four sizes, 20 minutes and other ways at 100 apps unless others are named", () => {
    assert.deepEqual(parseTask({}), { sizes: [1, 10, 100, 1000], variantSizes: [100], limitMinutes: 20 });
  });

  it("sort the sizes, and leave out ways at sizes that are not measured", () => {
    assert.deepEqual(parseTask({ sizes: "10,1,10", limit: "3", variants: "10,100" }), {
      sizes: [1, 10],
      variantSizes: [10],
      limitMinutes: 3,
    });
    assert.deepEqual(parseTask({ variants: "none" }).variantSizes, []);
  });

  for (const text of ["", "0", "1,,2", "1001", "1e3", "many"]) {
    it(`refuse --sizes "${text}"`, () => {
      assert.throws(() => parseTask({ sizes: text }), {
        message: `--sizes names "${text === "1,,2" ? "" : text}": allowed are whole numbers from 1 to 1000, separated by commas; run \`npm run bench:scale -- --sizes 1,10\`.`,
      });
    });
  }

  it("refuse a limit that is no number of minutes", () => {
    assert.throws(() => parseTask({ limit: "1h" }), {
      message:
        '--limit is "1h": allowed is a whole number of minutes from 1 to 999; run `npm run bench:scale -- --limit 20`.',
    });
  });
});
