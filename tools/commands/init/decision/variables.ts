import { isTooLong, tooLong, variableName } from "../../../../components/config/variableName";
import type { Found, ListVariable, Variable } from "../findings";
import { readIn } from "../image/start";
import type { FixedHosts } from "../settings/look/requests";
import { givenUnderAnotherName, isGiven, reference, type Servers, variable } from "../variables/given";
import { partsOf } from "../settings/libraries/databaseUrl";
import { databasePart } from "../variables/otherNames";
import { isLocalUrl, isMark, isPlaceholder, isSwitch, secretBy } from "../variables/secrets";
import { isPostgres, isRedis } from "./images";
import { ofOthersAlone, saysWhatItIs } from "./processNotes";
import { variablesNaming } from "./servers";
import {
  type Decision,
  emptyDecision,
  type Findings,
  type Missing,
  missingVariable,
  runsPostgres,
  type Setting,
  type StackFacts,
  staysOnMysql,
} from "./decision";

/** Names that a shell, compose or Docker read. */
const ofOthers = /^(COMPOSE|DOCKER|BUILDKIT)_|^(UID|GID|PATH|HOME|PWD|USER|SHELL|HOSTNAME|TERM)$/;

/** Gives the variables that a project reads their values: what is given under other names, then what its files say. */
export function decideVariables(
  findings: Findings,
  servers: Servers,
  ofRedis: ReadonlyMap<string, Setting>,
  stack: StackFacts,
): Decision {
  const { target } = stack;
  const { settings, processes, env } = findings;
  const { database } = servers;
  const decision = emptyDecision();
  const read = new Map(settings.variables.map((each) => [each.name, each]));
  const written = new Map<string, Found<string>>([
    ...env.values.map(({ name, value, where }) => [name, { value, where }] as const),
    ...processes.others.flatMap(({ environment }) =>
      [...environment].filter(([name, { value }]) => read.has(name) && !saysWhatItIs(name, value)),
    ),
    ...ofOthersAlone(findings),
    ...processes.environment,
  ]);
  const examples = new Map(env.examples.map(({ name, value, where }) => [name, { value, where }]));
  const references = referencesOf(findings, servers, target !== "cluster");
  const { databaseSsl: ssl } = settings;
  if (ssl?.value.variable !== undefined && database === "postgres" && runsPostgres(stack)) {
    const { name, off } = ssl.value.variable;
    references.set(name, variable(name, off, ssl.where));
  }
  if (database === "postgres") {
    decision.notes.push(...shareDatabase(findings, servers, written, references));
  }
  decision.settings.push(...references.values());
  const unanswered = target === "cluster" ? listsInJson(findings) : [];
  decision.missing.push(...unanswered);
  const isNotOurs = (name: string): boolean =>
    staysOnMysql(findings, database) &&
    databaseNames(findings).has(name) &&
    isOnThisMachine(written.get(name)?.value ?? "localhost");
  const absent = namingAbsentServers(findings);
  const inScripts = readInScripts(findings);
  const ofScripts = new Map(
    [...inScripts].filter(([name]) => database === "postgres" && databaseReference(name)?.startsWith("$(") === true),
  );
  const isWordOfDebug = settings.debugValues?.value.split(",").every((word) => word === "" || isSwitch(word)) === false;
  const optional: string[] = [];
  const refused: string[] = [];
  const long: [name: string, value: string][] = [];
  for (const name of new Set([...read.keys(), ...written.keys(), ...ofScripts.keys()])) {
    if (!variableName.test(name)) {
      refused.push(`${name} (${written.get(name)?.where ?? read.get(name)?.where ?? ""})`);
      continue;
    }
    const value = written.get(name)?.value ?? "";
    if (isTooLong(name, value)) {
      long.push([name, value]);
      continue;
    }
    const own = read.get(name);
    if (
      references.has(name) ||
      unanswered.some((each) => each.name === name) ||
      ofRedis.has(name) ||
      isGiven(name, servers) ||
      isNotOurs(name) ||
      (own === undefined && ofOthers.test(name))
    ) {
      continue;
    }
    const where = own?.where ?? written.get(name)?.where ?? ofScripts.get(name) ?? "";
    if (absent.has(name)) {
      decision.missing.push(...(own?.isRequired === true ? [missingVariable(name, where, own.isSecret)] : []));
      continue;
    }
    const renamed =
      (name === settings.keyVariable ? "$(SECRET_KEY)" : undefined) ??
      (database === "postgres" ? (databaseReference(name) ?? inPlaceOfCompose(name, value, findings)) : undefined) ??
      givenUnderAnotherName(name, (each) => read.has(each), settings.keyVariables);
    if (renamed !== undefined && !(renamed === "$(DEBUG)" && isWordOfDebug)) {
      decision.settings.push(reference(name, renamed, where));
      continue;
    }
    // An empty line of a file that nobody reads asks for a value: an empty WEB_CONCURRENCY ends gunicorn.
    if (value === "" && own === undefined && !inScripts.has(name) && !processes.environment.has(name)) {
      continue;
    }
    const ofImage = findings.image?.config.environment.get(name);
    const isForBuild = own?.isSecret === true && ofImage !== "" && isPlaceholder(ofImage ?? "", true);
    if (ofImage !== undefined && !isForBuild && !written.has(name)) {
      continue;
    }
    // A script has none of the defaults of the settings.
    const usual = inScripts.has(name) ? undefined : own?.defaultText;
    const example = examples.get(name);
    const isMeant = example === undefined || stack.debug || !ofDevelopers(name, example.value);
    add(decision, name, own && { ...own, defaultText: usual }, written.get(name), isMeant ? example : undefined);
    if (own !== undefined && !own.hasDefault && !own.isRequired && !isSet(decision, name)) {
      optional.push(name);
    }
  }
  if (target !== "cluster") {
    servePlainHttp(decision, findings);
  }
  reachByFixedHost(decision, findings, stack);
  decision.settings.push(...settingsModule(findings).filter(({ name = "" }) => !isSet(decision, name)));
  if (refused.length > 0) {
    decision.notes.push(`Left out, since a variable's name has letters, digits and _ alone: ${refused.join(", ")}`);
  }
  if (long.length > 0) {
    decision.notes.push(`Left out, since ${tooLong(long)}`);
  }
  if (optional.length > 0) {
    decision.notes.push(`Read without a default, and not set: ${shortened(optional)}`);
  }
  return decision;
}

