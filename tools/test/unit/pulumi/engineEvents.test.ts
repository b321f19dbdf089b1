import assert from "node:assert/strict";

import { type EngineEvent, stackOutputsIn } from "../../../pulumi/engineEvents";

describe("The outputs in what the engine told", () => {
  const told = (type: string, outputs: Record<string, unknown>): EngineEvent => ({
    resOutputsEvent: { metadata: { op: "same", urn: `urn:pulumi:dev::shop::${type}::shop`, type, new: { outputs } } },
  });
  const stack = "pulumi:pulumi:Stack";

  it("are the stack's, as it told them last", () => {
    const events = [told(stack, {}), told("kubernetes:core/v1:Service", { url: "of another" }), { summaryEvent: {} }];
    assert.deepEqual(stackOutputsIn([...events, told(stack, { url: "http://localhost:30080/" }), ...events.slice(1)]), {
      url: "http://localhost:30080/",
    });
  });

  it("are unknown when it told none", () => {
    assert.equal(stackOutputsIn([told("kubernetes:core/v1:Service", {}), { summaryEvent: {} }]), undefined);
  });
});
