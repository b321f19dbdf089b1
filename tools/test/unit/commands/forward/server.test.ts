import assert from "node:assert/strict";

import { clientCommand, serverOf, urlOf } from "../../../../commands/forward/server";
import type { Template } from "../../../../rollout/kubernetes";

const templateOf = (secretName: string, env: Record<string, string>): Template => ({
  spec: {
    containers: [{ name: "server", env: Object.entries(env).map(([name, value]) => ({ name, value })) }],
    volumes: [{ name: "data" }, { name: "secret", secret: { secretName } }],
  },
});

describe("A server behind a forwarded port", () => {
  const postgres = serverOf("database", templateOf("a", { POSTGRES_USER: "django", POSTGRES_DB: "shop" }));
  const redis = serverOf("redis", templateOf("b", {}));
  const address = "127.0.0.1:15432";

  it("is opened by its own client, with no password on the command line", () => {
    assert.equal(clientCommand(postgres, address), "psql postgres://django@127.0.0.1:15432/shop");
    assert.equal(clientCommand(redis, address), "redis-cli --askpass -u redis://127.0.0.1:15432/0");
  });

  it("has a URL with the password that its Secret has", () => {
    assert.deepEqual([postgres.secret, redis.secret], ["a", "b"]);
    assert.equal(urlOf(postgres, address, "secret"), "postgres://django:secret@127.0.0.1:15432/shop");
    assert.equal(urlOf(redis, address, "secret"), "redis://:secret@127.0.0.1:15432/0");
  });
});
