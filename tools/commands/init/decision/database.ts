import type { Found } from "../findings";
import { databasePart } from "../variables/otherNames";
import { isMysql, isPostgres } from "./images";
import { databaseNames, isOnThisMachine } from "./variables";
import {
  type Decision,
  emptyDecision,
  type Findings,
  missingVariable,
  ofWebProcess,
  runsPostgres,
  type StackFacts,
} from "./decision";

export interface DatabaseDecision extends Decision {
  database: "sqlite" | "postgres";
}

const postgresDrivers = [
  "psycopg",
  "psycopg2",
  "psycopg2-binary",
  "psycopg-binary",
  "psycopg-c",
  "psycopg2cffi",
  "asyncpg",
];

/** Which database a stack runs for a project: Postgres where it is known there and the settings can be told of it. */
export function decideDatabase(findings: Findings, stack: StackFacts): DatabaseDecision {
  const { target, debug, has } = stack;
  const { settings } = findings;
  const decision = { ...emptyDecision(), database: "sqlite" as const };
  const engine = settings.database;
  if (engine?.value === "mysql" && !canBePostgres(findings)) {
    return { ...decision, ...namedMysql(findings, engine.where) };
  }
  const postgres = saysPostgres(findings);
  const isFixed = !settings.databaseIsConfigurable && engine !== undefined;
  if (postgres === undefined || (isFixed && engine.value !== "postgres")) {
    decision.settings.push({ key: "database", value: "sqlite", where: engine?.where ?? "no other is named" });
    decision.notes.push(...notesOnMysql(findings), ...notesOnOther(findings));
    return decision;
  }
  decision.settings.push({ key: "database", value: "postgres", where: postgres.where });
  if (isFixed && settings.databaseIsWritten) {
    decision.notes.push(
      `The settings name a database server in their text (${engine.where}): read it from DATABASE_URL, or from PGHOST and its like, to use the stack's`,
    );
  }
  const { databaseInDebug: inDebug } = settings;
  if (debug && engine?.value === "postgres" && inDebug?.value === "sqlite") {
    decision.notes.push(
      `With debug on, the settings use SQLite (${inDebug.where}), which goes with its pod: \`pulumi config set debug false\` makes them use Postgres`,
    );
  }
  if (settings.usesGeoDjango !== undefined) {
    decision.notes.push(
      `GeoDjango (${settings.usesGeoDjango.where}) needs PostGIS, which the server in the namespace lacks: \`pulumi config set --secret databaseUrl postgis://USER:PASSWORD@HOST/NAME\` names a server that has it`,
    );
  }
  const { databaseSsl: ssl } = settings;
  if (runsPostgres(stack) && ssl !== undefined && ssl.value.variable === undefined && !isFixed) {
    const isHerokus = driverAmong(["django-heroku", "django-on-heroku"], findings.dependencies) !== undefined;
    const how = isHerokus ? "call django_heroku.settings with `databases=False`" : "let a variable decide it";
    decision.notes.push(
      `The settings ask for an encrypted connection to Postgres (${ssl.where}), which the server in the namespace does not have: ${how}, or name a server that has it with \`pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME\``,
    );
  }
  if (target === "cluster" && !has("databaseUrl")) {
    decision.missing.push({
      key: "databaseUrl",
      where: "target cluster runs no database",
      value: "postgres://USER:PASSWORD@HOST/NAME",
      isSecret: true,
    });
  }
  return { ...decision, database: "postgres" };
}

/** What names Postgres first: the settings, then compose, the variables and the packages. */
function saysPostgres({ settings, dependencies, processes, env }: Findings): Found<string> | undefined {
  if (settings.database?.value === "postgres") {
    return { value: "postgres", where: settings.database.where };
  }
  const image = processes.services.find(isPostgres);
  if (image !== undefined) {
    return image;
  }
  const named = [...ofWebProcess(processes), ...env.values, ...env.examples].find(
    ({ name, value }) => databasePart(name) !== undefined && /^(postgres(ql)?|postgis):|postgresql|postgis/.test(value),
  );
  if (named !== undefined) {
    return named;
  }
  const driver = driverAmong(postgresDrivers, dependencies);
  return driver === undefined ? undefined : { value: driver, where: dependencies.files[0] ?? "the dependencies" };
}

const mysqlDrivers = ["mysqlclient", "pymysql", "mysql-connector-python"];

const driverAmong = (drivers: readonly string[], { packages }: Findings["dependencies"]): string | undefined =>
  drivers.find((each) => packages.has(each));

/**
 * Whether the MySQL of the settings is no more than what they take without a variable: packages reach Postgres alone, or
 * the settings know both and no file of the project says which.
 */
function canBePostgres({ settings, dependencies, processes, env }: Findings): boolean {
  const { engine = "" } = settings.databaseVariables;
  const isSaid =
    processes.environment.has(engine) ||
    env.values.some(({ name }) => name === engine) ||
    (processes.services.some(isMysql) && !processes.services.some(isPostgres));
  return (
    settings.databaseIsConfigurable &&
    (driverAmong(mysqlDrivers, dependencies) === undefined || (settings.knowsPostgres && !isSaid)) &&
    driverAmong(postgresDrivers, dependencies) !== undefined
  );
}

/** For a project that can run on SQLite as well. */
function notesOnMysql({ settings, dependencies }: Findings): string[] {
  const driver = driverAmong(mysqlDrivers, dependencies);
  const { url, host } = settings.databaseVariables;
  const name = url ?? host;
  const how = name === undefined ? "" : `; \`pulumi config set --secret --path secretEnv.${name} VALUE\` names one`;
  return driver === undefined
    ? []
    : [
        `MySQL (package ${driver}): a stack runs no MySQL server, so SQLite is used until one that exists is named${how}`,
      ];
}

/** For a project whose server is of another kind, or is reached by a backend of its own. */
function notesOnOther({ settings: { database, databaseEngine } }: Findings): string[] {
  return database?.value !== "other"
    ? []
    : [
        `The database (${database.where}) has the engine ${databaseEngine ?? "of another kind"}: a stack runs no server for it, so the settings have to name one that exists`,
      ];
}

/** Its server has to be named, in variables that no file of the project sets. */
function namedMysql(findings: Findings, where: string): Pick<Decision, "missing" | "notes"> {
  const { processes, env } = findings;
  const isWritten = (name: string): boolean => {
    const value = processes.environment.get(name)?.value ?? env.values.find((each) => each.name === name)?.value;
    return value !== undefined && !isOnThisMachine(value);
  };
  const names = [...databaseNames(findings)];
  const parts = names.filter((name) => !isWritten(name));
  const how =
    names.length === 0
      ? "and the settings name one in their text: read it from variables, unless the pods can reach it"
      : "so the variables have to name one that exists";
  return {
    notes: [`MySQL (${where}): a stack runs no MySQL server, ${how}`],
    missing: parts.map((name) => missingVariable(name, where, /URL|URI|PASS|PWD/.test(name))),
  };
}
