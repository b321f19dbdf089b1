import assert from "node:assert/strict";

import { runAs } from "../../../components/app/runAs";

describe("As whom processes run", () => {
  const nobody = { runAsUser: undefined, runAsGroup: undefined };
  const numbers = { user: "1234", group: "56" };

  it("is what the stack sets, with a group of the same number", () => {
    assert.deepEqual(runAs(1000, "baseline", numbers), { runAsUser: 1000, runAsGroup: 1000 });
    assert.deepEqual(runAs(1000, "restricted", numbers), { runAsUser: 1000, runAsGroup: 1000 });
  });

  it("is what the Dockerfile names in numbers, where root is refused", () => {
    assert.deepEqual(runAs(undefined, "restricted", numbers), { runAsUser: 1234, runAsGroup: 56 });
    const user = { user: "1234", group: undefined };
    assert.deepEqual(runAs(undefined, "restricted", user), { runAsUser: 1234, runAsGroup: undefined });
    assert.deepEqual(runAs(undefined, "baseline", numbers), nobody);
  });

  it("is left to the image for a name, for root and for none", () => {
    for (const user of ["django", "0", "root", undefined]) {
      assert.deepEqual(runAs(undefined, "restricted", { user, group: "56" }), nobody);
    }
  });
});
