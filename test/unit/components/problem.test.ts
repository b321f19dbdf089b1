import assert from "node:assert/strict";

import { RunError } from "@pulumi/pulumi";

import { Problem } from "../../../components/problem";

describe("A problem", () => {
  it("is one sentence for Pulumi, which prints it without a stack trace", () => {
    const problem = new Problem("replicas is -1.");
    assert.ok(RunError.isInstance(problem));
    assert.equal(problem.message, "replicas is -1.");
    assert.equal(problem.stack, "Error: replicas is -1.");
  });
});
