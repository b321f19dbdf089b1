import assert from "node:assert/strict";

import { firstThatWorks } from "../../../../sandbox/install/ways";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("the ways to a tool", () => {
  it("are tried until one works", async () => {
    const tried: string[] = [];
    const attempt = (name: string, works: boolean) => ({
      name,
      run: () => {
        tried.push(name);
        return works ? Promise.resolve(name) : Promise.reject(new Error("broken"));
      },
    });
    assert.equal(
      await firstThatWorks("X", [attempt("a", false), attempt("b", true), attempt("c", true)], "do it"),
      "b",
    );
    assert.deepEqual(tried, ["a", "b"]);
  });

  it("share a reason that they have in common", async () => {
    const attempts = ["by hook", "by crook"].map((name) => ({
      name,
      run: () => Promise.reject(new Error("example.org cannot be reached.")),
    }));
    await assert.rejects(
      firstThatWorks("It", attempts, "do without"),
      isProblem("It could not be installed (by hook and by crook: example.org cannot be reached); do without."),
    );
  });
});
