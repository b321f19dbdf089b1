import assert from "node:assert/strict";

import { parseCluster } from "../../../bench/minikube";

describe("the bench's cluster", () => {
  it("is the local one unless another is named", () => {
    assert.equal(parseCluster(undefined), "local");
    assert.equal(parseCluster("isolated"), "isolated");
  });

  it("refuses one that does not exist", () => {
    assert.throws(() => parseCluster("moon"), {
      message: '--cluster is "moon": allowed are local, isolated; run `npm run bench -- --cluster isolated`.',
    });
  });
});
