import type { Found } from "../../found";
import { textOf, type Value } from "../interpreter/values";
import type { Evaluation } from "./evaluation";
import { brokers, type EvaluateAll, type Group, groupsOf, isRedisUrl, ofRedis } from "./redisSettings";
import { otherHost, type RedisVariable, variablesOf } from "./redisVariables";

export interface RedisFindings {
  /** The setting that needs Redis: caches, channel layers, a queue. */
  redis: Found<string> | undefined;
  redisVariables: RedisVariable[];
  /** Servers that stand in the text of settings. */
  fixedServers: Found<string>[];
  /** Celery's broker where it is no Redis, such as `amqp`. */
  otherBroker: Found<string> | undefined;
  /** Variables that the host of a RabbitMQ is read from. */
  otherHosts: string[];
}

/**
 * Where the settings have their Redis from, and whether they need one.
 *
 * @param written values that files of the project give to variables
 */
export function findRedis(
  evaluate: EvaluateAll,
  plain: readonly Evaluation[],
  written: Readonly<Record<string, string>>,
): RedisFindings {
  const groups = groupsOf(plain);
  const used = groups.filter(needsRedis);
  const broker = groups.find(({ setting }) => brokers.includes(setting));
  const scheme = broker && /^(\w+):/.exec(broker.leaves.map(({ value }) => textOf(value) ?? "").join(""))?.[1];
  const [first] = used;
  const variables = variablesOf(evaluate, plain, groups, written);
  const redisVariables = variables.filter(({ part }) => part !== otherHost);
  return {
    redis: first && { value: first.setting, where: first.where },
    redisVariables,
    fixedServers: fixedServersOf(used, serversIn(groupsOf(evaluate(environmentWith(redisVariables))))),
    otherBroker:
      broker !== undefined && scheme !== undefined && !isRedisUrl(`${scheme}://`) && scheme !== "memory"
        ? { value: scheme, where: broker.where }
        : undefined,
    otherHosts: variables.filter(({ part }) => part === otherHost).map(({ name }) => name),
  };
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

const givenHost = "given.invalid";

/** An environment with all that the settings read a Redis from. */
function environmentWith(variables: readonly RedisVariable[]): Record<string, string> {
  const values: Record<string, string> = { REDIS_URL: `redis://${givenHost}:6379/0`, REDIS_HOST: givenHost };
  return Object.fromEntries(
    variables.flatMap(({ name, part }) => (values[part] === undefined ? [] : [[name, values[part]]])),
  );
}

interface Server {
  value: string;
  setting: string;
  where: string;
}

function serversIn(groups: readonly Group[]): Server[] {
  return groups.flatMap(({ setting, leaves, where }) =>
    leaves
      .filter(({ from }) => from.size === 0)
      .flatMap(({ key, value }) => serverIn(key, value) ?? [])
      .map((value) => ({ value, setting, where })),
  );
}

/** Servers that are named whatever the variables are: a text may also be what settings take without one. */
function fixedServersOf(used: readonly Group[], remaining: readonly Server[]): Found<string>[] {
  return serversIn(used)
    .filter(({ value, setting }) => remaining.some((other) => other.value === value && other.setting === setting))
    .map(({ value, where }) => ({ value, where }));
}

/** The server that a text without variables names; undefined for none. */
function serverIn(key: string, value: Value): string | undefined {
  const text = value.kind === "text" ? value.text : "";
  return isRedisUrl(text) || (/^(host|hostname)$/i.test(key) && text !== "") ? text : undefined;
}
