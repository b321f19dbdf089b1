import assert from "node:assert/strict";

import { isGiven } from "../../../../../commands/init/variables/given";

describe("A variable that the program gives", () => {
  it("is Redis' where the stack has one", () => {
    for (const name of ["REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "CELERY_BROKER_URL"]) {
      const [without, withOne] = [false, true].map((hasRedis) => isGiven(name, { database: "sqlite", hasRedis }));
      assert.deepEqual([without, withOne], [false, true], name);
    }
    assert.equal(isGiven("CACHE_URL", { database: "sqlite", hasRedis: true }), false);
  });
});
