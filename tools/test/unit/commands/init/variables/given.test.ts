import assert from "node:assert/strict";

import { givenUnderAnotherName, isGiven, variable } from "../../../../../commands/init/variables/given";

describe("A variable that the program gives", () => {
  it("is Redis' where the stack has one", () => {
    for (const name of ["REDIS_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "CELERY_BROKER_URL"]) {
      const [without, withOne] = [false, true].map((hasRedis) => isGiven(name, { database: "sqlite", hasRedis }));
      assert.deepEqual([without, withOne], [false, true], name);
    }
    assert.equal(isGiven("CACHE_URL", { database: "sqlite", hasRedis: true }), false);
  });
});

describe("A secret key under another name", () => {
  it("is Django's, unless other names say that a service has it", () => {
    const read = ["STORE_ACCESS_KEY", "FORMS_SITE_KEY", "SHOP_NAME", "BLOG_API_KEY"];
    const names = ["STORE_SECRET_KEY", "FORMS_SECRET_KEY", "SHOP_SECRET_KEY", "BLOG_SECRET_KEY"];
    assert.deepEqual(
      names.map((name) => givenUnderAnotherName(name, (other) => read.includes(other), ["BLOG_SECRET_KEY"])),
      [undefined, undefined, "$(SECRET_KEY)", "$(SECRET_KEY)"],
    );
  });
});

describe("A value that somebody wrote", () => {
  const values: [written: string, inConfig: string][] = [
    ["$HOME and a$", "$HOME and a$"],
    ["a$(NAME)b", "a$$(NAME)b"],
    ["pa$$word", "pa$$$$word"],
    ["$$(NAME)", "$$$$(NAME)"],
    ["end$$$", "end$$$$$$"],
  ];
  for (const [written, inConfig] of values) {
    it(`reaches a process through Kubernetes as ${written}`, () => {
      assert.deepEqual(variable("A", written, ".env"), { key: "env", name: "A", value: inConfig, where: ".env" });
    });
  }
});
