import assert from "node:assert/strict";

import { RunError } from "@pulumi/pulumi";

import { Problem } from "../../components/problem";
import { forPulumi } from "../../components/runError";

describe("What the program throws", () => {
  it("is one sentence where a user made a mistake: Pulumi prints it without a stack trace", () => {
    const thrown = forPulumi(new Problem("replicas is -1."));
    assert.ok(RunError.isInstance(thrown));
    assert.equal(thrown.message, "replicas is -1.");
    assert.equal(thrown.stack, "Error: replicas is -1.");
  });

  it("is a mistake of the program as it is, with its stack trace", () => {
    const error = new TypeError("undefined is no function");
    assert.equal(forPulumi(error), error);
  });
});
