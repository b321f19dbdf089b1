import assert from "node:assert/strict";

import { Problem } from "../../../../components/problem";
import { errorText } from "../../../terminal/showError";

describe("the text of an error", () => {
  it("is what failed and what helps", () => {
    const problem = new Problem("kubectl is not on PATH", "run `apt-get install kubectl`");
    assert.equal(errorText(problem, {}), "error: kubectl is not on PATH; run `apt-get install kubectl`.");
  });

  it("has another program's output between the two", () => {
    const problem = new Problem("`npm ci` failed", "check the network", ["ENOTFOUND", "see the log"]);
    assert.equal(errorText(problem, {}), "error: `npm ci` failed:\n  | ENOTFOUND\n  | see the log\nCheck the network.");
  });

  it("has no stack when the error is unexpected, and says how to see one", () => {
    assert.equal(
      errorText(new TypeError("x is undefined"), {}),
      "error: x is undefined\nThis error is unexpected; set SHOW_STACK=1 to see where it comes from.",
    );
    assert.match(errorText("thrown as text", {}), /^error: thrown as text\n/);
  });

  it("has the stack of an unexpected error with SHOW_STACK", () => {
    assert.match(
      errorText(new TypeError("x is undefined"), { SHOW_STACK: "1" }),
      /^error: TypeError: x is undefined\n\s+at .*showError\.test\.ts/,
    );
  });
});
