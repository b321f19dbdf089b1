import { type Context, type Need, type Rule, set } from "./need";
import type { Run } from "./run";

/** How clients say that there is no server where they look for one. */
export const serverRules: readonly Rule[] = [
  [/could not translate host name "([^"]+)"/, postgresNeed],
  [/connection to server at "(localhost|127\.0\.0\.1|::1)"/, postgresNeed],
  [/connection to server on socket "/, postgresNeed],
  [/failed to resolve host '([^']+)'/, postgresNeed],
  [/(?:nc: (?:bad address|getaddrinfo for host)|getaddrinfo for host) ['"]([^'"]+)['"]/, postgresNeed],
  [/Unknown (?:MySQL )?server host '([^']+)'/, ([, host = ""], { run }) => unknown("MySQL", "mysql", host, run)],
  [/Can't connect to MySQL server on '([^':]+)/, ([, host = ""], { run }) => unknown("MySQL", "mysql", host, run)],
  [
    /Error (?:-\d+|111) connecting to ([^\s:]+):\d+\./,
    ([, host = ""], { run }) => unknown("Redis", "redis", host, run),
  ],
  [
    /Cannot connect to (redis|amqp)s?:\/\/(?:[^@\s/]*@)?([^:/\s]+)/,
    ([, scheme = "", host = ""], { run }) => unknown(scheme === "redis" ? "Redis" : "AMQP", scheme, host, run),
  ],
];

/** @param match without a host where a socket of the pod is asked, as with an empty HOST */
function postgresNeed([, host = "localhost"]: RegExpExecArray, { run }: Context): Need | undefined {
  const variable = variableWith(host, run);
  const known = variable ?? "NAME";
  const which = variable === undefined ? ", with the variable that its settings take the host from for NAME" : "";
  const reference = set(`--path env.${known} '$(PGHOST)'`);
  return {
    detail: isLocal(host) ? "no Postgres runs in the pod" : `there is no host of the name ${host}`,
    nextStep: run.variables.has("PGHOST")
      ? `run ${reference}${which}`
      : `run ${set("database postgres")} and ${reference}${which}`,
    mayPass: !isLocal(host),
  };
}

/** Names of the variables that a client's server usually has. */
const usual: Record<string, string> = { redis: "REDIS_URL", amqp: "CELERY_BROKER_URL", mysql: "DATABASE_URL" };

function unknown(title: string, scheme: string, host: string, run: Run): Need {
  const name = variableWith(host, run) ?? usual[scheme] ?? "NAME";
  const isUrl = run.variables.get(name)?.includes("://") ?? true;
  return {
    detail: isLocal(host) ? `no ${title} runs in the pod` : `no ${title} runs under the name ${host}`,
    nextStep: `run ${set(`--path env.${name} ${isUrl ? `${scheme}://HOST` : "HOST"}`)} with the host of one that the cluster reaches`,
    mayPass: !isLocal(host),
  };
}

const isLocal = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

/** The variable of the stack that names a host, by itself or in a URL. */
function variableWith(host: string, { variables }: Run): string | undefined {
  const isNamed = (value: string): boolean =>
    value === host || value.includes(`//${host}`) || value.includes(`@${host}`);
  return [...variables].find(([, value = ""]) => isNamed(value))?.[0];
}