/** Whether an example has the settings be those of a developer's machine: `ENVIRONMENT=local`. */
const ofDevelopers = (name: string, value: string): boolean =>
  /(^|_)(ENV|ENVIRONMENT)$/.test(name) && /^(local|dev|develop|development)$/i.test(value);

/** Variables that scripts of the image read, which may wait for a database by names that the settings do not have. */
const readInScripts = ({ start, startOf }: Findings): Map<string, string> =>
  readIn([start.entrypoint, start.image, start.process, ...startOf.values()]);

/** Most names that a line shows: what follows it would be overlooked. */
const mostNames = 12;

function shortened(names: readonly string[]): string {
  const more = names.length - mostNames;
  return more > 1 ? `${names.slice(0, mostNames).join(", ")} and ${more} more` : names.join(", ");
}

/** The variables that the settings read hosts, debug and the database from, with what they are given. */
function referencesOf({ settings }: Findings, servers: Servers, isLocal: boolean): Map<string, Setting> {
  const { allowedHosts, csrfTrustedOrigins, debugVariable, databaseVariables } = settings;
  const references = new Map<string, Setting>();
  const put = (name: string, value: string, where: string): void => {
    if (value !== `$(${name})`) {
      references.set(name, reference(name, value, where));
    }
  };
  // One entry beside localhost names another address, which is in use for more than hosts.
  const isBesideLocalhost =
    isLocal &&
    allowedHosts?.value.separator === undefined &&
    [settings.fixedHosts, settings.fixedHostsInDebug].some((fixed) => fixed?.value.hosts.includes("localhost"));
  const hosts = allowedHosts && !isBesideLocalhost ? hostsFor(allowedHosts.value, isLocal) : undefined;
  if (allowedHosts !== undefined && hosts !== undefined) {
    put(allowedHosts.value.variable, hosts, allowedHosts.where);
  }
  // Where the page is on a cluster of one's own, no form comes from another origin.
  const origins =
    csrfTrustedOrigins?.value.separator === "json" ? (isLocal ? "[]" : undefined) : "$(CSRF_TRUSTED_ORIGINS)";
  // Before Django 4, origins are hosts, and some settings have one list for both.
  const isOfHosts = csrfTrustedOrigins?.value.variable === allowedHosts?.value.variable;
  if (csrfTrustedOrigins !== undefined && origins !== undefined && !isOfHosts) {
    put(csrfTrustedOrigins.value.variable, origins, csrfTrustedOrigins.where);
  }
  if (debugVariable !== undefined) {
    put(debugVariable.value, "$(DEBUG)", debugVariable.where);
  }
  if (servers.database === "postgres") {
    const where = settings.database?.where ?? "DATABASES";
    for (const [part, name] of Object.entries(databaseVariables)) {
      const value = part === "engine" ? engineOf(settings) : given[part];
      if (!isGiven(name, servers) && value !== undefined) {
        put(name, value, where);
      }
    }
  }
  return references;
}

