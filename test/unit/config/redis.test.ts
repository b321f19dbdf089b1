import assert from "node:assert/strict";

import { readerOf } from "../../../components/config/reader";
import { readRedis, type RedisSettings } from "../../../components/config/redis";
import { configure } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const read = (values: Record<string, unknown>, encrypted: string[] = []): RedisSettings =>
  readRedis(readerOf(configure(values, encrypted)));

describe("The Redis of an app", () => {
  it("is one in the namespace, with a volume of four times its memory at least", () => {
    const kept = { redis: "namespace", redisMemory: "128Mi", redisStorage: "512Mi" } as const;
    assert.deepEqual(read(kept), { ...kept, redisUrl: undefined, redisPolicy: "noeviction" });
    assert.throws(
      () => read({ ...kept, redisStorage: "511Mi" }),
      isProblem(
        'Config key "redisStorage" is "511Mi", and "redisMemory" is "128Mi": the files of kept data take up to four times the memory; run `pulumi config set redisStorage 512Mi`, or set `redisMemory` to less.',
      ),
    );
    assert.equal(read({ ...kept, redis: "none", redisStorage: "1Mi" }).redisStorage, "1Mi");
  });

  it("is one that is there, by a URL that is encrypted", () => {
    const { redis, redisUrl } = read({ redis: "rediss://:pa55word@redis.test/1" }, ["redis"]);
    assert.deepEqual([redis, redisUrl === undefined], ["url", false]);
  });

  for (const written of ["namespace", "none", "redis.test:6379", "postgres://:pa55word@redis.test/0"]) {
    it(`is refused where ${written} is encrypted, before anything is made, and is not quoted`, () => {
      assert.throws(
        () => read({ redis: written }, ["redis"]),
        isProblem(
          'Config key "redis" is encrypted, and not the URL of a Redis: allowed is redis://:PASSWORD@HOST:PORT/NUMBER, or rediss:// for TLS, with special characters percent-encoded; run `pulumi config set --secret redis redis://:PASSWORD@HOST:6379/0`, or `pulumi config set redis namespace` for one in the namespace.',
        ),
      );
    });
  }
});
