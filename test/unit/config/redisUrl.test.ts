import assert from "node:assert/strict";

import { redisVariables } from "../../../components/app/secretVariables";
import { readRedisUrl } from "../../../components/config/redisUrl";

describe("The URL of a Redis", () => {
  it("has a text for each key of the variables", () => {
    assert.deepEqual(Object.keys(readRedisUrl("redis://redis.test")), Object.keys(redisVariables));
  });

  const parts: [url: string, host: string, port: string, password: string][] = [
    ["redis://redis.test", "redis.test", "6379", ""],
    ["redis://redis.test:6380/2", "redis.test", "6380", ""],
    ["redis://:pa55%2Fword@10.0.0.7:6379/0", "10.0.0.7", "6379", "pa55/word"],
    ["rediss://me:pa55word@[fd00::7]:6379/0?ssl_cert_reqs=required", "fd00::7", "6379", "pa55word"],
  ];
  for (const [url, host, port, password] of parts) {
    it(`is read: ${url}`, () => {
      assert.deepEqual(readRedisUrl(url), {
        "redis-url": url,
        "redis-host": host,
        "redis-port": port,
        "redis-password": password,
      });
    });
  }

  const wrong = [
    "redis.test:6379",
    "redis:redis.test",
    "redis:///0",
    "redis://:6379/0",
    "valkey://redis.test",
    "redis://redis.test:port/0",
    "redis://redis.test/cache",
    "redis://:pa/55word@redis.test",
    "redis://:12/34@redis.test",
    "redis://:pa#55word@redis.test",
    "redis://:pa%ZZ@redis.test",
  ];
  for (const url of wrong) {
    it(`is refused without being quoted: ${url}`, () => {
      assert.throws(
        () => readRedisUrl(url),
        ({ message }: Error) =>
          message.startsWith('Config key "redis" is encrypted, and not') && !message.includes(url),
      );
    });
  }
});