/**
 * A stack has one database: those beside the default one are the same, as the one that a read replica copies is, unless
 * a file of the project names a server that is not one of compose.
 */
function shareDatabase(
  { settings, processes }: Findings,
  servers: Servers,
  written: ReadonlyMap<string, Found<string>>,
  references: Map<string, Setting>,
): string[] {
  const near = new Set(["", "localhost", "127.0.0.1", ...processes.services.map(({ name }) => name)]);
  const isElsewhere = (name: string): boolean => {
    const host = hostOfPostgres(written.get(name)?.value ?? "");
    return host === undefined || !near.has(host);
  };
  return settings.otherDatabases.flatMap(({ value: { alias, variables }, where }) => {
    const open = Object.entries(variables).filter(([, name]) => !references.has(name) && !isGiven(name, servers));
    const address = variables.url ?? variables.host;
    if (open.length === 0 || (address !== undefined && isElsewhere(address))) {
      return [];
    }
    for (const [part, name] of open) {
      references.set(name, reference(name, part === "engine" ? postgresEngine : (given[part] ?? ""), where));
    }
    return [
      `Database "${alias}" (${where}) gets the values of "default", since a stack runs one database: to use another one, set ${open.map(([, name]) => name).join(", ")}`,
    ];
  });
}

/** The host of a Postgres, from its URL or as it is; undefined for the URL of another server. */
function hostOfPostgres(value: string): string | undefined {
  const parts = partsOf(value);
  return parts === undefined || /postg/.test(parts["ENGINE"] ?? "") ? (parts?.["HOST"] ?? value) : undefined;
}

const given: Record<string, string> = {
  url: "$(DATABASE_URL)",
  host: "$(PGHOST)",
  port: "$(PGPORT)",
  name: "$(PGDATABASE)",
  user: "$(PGUSER)",
  password: "$(PGPASSWORD)",
};

/** A variable that is one host cannot be all of them. */
function hostsFor({ variable: name, separator }: ListVariable, isLocal: boolean): string | undefined {
  switch (separator) {
    case " ":
      return "$(ALLOWED_HOSTS_SPACED)";
    case ",":
      return name === "DJANGO_ALLOWED_HOSTS" ? "$(DJANGO_ALLOWED_HOSTS)" : "$(ALLOWED_HOSTS)";
    case "json":
      return isLocal ? '["*"]' : undefined;
    default:
      return isLocal ? "*" : undefined;
  }
}

/** The page of a cluster of one's own is not on https. */
function servePlainHttp(decision: Decision, { settings: { sslRedirect } }: Findings): void {
  const variableOff = sslRedirect?.value.variable;
  if (sslRedirect === undefined) {
    return;
  }
  if (variableOff === undefined) {
    decision.notes.push(
      `SECURE_SSL_REDIRECT (${sslRedirect.where}) leads each request to https, which a cluster of one's own does not serve: read it from a variable, such as SERVED_OVER_HTTPS, which a stack with a certificate gives`,
    );
  } else {
    // A file of the project may have it for servers.
    decision.settings = decision.settings.filter(({ name }) => name !== variableOff.name);
    decision.settings.push(variable(variableOff.name, variableOff.off, sslRedirect.where));
  }
}

