import { type Context, type Need, type Rule, set } from "./need";
import { isLocal, redisRules } from "./redis";
import type { Run } from "./run";

/** How clients say that there is no server where they look for one. */
export const serverRules: readonly Rule[] = [
  [/could not translate host name "([^"]+)"/, postgresNeed],
  [/connection to server at "(localhost|127\.0\.0\.1|::1)"/, postgresNeed],
  [/connection to server on socket "/, postgresNeed],
  [/failed to resolve host '([^']+)'/, postgresNeed],
  [/(?:nc: (?:bad address|getaddrinfo for host)|getaddrinfo for host) ['"]([^'"]+)['"]/, postgresNeed],
  [/Unknown (?:MySQL )?server host '([^']+)'/, ([, host = ""], { run }) => mysqlNeed(host, run)],
  [/Can't connect to MySQL server on '([^':]+)/, ([, host = ""], { run }) => mysqlNeed(host, run)],
  ...redisRules,
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

function mysqlNeed(host: string, run: Run): Need {
  const name = variableWith(host, run) ?? "DATABASE_URL";
  const isUrl = run.variables.get(name)?.includes("://") ?? true;
  return {
    detail: isLocal(host) ? "no MySQL runs in the pod" : `no MySQL runs under the name ${host}`,
    nextStep: `run ${set(`--path env.${name} ${isUrl ? "mysql://HOST" : "HOST"}`)} with the host of one that the cluster reaches`,
    mayPass: !isLocal(host),
  };
}

/** The variable of the stack that names a host, by itself or in a URL. */
function variableWith(host: string, { variables }: Run): string | undefined {
  const isNamed = (value: string): boolean =>
    value === host || value.includes(`//${host}`) || value.includes(`@${host}`);
  return [...variables].find(([, value = ""]) => isNamed(value))?.[0];
}
