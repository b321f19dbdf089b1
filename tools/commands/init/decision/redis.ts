import type { Found } from "../findings";
import { databaseNumber, isRedisUrl } from "../settings/look/redisSettings";
import { addressOf, afterScheme } from "../settings/look/redisVariables";
import { isRedis } from "./images";
import { isGiven, reference } from "../variables/given";
import { redisPart } from "../variables/otherNames";
import { type Decision, emptyDecision, type Findings, ofWebProcess, type Setting } from "./decision";

export interface RedisDecision extends Decision {
  /** Whether the stack has a Redis. */
  hasRedis: boolean;
  /** Variables that the settings read it from, with what they are given. */
  references: Map<string, Setting>;
}

const packages = ["django-redis", "channels-redis", "django-rq", "django-valkey", "redis", "valkey", "huey"];

/** Whether a project needs Redis, and how its variables name it. */
export function decideRedis(findings: Findings): RedisDecision {
  const decision = { ...emptyDecision(), hasRedis: false, references: new Map<string, Setting>() };
  const needed = needsRedis(findings);
  if (needed === undefined) {
    return decision;
  }
  const { settings, processes } = findings;
  decision.settings.push({ key: "redis", value: "namespace", where: needed.where });
  const references = referencesOf(findings);
  decision.settings.push(...references.values());
  for (const { value, where } of settings.fixedServers) {
    const address = withoutPassword(value);
    decision.notes.push(
      `The settings name the server ${address} in their text (${where}): read it from REDIS_URL to use the stack's`,
    );
  }
  const host = settings.redisVariables.find(({ part }) => part === "REDIS_HOST");
  const reads = (wanted: string): boolean =>
    settings.redisVariables.some(({ part }) => part === wanted) ||
    settings.variables.some(({ name }) => redisPart(name) === wanted);
  // Settings that read a URL make one of the host where there is none.
  if (host !== undefined && !reads("REDIS_PASSWORD") && !reads("REDIS_URL")) {
    decision.notes.push(
      `The settings read the host of a Redis without a password (${host.where}), and the stack's demands one: read REDIS_PASSWORD as well, or REDIS_URL in place of both`,
    );
  }
  const kept = processes.services.find((service) => isRedis(service) && service.isKept);
  if (kept !== undefined) {
    decision.notes.push(
      `Redis keeps its data in compose (${kept.where}), and here only with \`pulumi config set redisStorage 1Gi\``,
    );
  }
  return { ...decision, hasRedis: true, references };
}

/** What names Redis first: compose, the settings, values of variables, the packages. */
function needsRedis({ settings, processes, dependencies, env }: Findings): Found<string> | undefined {
  const image = processes.services.find(isRedis);
  const named = [...ofWebProcess(processes), ...env.values, ...env.examples].find(({ value }) => isRedisUrl(value));
  const used = packages.find((each) => dependencies.packages.has(each));
  const isHueyElsewhere = used === "huey" && settings.redis === undefined;
  return (
    settings.redis ??
    image ??
    named ??
    (used === undefined || isHueyElsewhere ? undefined : { value: used, where: `package ${used}` })
  );
}

/** Every variable that says something of Redis: by where the settings use it, by its value, by its name. */
function referencesOf(findings: Findings): Map<string, Setting> {
  const { settings, processes, env } = findings;
  const written = new Map<string, Found<string>>([
    ...env.values.map(({ name, value, where }) => [name, { value, where }] as const),
    ...processes.environment,
  ]);
  const read = new Map(settings.variables.map((each) => [each.name, each]));
  const byUse = new Map(settings.redisVariables.map((each) => [each.name, each]));
  const references = new Map<string, Setting>();
  const servers = processes.services.filter(isRedis).map((service) => service.name);
  const isAddress = (text = ""): boolean => addressOf.test(text) && servers.includes(text.split(":")[0] ?? "");
  for (const name of new Set([...byUse.keys(), ...read.keys(), ...written.keys()])) {
    const value = written.get(name)?.value;
    const standard = read.get(name)?.defaultText;
    const shown = env.examples.find((each) => each.name === name)?.value;
    const part = [value, standard ?? shown].some((text) => text !== undefined && isRedisUrl(text))
      ? "REDIS_URL"
      : (byUse.get(name)?.part ??
        redisPart(name) ??
        (isAddress(value) && value?.includes("/") ? afterScheme : undefined));
    const other = (takesRedisInstead(name, findings) ? standard : value) ?? standard ?? "";
    const isOther = part === "REDIS_URL" && other !== "" && !isRedisUrl(other);
    if (part === undefined || isOther) {
      continue;
    }
    if (part === afterScheme) {
      const where = byUse.get(name)?.where ?? written.get(name)?.where ?? "";
      references.set(name, reference(name, addressWith(addressOf.exec(value ?? standard ?? "")?.[1]), where));
      continue;
    }
    const used = byUse.get(name)?.number;
    const number = used === "" ? "" : (databaseNumber(value ?? standard ?? shown ?? "") ?? used ?? "0");
    const hasOwnNumber = part === "REDIS_URL" && number !== "0";
    if (!isGiven(name, { database: "sqlite", hasRedis: true }) || hasOwnNumber) {
      const where = byUse.get(name)?.where ?? read.get(name)?.where ?? written.get(name)?.where ?? "";
      references.set(name, reference(name, valueOf(part, number), where));
    }
  }
  return references;
}

/** Whether a variable has RabbitMQ in compose and a Redis in the settings: a stack has the latter. */
export function takesRedisInstead(name: string, { settings, processes, env, dependencies }: Findings): boolean {
  const standard = settings.variables.find((each) => each.name === name)?.defaultText ?? "";
  const value = processes.environment.get(name)?.value ?? env.values.find((each) => each.name === name)?.value ?? "";
  return /^amqps?:/.test(value) && isRedisUrl(standard) && dependencies.packages.has("redis");
}

function valueOf(part: string, number: string): string {
  if (part !== "REDIS_URL" || number === "0") {
    return `$(${part})`;
  }
  // Two that share a number would share their keys, and clearing a cache would clear a queue.
  return `redis://${addressWith(number)}`;
}

/** What follows the scheme of a URL. */
const addressWith = (number = ""): string =>
  [":$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)", number].filter((each) => each !== "").join("/");

/** An address without its user and its password, which some have in the query. */
const withoutPassword = (address: string): string => address.replace(/\/\/.*@/, "//").replace(/\?.*/, "");