/** Hosts that the settings have themselves: the page is asked for by one of them, where one leads to it. */
function reachByFixedHost(decision: Decision, { settings }: Findings, { target, debug }: StackFacts): void {
  const { allowedHosts } = settings;
  const fixedHosts = debug ? settings.fixedHostsInDebug : settings.fixedHosts;
  if (fixedHosts === undefined || allowedHosts !== undefined) {
    return;
  }
  const { where, value: fixed } = fixedHosts;
  const isEmpty = fixed.hosts.length === 0;
  if (isEmpty && !(fixed.debug ?? debug)) {
    decision.notes.push(
      `ALLOWED_HOSTS (${where}) is empty, and with debug off Django then answers no host: read it from the variable ALLOWED_HOSTS`,
    );
    return;
  }
  // The hosts of a shared cluster are its Ingress's.
  if (target === "cluster") {
    return;
  }
  const host = target === "minikube" ? undefined : ownHost(isEmpty ? ["localhost"] : fixed.hosts);
  if (host === undefined) {
    decision.notes.push(
      `ALLOWED_HOSTS (${where}) ${hostsInWords(fixed)}, and the page is asked for by another host: read it from the variable ALLOWED_HOSTS`,
    );
  } else if (host !== "localhost") {
    decision.settings.push({ key: "urlHost", value: host, where });
  }
}

/** The first of some hosts that is this machine, as browsers take every name below localhost; a dot stands for all below. */
function ownHost(hosts: readonly string[]): string | undefined {
  const names = hosts.map((each) => each.replace(/^\./, ""));
  return (
    ["localhost", "127.0.0.1"].find((each) => names.includes(each)) ?? names.find((each) => each.endsWith(".localhost"))
  );
}

function hostsInWords({ hosts, madeWith }: FixedHosts): string {
  const list = hosts.join(", ");
  if (madeWith.length > 0) {
    return `is ${list}, made with ${madeWith.join(", ")}`;
  }
  return hosts.length === 0
    ? "is empty, which with debug on stands for localhost alone"
    : `is ${list} in the text of the settings`;
}

/** What no reference can give: an entry in JSON for each of several hosts. */
function listsInJson({ settings: { allowedHosts, csrfTrustedOrigins } }: Findings): Missing[] {
  const lists = [
    { list: allowedHosts, value: `'["HOST"]'` },
    { list: csrfTrustedOrigins, value: `'["https://HOST"]'` },
  ];
  return lists.flatMap(({ list, value }) =>
    list?.value.separator === "json" ? [{ ...missingVariable(list.value.variable, list.where, false), value }] : [],
  );
}

const postgresEngine = "django.db.backends.postgresql";

function engineOf({ databaseEngine = "", enginePath }: Findings["settings"]): string {
  const engine = /postg/.test(databaseEngine) ? databaseEngine : postgresEngine;
  return engine.startsWith(enginePath) ? engine.slice(enginePath.length) : engine;
}

/** What a variable of the database is given, by its name: scripts read such names as well as the settings. */
function databaseReference(name: string): string | undefined {
  const part = databasePart(name);
  return part === "engine" ? postgresEngine : part && `$(${part})`;
}

/** What a variable of any name is given that compose points to its own Postgres: that is the stack's. */
function inPlaceOfCompose(name: string, value: string, { processes }: Findings): string | undefined {
  const hosts = processes.services.filter(isPostgres).map((service) => service.name);
  const [, host = "", port] = /^([\w.-]+)(:\d+)?$/.exec(value) ?? [];
  if (hosts.includes(host)) {
    // A service is often called as its user, its database and its password are.
    const address = port === undefined ? "$(PGHOST)" : "$(PGHOST):$(PGPORT)";
    return /(HOST|HOSTNAME|SERVER|ADDRESS|ADDR)$/.test(name.toUpperCase()) ? address : undefined;
  }
  const [, scheme] = /^(\w*(?:postg|pgsql|psql)[\w+.-]*):\/\//.exec(value) ?? [];
  if (scheme === undefined || !hosts.includes(partsOf(value)?.["HOST"] ?? "")) {
    return undefined;
  }
  return /^postgres(ql)?$/.test(scheme)
    ? "$(DATABASE_URL)"
    : `${scheme}://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)`;
}

