import type { Found } from "../../found";
import { redisPartByLastWord } from "../../variables/otherNames";
import type { Read } from "../interpreter/machine";
import { textOf, union, type Names, type Value } from "../interpreter/values";
import type { Evaluation } from "./evaluation";

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

export interface RedisFindings {
  /** The setting that needs Redis: caches, channel layers, a queue. */
  redis: Found<string> | undefined;
  redisVariables: RedisVariable[];
  /** Servers that stand in the text of settings. */
  fixedServers: Found<string>[];
  /** Celery's broker where it is no Redis, such as `amqp`. */
  otherBroker: Found<string> | undefined;
}

/** Settings that name a Redis, or may. */
const ofRedis = ["RQ_QUEUES", "CACHEOPS_REDIS", "SESSION_REDIS", "CONSTANCE_REDIS_CONNECTION"];
const brokers = ["CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER", "broker_url"];
const settings = [
  ...ofRedis,
  ...brokers,
  "CACHES",
  "CHANNEL_LAYERS",
  "CELERY_RESULT_BACKEND",
  "RESULT_BACKEND",
  "CELERY_RESULT_BACKEND_URL",
  "result_backend",
  "HUEY",
  "DRAMATIQ_BROKER",
  "DRAMATIQ_RESULT_BACKEND",
  "Q_CLUSTER",
  "REDIS_URL",
  "REDIS_HOST",
];

/** A text or a number somewhere in a setting. */
interface Leaf {
  /** Path to it, and its last key. */
  path: string;
  key: string;
  value: Value;
  from: Names;
}

interface Group {
  setting: string;
  where: string;
  leaves: Leaf[];
}

/** Evaluates all that may name a Redis: the settings, and Celery's application. */
type EvaluateAll = (environment: Readonly<Record<string, string>>) => readonly Evaluation[];

/** Where the settings have their Redis from, and whether they need one. */
export function findRedis(evaluate: EvaluateAll, plain: readonly Evaluation[]): RedisFindings {
  const groups = groupsOf(plain);
  const used = groups.filter(needsRedis);
  const broker = groups.find(({ setting }) => brokers.includes(setting));
  const scheme = broker && /^(\w+):/.exec(broker.leaves.map(({ value }) => textOf(value) ?? "").join(""))?.[1];
  const [first] = used;
  return {
    redis: first && { value: first.setting, where: first.where },
    redisVariables: variablesOf(evaluate, plain, groups),
    fixedServers: used.flatMap(({ leaves, where }) =>
      leaves
        .filter(({ from }) => from.size === 0)
        .flatMap(({ key, value }) => serverIn(key, value) ?? [])
        .map((value) => ({ value, where })),
    ),
    otherBroker:
      broker !== undefined && scheme !== undefined && !isRedisUrl(`${scheme}://`) && scheme !== "memory"
        ? { value: scheme, where: broker.where }
        : undefined,
  };
}

export const isRedisUrl = (text: string): boolean => /^(rediss?|valkeys?):\/\//.test(text);

function groupsOf(evaluations: readonly Evaluation[]): Group[] {
  return evaluations.flatMap((evaluation) =>
    settings.flatMap((setting) => {
      const value = evaluation.setting(setting);
      const leaves = value === undefined ? [] : leavesOf(value, setting, setting, new Set());
      return leaves.length === 0 ? [] : [{ setting, where: evaluation.placeOf(setting), leaves }];
    }),
  );
}

function leavesOf(value: Value, path: string, key: string, above: Names): Leaf[] {
  const from = union(value.from, above);
  switch (value.kind) {
    case "dict":
      return [...value.entries].flatMap(([name, each]) => leavesOf(each, `${path}.${name}`, name, from));
    case "list":
      return value.items.flatMap((item, index) => {
        // `("127.0.0.1", 6379)` in the hosts of channels.
        const inner =
          /^hosts?$/i.test(key) && item.kind !== "list" && path.endsWith("]") ? ["host", "port"][index] : key;
        return leavesOf(item, `${path}[${index}]`, inner ?? key, from);
      });
    case "none":
    case "boolean":
      return [];
    default:
      return [{ path, key, value, from }];
  }
}

function needsRedis({ setting, leaves }: Group): boolean {
  return (
    ofRedis.includes(setting) ||
    leaves.some(({ value, path }) => {
      const text = value.kind === "text" ? value.text : "";
      return (
        isRedisUrl(text) ||
        /^(django_redis|channels_redis|django_valkey|redis_cache|channels_valkey)\b|\bRedis\w*$/.test(text) ||
        (setting === "Q_CLUSTER" && path.startsWith("Q_CLUSTER.redis")) ||
        (setting === "HUEY" && path.startsWith("HUEY.connection") && !/sqlite|filename/i.test(path))
      );
    })
  );
}

/** The server that a text without variables names; undefined for none. */
function serverIn(key: string, value: Value): string | undefined {
  const text = value.kind === "text" ? value.text : "";
  return isRedisUrl(text) || (/^(host|hostname)$/i.test(key) && text !== "") ? text : undefined;
}

const mayBeRedis = /REDIS|VALKEY|BROKER|CACHE_?(URL|LOCATION|HOST)|CELERY.*(URL|BACKEND|HOST)|CHANNEL|RQ_|HUEY|QUEUE/;

/** Each variable gets a number, which says where it ends up. */
function variablesOf(evaluate: EvaluateAll, plain: readonly Evaluation[], groups: readonly Group[]): RedisVariable[] {
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

/** The number of the database in a URL. */
export const databaseNumber = (url: string): string | undefined =>
  isRedisUrl(url) ? /^[^/]*\/\/[^/]*\/(\d+)/.exec(url)?.[1] : undefined;

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
