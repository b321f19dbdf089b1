import assert from "node:assert/strict";

import { RunError } from "@pulumi/pulumi";

/** For `assert.throws` and `assert.rejects`: a mistake that Pulumi reports as one sentence, without a stack trace. */
export function isProblem(message: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.message, message);
    assert.ok(RunError.isInstance(error), "Pulumi would print a stack trace");
    return true;
  };
}
