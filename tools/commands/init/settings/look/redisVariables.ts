import { redisPartByLastWord } from "../../variables/otherNames";
import type { Read } from "../interpreter/machine";
import { plainText, textOf, type Names } from "../interpreter/values";
import type { Evaluation } from "./evaluation";
import { databaseNumber, type EvaluateAll, type Group, groupsOf, isRedisUrl } from "./redisSettings";

/** A variable that settings read Redis from. */
export interface RedisVariable {
  name: string;
  /** What it says, by the variable that is given for it: `REDIS_HOST`. */
  part: string;
  /** Such as `shop/settings.py:12`. */
  where: string;
  /** Number of the database in what the variable is without an environment, "" where settings add one. @default 0 */
  number: string | undefined;
}

/** What a variable says that is all of a URL but the scheme: `redis:6379/0`. */
export const afterScheme = "REDIS_AFTER_SCHEME";

/** Such a value, and the number of the database in it. */
export const addressOf = /^[\w.-]+:\d+(?:\/(\d*))?$/;

/** A URL that has no password yet: `redis://40001/0`. */
const isUrlAlone = /^\w+:\/\/[^@]*$/;

/** What a variable says that is the host of a RabbitMQ. */
export const otherHost = "OTHER_HOST";

/** Keys of settings that name no server. */
const notOfServer =
  /^(BACKEND|NAME|(KEY_)?PREFIX|VERSION|TIMEOUT|DEFAULT_TIMEOUT|NAMESPACE|(\w+_)?CLASS|SERIALIZER|COMPRESSOR)$/i;

const mayBeRedis = /REDIS|VALKEY|BROKER|CACHE_?(URL|LOCATION|HOST)|CELERY.*(URL|BACKEND|HOST)|CHANNEL|RQ_|HUEY|QUEUE/;

/**
 * Each variable gets a number, which says where it ends up.
 *
 * @param written values that files of the project give to variables
 */
export function variablesOf(
  evaluate: EvaluateAll,
  plain: readonly Evaluation[],
  groups: readonly Group[],
  written: Readonly<Record<string, string>>,
): RedisVariable[] {
  const reads = new Map<string, Read>();
  for (const read of plain.flatMap(({ record }) => record.reads)) {
    if (!reads.has(read.name)) {
      reads.set(read.name, read);
    }
  }
  const inGroups = new Set(groups.flatMap(({ leaves }) => leaves.flatMap(({ from }) => [...from])));
  const names = [...reads.keys()].filter(
    (name) => (inGroups.has(name) || mayBeRedis.test(name)) && !isOption(name, reads) && !isFileOf(name, reads),
  );
  const marks = new Map(names.map((name, index) => [String(40_001 + index), name]));
  const marked = groupsOf(evaluate(Object.fromEntries([...marks].map(([mark, name]) => [name, mark]))));
  const found = new Map<string, string>();
  const prefixes = new Set<string>();
  const leaves = marked.flatMap((group) => group.leaves).filter(({ key }) => !notOfServer.test(key));
  for (const { key, value, from } of leaves) {
    const text = textOf(value);
    const [, prefix = ""] = /^(\d+)\/\d+$/.exec(text ?? "") ?? [];
    prefixes.add(marks.get(prefix) ?? "");
    for (const [name, part] of partsOf(key, text, from, marks, reads)) {
      const usual = written[name] ?? plainText(reads.get(name)?.default) ?? "";
      const isWithPort = part === "REDIS_HOST" && isUrlAlone.test(text ?? "") && addressOf.test(usual);
      found.set(name, found.get(name) ?? (isWithPort ? afterScheme : part));
    }
  }
  return [...found].map(([name, part]) => {
    const read = reads.get(name);
    const written = read?.default?.kind === "text" ? read.default.text : "";
    return { name, part, where: read?.where ?? "", number: prefixes.has(name) ? "" : databaseNumber(written) };
  });
}

/** Whether a variable names a file that has the value of another one: settings may refuse to be given both. */
const isFileOf = (name: string, reads: ReadonlyMap<string, Read>): boolean =>
  name.endsWith("_FILE") && reads.has(name.replace(/_FILE$/, ""));

/** Whether a variable says how a Redis is used, and not where it is. */
function isOption(name: string, reads: ReadonlyMap<string, Read>): boolean {
  return (
    /(^|_)(USE|IS|ENABLE|ENABLED|DISABLE|SSL|TLS|TIMEOUT|PREFIX|CLASS|MAX|CONNECTIONS|TTL|SIZE|LIMIT|RETRIES|SENTINELS?)(_|$)/.test(
      name,
    ) || reads.get(name)?.default?.kind === "boolean"
  );
}

type Parts = [name: string, part: string][];

function partsOf(
  key: string,
  text: string | undefined,
  from: Names,
  marks: ReadonlyMap<string, string>,
  reads: ReadonlyMap<string, Read>,
): Parts {
  // A number of a database may follow a URL: `REDIS_URL + "/1"`.
  const whole =
    text === undefined ? [...from].find((name) => from.size === 1 && name) : marks.get(text.replace(/\/\d+$/, ""));
  if (whole !== undefined) {
    const part = isOption(whole, reads) ? undefined : partOf(key, whole, reads.get(whole));
    return part === undefined ? [] : [[whole, part]];
  }
  const [, scheme = "", password = "", host = "", port = ""] =
    /^(\w+):\/\/(?:[^:@/]*:?([^@]*)@)?([^:/]*)(?::(\d+))?/.exec(text ?? "") ?? [];
  if (!isRedisUrl(`${scheme}://`) && !marks.has(scheme)) {
    const name = /^(py)?amqps?$/.test(scheme) ? marks.get(host) : undefined;
    return name === undefined ? [] : [[name, otherHost]];
  }
  const parts: [string, string][] = [
    [password, "REDIS_PASSWORD"],
    [host, "REDIS_HOST"],
    [port, "REDIS_PORT"],
  ];
  return parts.flatMap(([mark, part]): Parts => {
    const name = marks.get(mark);
    return name === undefined ? [] : [[name, part]];
  });
}

/** What a variable is that is a whole value, by its key, its default and its name. */
function partOf(key: string, name: string, read: Read | undefined): string | undefined {
  const fallback = read?.default;
  if (fallback?.kind === "text" && fallback.text.includes("://")) {
    return "REDIS_URL";
  }
  return (
    redisPartByLastWord(key) ?? redisPartByLastWord(name) ?? (fallback?.kind === "number" ? undefined : "REDIS_URL")
  );
}
