import { redisVariables } from "../../../components/app/secretVariables";
import { type Need, type Rule, set } from "./need";
import type { Run } from "./run";

/** Whether a host is the pod itself. */
export const isLocal = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

/** How clients say that there is no Redis where they look for one, or no other broker of tasks. */
export const redisRules: readonly Rule[] = [
  [
    /redis\.exceptions\.AuthenticationError|NOAUTH Authentication required|Cannot connect to rediss?:\/\/.*Authentication required/,
    (_, { run }) => passwordNeed(run),
  ],
  [/Error (?:-\d+|111) connecting to ([^\s:]+):\d+\./, ([, host = ""], { run }) => redisNeed(host, run)],
  [/Cannot connect to rediss?:\/\/(?:[^@\s/]*@)?([^:/\s]+)/, ([, host = ""], { run }) => redisNeed(host, run)],
  [/Cannot connect to amqps?:\/\/(?:[^@\s/]*@)?([^:/\s]+)/, ([, host = ""], { run }) => amqpNeed(host, run)],
];

const given = Object.values(redisVariables).flat();

function redisNeed(host: string, run: Run): Need {
  const variable = variableWith(host, /^rediss?:/, run);
  return {
    detail: isLocal(host) ? "no Redis runs in the pod" : `no Redis runs under the name ${host}`,
    nextStep: `run ${first(run)}${told(variable, run)}${unless(variable)}`,
    mayPass: !isLocal(host),
  };
}

/** Celery takes Redis in place of RabbitMQ, which a stack does not run. */
function amqpNeed(host: string, run: Run): Need {
  const variable = variableWith(host, /^amqps?:/, run);
  return {
    detail: isLocal(host) ? "no RabbitMQ runs in the pod" : `no RabbitMQ runs under the name ${host}`,
    nextStep: `run ${first(run)}${told(variable, run)}${unless(variable, ",")} to use Redis instead, or name a RabbitMQ that the cluster reaches with ${set(`--secret --path secretEnv.${variable ?? "NAME"} amqp://USER:PASSWORD@HOST`)}`,
    mayPass: !isLocal(host),
  };
}

function passwordNeed(run: Run): Need {
  return {
    detail: "the Redis demands a password, which the settings do not have",
    nextStep: hasRedis(run)
      ? `have the settings read \`REDIS_PASSWORD\`, or run ${told(undefined, run)}${unless(undefined)}`
      : `run ${set("--secret redis redis://:PASSWORD@HOST:6379/0")}`,
  };
}

/** What comes before it where the stack has no Redis. */
const first = (run: Run): string => (hasRedis(run) ? "" : `${set("redis namespace")} and `);

/** The command by which the processes are told of the stack's Redis, in place of what a variable of theirs says. */
function told(variable: string | undefined, { variables }: Run): string {
  if (variable !== undefined && given.includes(variable)) {
    return `\`pulumi config rm --path env.${variable}\``;
  }
  const isUrl = variable === undefined || variables.get(variable)?.includes("://") === true;
  return set(`--path env.${variable ?? "NAME"} '$(${isUrl ? "REDIS_URL" : "REDIS_HOST"})'`);
}

const unless = (variable: string | undefined, end = ""): string =>
  variable === undefined ? `, with the variable that its settings take the URL from for NAME${end}` : "";

/** Whether the stack gives a Redis: by reference, where its own variables stand in the pod's spec. */
function hasRedis({ variables }: Run): boolean {
  return given.some((name) => variables.has(name) && variables.get(name) === undefined);
}

/** The variable of the stack that names a host, by itself or in a URL of a scheme. */
function variableWith(host: string, scheme: RegExp, { variables }: Run): string | undefined {
  const isNamed = (value: string): boolean =>
    value === host || (scheme.test(value) && (value.includes(`//${host}`) || value.includes(`@${host}`)));
  return [...variables].find(([, value = ""]) => isNamed(value))?.[0];
}
