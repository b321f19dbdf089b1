import assert from "node:assert/strict";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { driftLines, driftProblem } from "../../../../commands/drift/driftReport";
import { recordedPlan } from "../../pulumi/changes/fixtures";

describe("what differs in a cluster", () => {
  it("is listed by object and property", () => {
    assert.deepEqual(driftLines(recordedPlan("drift").changes), [
      "Service kubernetes-django-service is gone",
      "Deployment kubernetes-django",
      "  spec.replicas is 1, was 3",
      '  containers[django-web].env[DEBUG] is "1", was "0"',
    ]);
  });

  it("is an error that says how to undo it", () => {
    const { changes } = recordedPlan("drift");
    const end = "from what the last `up` of stack dev left; run `npm run drift -- dev --restore` to undo this.";
    assert.ok(isProblem(`2 objects differ ${end}`)(driftProblem(changes, "dev")));
    assert.ok(isProblem(`1 object differs ${end}`)(driftProblem(changes.slice(1), "dev")));
  });

  it("cannot make the terminal do anything", () => {
    const property = { path: "a", before: undefined, after: "\u001b[2J\u202ex", forcesReplacement: false };
    const change = { action: "change", kind: "ConfigMap", name: "b", properties: [property] } as const;
    assert.deepEqual(driftLines([{ ...change, properties: [property] }]), [
      "ConfigMap b",
      '  a is "\\u001b[2J?x", was absent',
    ]);
  });
});
