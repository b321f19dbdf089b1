import type * as pulumi from "@pulumi/pulumi";

import { Problem } from "../problem";
import { oneOf, problem } from "./checks";
import { billionths, bytes } from "./quantity";
import { type ConfigReader, optional, refusePlainText, required, textOf } from "./reader";
import { readRedisUrl } from "./redisUrl";

/** Where the Redis of an app is: nowhere, in its namespace, or where a URL says. */
export type RedisPlace = "none" | "namespace" | "url";

/** What a full server does with another write: refuse it, or forget something. */
export const evictionPolicies = [
  "noeviction",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
] as const;
export type EvictionPolicy = (typeof evictionPolicies)[number];

/** How many times the memory the files of kept data may take: the log, what was added to it, and the next log. */
const filesPerMemory = 4n;

/** Which Redis the app's processes are given. */
export function readRedis(config: ConfigReader) {
  const settings = {
    ...readPlace(config),
    /** Size of the volume that keeps the data of one in the namespace, a Kubernetes quantity; undefined for none. */
    redisStorage: optional(config, "redisStorage", bytes("1Gi")),
    /** Memory that its data may take, a Kubernetes quantity. */
    redisMemory: required(config, "redisMemory", bytes("64Mi")),
    redisPolicy: required(config, "redisPolicy", oneOf(evictionPolicies)),
  };
  if (settings.redis === "namespace") {
    refuseSmallVolume(settings);
  }
  return settings;
}

export type RedisSettings = ReturnType<typeof readRedis>;

function readPlace(config: ConfigReader): {
  redis: RedisPlace;
  /** URL of an existing one; undefined for any other. */
  redisUrl: pulumi.Output<string> | undefined;
} {
  if (config.has("redis") && config.holdsSecret("redis")) {
    config.checkSecret("redis", readRedisUrl);
    return { redis: "url", redisUrl: config.getSecret("redis") };
  }
  const written = textOf(config, "redis");
  if (written?.includes(":") === true) {
    refusePlainText(config, "redis", "redis redis://:PASSWORD@HOST:6379/0");
  }
  if (written !== "none" && written !== "namespace") {
    throw problem("redis", written, { allowed: "one of none, namespace, or an encrypted URL", example: "namespace" });
  }
  return { redis: written, redisUrl: undefined };
}

/** A volume that fills up ends every write. */
function refuseSmallVolume({
  redisStorage,
  redisMemory,
}: {
  redisStorage: string | undefined;
  redisMemory: string;
}): void {
  const needed = filesPerMemory * (billionths(redisMemory) ?? 0n);
  if (redisStorage !== undefined && (billionths(redisStorage) ?? 0n) < needed) {
    const size = `${String(needed / 10n ** 9n / 2n ** 20n)}Mi`;
    throw new Problem(
      `Config key "redisStorage" is "${redisStorage}", and "redisMemory" is "${redisMemory}": the files of kept data take up to four times the memory`,
      `run \`pulumi config set redisStorage ${size}\`, or set \`redisMemory\` to less`,
    );
  }
}
