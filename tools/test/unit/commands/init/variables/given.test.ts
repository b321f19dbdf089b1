import assert from "node:assert/strict";

import { isGiven } from "../../../../../commands/init/variables/given";

describe("A variable that the program gives", () => {
  it("is Redis' where the stack has one", () => {
    for (const name of ["REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "CELERY_BROKER_URL"]) {
      assert.deepEqual([isGiven(name, "sqlite"), isGiven(name, "sqlite", true)], [false, true], name);
    }
    assert.equal(isGiven("CACHE_URL", "sqlite", true), false);
  });
});
