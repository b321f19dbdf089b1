import type { ServiceFinding } from "../findings";
import { type Decision, emptyDecision, type Findings, missingVariable, ofWebProcess } from "./decision";
import { isMysql, isPostgres, isRedis, mysqlImage } from "./images";
import { isRedisUrl } from "../settings/look/redisSettings";
import { takesRedisInstead } from "./redis";
import { secretBy } from "../variables/secrets";

const rabbit = "RabbitMQ";

/** Servers that a stack does not run, by what their images and packages are called. */
const servers: [name: string, image: RegExp, packages: string[]][] = [
  [rabbit, /rabbitmq/, ["pika"]],
  ["Memcached", /memcached/, ["pymemcache", "pylibmc", "python-memcached"]],
  ["Elasticsearch", /elasticsearch|opensearch/, ["elasticsearch", "django-elasticsearch-dsl", "opensearch-py"]],
  ["Solr", /(^|\/)solr/, ["pysolr"]],
  ["Meilisearch", /meilisearch/, ["meilisearch"]],
  ["Typesense", /typesense/, ["typesense"]],
  ["MongoDB", /(^|\/)mongo/, ["pymongo", "mongoengine", "djongo", "django-mongodb-backend"]],
  ["MySQL", mysqlImage, []],
  ["SQL Server", /mssql/, []],
  ["MinIO", /minio(?!\/mc)/, []],
  ["Kafka", /kafka|redpanda/, ["kafka-python", "confluent-kafka"]],
  ["a mail server", /mailpit|mailhog|maildev|mailcatcher|smtp4dev|postfix/, []],
];

/** What a Service, an Ingress or the cluster does in their place. */
const replaced =
  /(^|\/|_)(nginx|traefik|caddy|haproxy|httpd|swag|certbot|jwilder|nginx-proxy|acme-companion|letsencrypt)/;
/** What a developer looks into servers with. */
const tools =
  /adminer|pgadmin|phpmyadmin|redis-commander|redisinsight|mongo-express|portainer|watchtower|dozzle|kibana/;
const schedulers = /ofelia/;

/** Tells what of compose a stack does not run, and which variables name it. */
export function decideServers(findings: Findings, database: "sqlite" | "postgres"): Decision {
  const decision = emptyDecision();
  const { processes, dependencies, settings } = findings;
  const secrets = secretsOf(findings);
  const leftOut: string[] = [];
  const seen = new Set<string>();
  for (const service of processes.services) {
    const { name, value, where } = service;
    const known = servers.find(([, image]) => image.test(value) || image.test(name));
    if (isRedis(service) || isPostgres(service) || schedulers.test(value) || runsFlower(service, findings)) {
      continue;
    }
    if (known === undefined) {
      leftOut.push(
        `${name} (${replaced.test(value) || replaced.test(name) ? "a Service or an Ingress takes its place" : tools.test(value) ? "for developers" : where})`,
      );
      continue;
    }
    if (isMysql(service) && database === "postgres") {
      leftOut.push(`${name} (the stack's Postgres takes its place)`);
      continue;
    }
    seen.add(known[0]);
    const written = variablesNaming(service, findings);
    const names = written.length === 0 && known[0] === rabbit ? settings.otherHosts : written;
    const given = names.filter((each) => takesRedisInstead(each, findings));
    decision.notes.push(noteOn(known[0], `${name}, ${where}`, names, secrets, given));
  }
  for (const [name, , packages] of servers) {
    const used = packages.find(
      // What another package brings is there for a backend that nothing of the project chooses.
      (each) => dependencies.packages.has(each) && dependencies.direct?.has(each) !== false,
    );
    if (used !== undefined && !seen.has(name)) {
      decision.notes.push(noteOn(name, `package ${used}`, []));
    }
  }
  const brokers = brokerVariables(findings);
  const isOnRedis = (name: string): boolean =>
    writtenIn(findings).some((each) => each.name === name && isRedisUrl(each.value));
  // What the settings have of their own accord is nobody's broker where a file names a Redis.
  const broker = brokers.length > 0 && brokers.every(isOnRedis) ? undefined : settings.otherBroker;
  if (broker !== undefined && !seen.has(rabbit) && /amqp/.test(broker.value)) {
    decision.notes.push(noteOn(rabbit, broker.where, settings.otherHosts, secrets));
  }
  if (broker !== undefined) {
    decision.missing.push(...brokers.map((name) => missingVariable(name, broker.where, true)));
  }
  if (leftOut.length > 0) {
    decision.notes.push(`Not run: ${[...new Set(leftOut)].join(", ")}`);
  }
  return decision;
}

/**
 * @param secrets those of all variables that are encrypted
 * @param given those of the variables that name the stack's Redis instead
 */
function noteOn(
  server: string,
  why: string,
  variables: readonly string[],
  secrets: readonly string[] = [],
  given: readonly string[] = [],
): string {
  if (variables.length > 0 && given.length === variables.length) {
    return `${server} (${why}): a stack runs none, so ${given.join(" and ")} ${given.length === 1 ? "names" : "name"} the stack's Redis, as the settings do of their own accord`;
  }
  const [first = ""] = variables;
  const path = secrets.includes(first) ? `--secret --path secretEnv.${first}` : `--path env.${first}`;
  const how =
    variables.length === 0
      ? "the project's variables have to name one that exists"
      : `${variables.join(" and ")} ${variables.length === 1 ? "has" : "have"} to name one that exists, as \`pulumi config set ${path} VALUE\` does`;
  return `${server} (${why}): a stack runs none, so ${how}`;
}

/** Variables whose values are not for everybody: a broker's URL has its password, and what compose says may have one. */
const secretsOf = (findings: Findings): string[] => [
  ...(findings.settings.otherBroker === undefined ? [] : brokerVariables(findings)),
  ...findings.settings.variables.filter(({ isSecret }) => isSecret).map(({ name }) => name),
  ...writtenIn(findings).flatMap(({ name, value }) => (secretBy(name, value) === undefined ? [] : [name])),
];

/** Variables that Celery's broker is read from, where that is no Redis. */
function brokerVariables({ settings, processes }: Findings): string[] {
  const names = settings.redisVariables.filter(
    ({ part, name }) => part === "REDIS_URL" && /BROKER|AMQP|RABBIT/.test(name),
  );
  return names
    .map(({ name }) => name)
    .filter((name) => processes.environment.has(name) || settings.variables.some((each) => each.name === name));
}

/** Variables of the web process whose value, or that of an example, has the service's name for a host. */
export function variablesNaming({ name }: Pick<ServiceFinding, "name">, findings: Findings): string[] {
  return [...new Set(writtenIn(findings).flatMap((each) => (namesHost(each.value, name) ? [each.name] : [])))];
}

/** What compose and .env files say of variables, and what examples say of the others. */
function writtenIn({ processes, env }: Findings): { name: string; value: string }[] {
  const written = [...ofWebProcess(processes), ...env.values];
  const names = new Set(written.map(({ name }) => name));
  return [...written, ...env.examples.filter(({ name }) => !names.has(name))];
}

/** Whether a value is a host, or an address or a URL of it. */
export function namesHost(value: string, host: string): boolean {
  const [, found] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?(?:\/.*)?$/i.exec(value) ?? [];
  return found === host;
}

/** Flower's own image does what the project's does where Flower is installed there. */
function runsFlower({ value }: ServiceFinding, { dependencies }: Findings): boolean {
  return /(^|\/)flower/.test(value) && dependencies.packages.has("flower");
}
