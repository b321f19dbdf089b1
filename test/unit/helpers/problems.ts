import assert from "node:assert/strict";

import { RunError } from "@pulumi/pulumi";

import { Problem } from "../../../components/problem";

/** For `assert.throws` and `assert.rejects`: a mistake that a user can mend, in one sentence. */
export function isProblem(message: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Problem);
    assert.equal(error.message, message);
    return true;
  };
}

/** For `assert.rejects`: a sentence that Pulumi prints without a stack trace. */
export function isPrintedAlone(message: string): (error: unknown) => true {
  return (error) => {
    assert.ok(RunError.isInstance(error), "Pulumi would print a stack trace");
    assert.equal(error.message, message);
    return true;
  };
}
