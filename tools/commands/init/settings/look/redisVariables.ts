import { redisPartByLastWord } from "../../variables/otherNames";
import type { Read } from "../interpreter/machine";
import { textOf, type Names } from "../interpreter/values";
import type { Evaluation } from "./evaluation";
import { databaseNumber, type EvaluateAll, type Group, groupsOf } from "./redisSettings";

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

const mayBeRedis = /REDIS|VALKEY|BROKER|CACHE_?(URL|LOCATION|HOST)|CELERY.*(URL|BACKEND|HOST)|CHANNEL|RQ_|HUEY|QUEUE/;

/** Each variable gets a number, which says where it ends up. */
export function variablesOf(
  evaluate: EvaluateAll,
  plain: readonly Evaluation[],
  groups: readonly Group[],
): RedisVariable[] {
  const reads = new Map<string, Read>();
  for (const read of plain.flatMap(({ record }) => record.reads)) {
    if (!reads.has(read.name)) {
      reads.set(read.name, read);
    }
  }
  const inGroups = new Set(groups.flatMap(({ leaves }) => leaves.flatMap(({ from }) => [...from])));
  const names = [...reads.keys()].filter(
    (name) => (inGroups.has(name) || mayBeRedis.test(name)) && !isSwitch(name, reads),
  );
  const marks = new Map(names.map((name, index) => [String(40_001 + index), name]));
  const marked = groupsOf(evaluate(Object.fromEntries([...marks].map(([mark, name]) => [name, mark]))));
  const found = new Map<string, string>();
  const prefixes = new Set<string>();
  for (const { key, value, from } of marked.flatMap(({ leaves }) => leaves)) {
    const text = textOf(value);
    const [, prefix = ""] = /^(\d+)\/\d+$/.exec(text ?? "") ?? [];
    prefixes.add(marks.get(prefix) ?? "");
    for (const [name, part] of partsOf(key, text, from, marks, reads)) {
      found.set(name, found.get(name) ?? part);
    }
  }
  return [...found].map(([name, part]) => {
    const read = reads.get(name);
    const written = read?.default?.kind === "text" ? read.default.text : "";
    return { name, part, where: read?.where ?? "", number: prefixes.has(name) ? "" : databaseNumber(written) };
  });
}

function isSwitch(name: string, reads: ReadonlyMap<string, Read>): boolean {
  return (
    /(^|_)(USE|IS|ENABLE|ENABLED|DISABLE|SSL|TLS|TIMEOUT|PREFIX|BACKEND_CLASS)(_|$)/.test(name) ||
    reads.get(name)?.default?.kind === "boolean"
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
    const part = partOf(key, whole, reads.get(whole));
    return part === undefined ? [] : [[whole, part]];
  }
  const [, password = "", host = "", port = ""] =
    /^\w+:\/\/(?:[^:@/]*:?([^@]*)@)?([^:/]*)(?::(\d+))?/.exec(text ?? "") ?? [];
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
