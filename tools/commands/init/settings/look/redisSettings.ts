import { union, type Names, type Value } from "../interpreter/values";
import type { Evaluation } from "./evaluation";

/** Settings that name a Redis, or may. */
export const ofRedis = ["RQ_QUEUES", "CACHEOPS_REDIS", "SESSION_REDIS", "CONSTANCE_REDIS_CONNECTION"];
export const brokers = ["CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER", "broker_url"];
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
export interface Leaf {
  /** Path to it, and its last key. */
  path: string;
  key: string;
  value: Value;
  from: Names;
}

/** A setting, and what is in it. */
export interface Group {
  setting: string;
  where: string;
  leaves: Leaf[];
}

/** Evaluates all that may name a Redis: the settings, and Celery's application. */
export type EvaluateAll = (environment: Readonly<Record<string, string>>) => readonly Evaluation[];

export const isRedisUrl = (text: string): boolean => /^(rediss?|valkeys?):\/\//.test(text);

/** The number of the database in a URL. */
export const databaseNumber = (url: string): string | undefined =>
  isRedisUrl(url) ? /^[^/]*\/\/[^/]*\/(\d+)/.exec(url)?.[1] : undefined;

export function groupsOf(evaluations: readonly Evaluation[]): Group[] {
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
