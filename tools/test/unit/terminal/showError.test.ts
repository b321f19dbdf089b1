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
    assert.match(errorText(undefined, {}), /^error: undefined\n/);
  });

  it("names the file that a full disk or a user's rights keep from being written", () => {
    const fail = (code: string, text: string): Error =>
      Object.assign(new Error(`${code}: ${text}, open '/home/ann/.cache/x'`), {
        code,
        syscall: "open",
        path: "/home/ann/.cache/x",
      });
    assert.equal(
      errorText(fail("ENOSPC", "no space left on device"), {}),
      "error: /home/ann/.cache/x cannot be used (ENOSPC: no space left on device); free space on its disk.",
    );
    assert.equal(
      errorText(fail("EACCES", "permission denied"), {}),
      "error: /home/ann/.cache/x cannot be used (EACCES: permission denied); let your user have it, as with `chown`.",
    );
  });

  it("names the program that may not be run", () => {
    const failed = "Command failed with EACCES: /opt/pulumi up\nspawn /opt/pulumi EACCES";
    const error = Object.assign(new Error(failed), {
      code: "EACCES",
      syscall: "spawn /opt/pulumi",
      path: "/opt/pulumi",
    });
    assert.equal(
      errorText(error, {}),
      "error: /opt/pulumi cannot be used (spawn /opt/pulumi EACCES); let your user run it, from a disk that is not mounted with noexec.",
    );
  });

  it("has the stack of an unexpected error with SHOW_STACK", () => {
    assert.match(
      errorText(new TypeError("x is undefined"), { SHOW_STACK: "1" }),
      /^error: TypeError: x is undefined\n\s+at .*showError\.test\.ts/,
    );
  });
});