/** Variables that the settings read the database from. */
export function databaseNames({ settings }: Findings): Set<string> {
  const named = Object.values(settings.databaseVariables);
  const byName = settings.variables.map(({ name }) => name).filter((name) => databasePart(name) !== undefined);
  return new Set(named.length > 0 ? named : byName);
}

/** Whether a host, a socket or a URL leads to the machine that asks: a pod has no server on it. */
export const isOnThisMachine = (value: string): boolean =>
  /^(localhost|127\.0\.0\.1|0\.0\.0\.0|::1|\[::1\])(:\d+)?$|\.sock$/.test(partsOf(value)?.["HOST"] ?? value);

/** Variables that compose points to a server that the stack does not run. */
function namingAbsentServers(findings: Findings): Set<string> {
  const { processes } = findings;
  const absent = processes.services.filter((service) => !isRedis(service) && !isPostgres(service));
  return new Set(absent.flatMap((service) => variablesNaming(service, findings)));
}

/** The settings module, where neither the image nor a file of the project names the one that was inspected. */
function settingsModule({ settings, processes, env, image, namedSettings, commandSettings }: Findings): Setting[] {
  if (commandSettings !== undefined && commandSettings.value === settings.inspectedModule) {
    // A command names them for itself alone, and not for workers, migrations and `npm run manage`.
    return [variable("DJANGO_SETTINGS_MODULE", commandSettings.value, commandSettings.where)];
  }
  const { inspectedModule, settingsModule: own, productionModule } = settings;
  const isWritten =
    processes.environment.has("DJANGO_SETTINGS_MODULE") ||
    env.values.some(({ name }) => name === "DJANGO_SETTINGS_MODULE");
  // A Dockerfile that init writes names it.
  const isNamed = namedSettings !== undefined || isWritten || image === undefined;
  return isNamed || inspectedModule === undefined || (inspectedModule === own?.value && settings.namesSettings)
    ? []
    : [variable("DJANGO_SETTINGS_MODULE", inspectedModule, whereOf(inspectedModule, [productionModule, own]))];
}

const whereOf = (module: string, found: readonly (Found<string> | undefined)[]): string =>
  found.find((each) => each?.value === module)?.where ?? "";

function add(
  decision: Decision,
  name: string,
  own: Variable | undefined,
  written: Found<string> | undefined,
  example: Found<string> | undefined,
): void {
  const isSecret = secretBy(name, written?.value ?? "") !== undefined || (own?.isSecret ?? false);
  if (
    written !== undefined &&
    written.value !== own?.defaultText &&
    !(isSecret && isPlaceholder(written.value, true)) &&
    !isMark(written.value) &&
    // An empty line asks for a value.
    !(own?.isRequired === true && written.value === "")
  ) {
    if (isSecret) {
      decision.secrets.push({ key: "secretEnv", name, value: written.value, where: written.where });
    } else {
      decision.settings.push(variable(name, written.value, written.where));
    }
  } else if (own?.hasDefault === false) {
    const isShown = example !== undefined && !isPlaceholder(example.value, false) && !repeats(example.value, name);
    const isShownSecret = secretBy(name, example?.value) !== undefined;
    if (isShown && (isLocalUrl(example.value) || (!isSecret && !isShownSecret))) {
      decision.settings.push(variable(name, example.value, example.where));
    } else if (own.isRequired) {
      decision.missing.push(missingVariable(name, own.where, isSecret || isShownSecret));
    }
  }
}

/** Whether an example only says its name again: `MAIL_SENDER=mail_sender`. */
const repeats = (value: string, name: string): boolean =>
  value.toLowerCase().replace(/[\s-]/g, "_") === name.toLowerCase() && /[a-z]/.test(value);

function isSet({ settings, secrets }: Decision, name: string): boolean {
  return [...settings, ...secrets].some((each) => each.name === name);
}
