import { Problem } from "../problem";

/**
 * Reads the URL of a Redis or Valkey.
 *
 * @returns a text for each key of `redisVariables`; "" for a password that it does not have
 * @throws a `Problem` for anything else, which does not quote it: where it is wrong, the password may be anywhere in it
 */
export function readRedisUrl(written: string): Record<string, string> {
  const refusal = new Problem(
    'Config key "redis" is encrypted, and not the URL of a Redis: allowed is redis://:PASSWORD@HOST:PORT/NUMBER, or rediss:// for TLS, with special characters percent-encoded',
    "run `pulumi config set --secret redis redis://:PASSWORD@HOST:6379/0`, or `pulumi config set redis namespace` for one in the namespace",
  );
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const isRedis = url !== undefined && /^rediss?:$/.test(url.protocol) && url.href.startsWith(`${url.protocol}//`);
  if (!isRedis || url.hostname === "" || !/^\/?[0-9]*$/.test(url.pathname)) {
    throw refusal;
  }
  try {
    return {
      // As it is written: a client may read more into it than these parts.
      "redis-url": written,
      "redis-host": decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1"),
      "redis-port": url.port || "6379",
      "redis-password": decodeURIComponent(url.password),
    };
  } catch {
    throw refusal;
  }
}
