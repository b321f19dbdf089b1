import assert from "node:assert/strict";

import { parseCluster } from "../../../bench/minikube";

describe("the bench's cluster", () => {
  it("is the shared one unless another is named", () => {
    assert.equal(parseCluster(undefined), "shared");
    assert.equal(parseCluster("isolated"), "isolated");
  });

  it("refuses one that does not exist", () => {
    assert.throws(() => parseCluster("moon"), {
      message: '--cluster is "moon": allowed are shared, isolated; run `npm run bench -- --cluster isolated`.',
    });
  });
});
