import type { Found } from "../findings";
import { databasePart } from "../variables/otherNames";
import { isPostgres } from "./images";
import { databaseNames } from "./variables";
import { type Decision, emptyDecision, type Findings, missingVariable, type StackFacts } from "./decision";

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
export function decideDatabase(findings: Findings, { target, has }: StackFacts): DatabaseDecision {
  const { settings } = findings;
  const decision = { ...emptyDecision(), database: "sqlite" as const };
  const engine = settings.database;
  if (engine?.value === "mysql") {
    return { ...decision, ...namedMysql(findings, engine.where) };
  }
  const postgres = saysPostgres(findings);
  const isFixed = !settings.databaseIsConfigurable && engine !== undefined;
  if (postgres === undefined || (isFixed && engine.value !== "postgres")) {
    decision.settings.push({ key: "database", value: "sqlite", where: engine?.where ?? "no other is named" });
    decision.notes.push(...notesOnMysql(findings));
    return decision;
  }
  decision.settings.push({ key: "database", value: "postgres", where: postgres.where });
  if (isFixed) {
    decision.notes.push(
      `The settings name a database server in their text (${engine.where}): read it from DATABASE_URL, or from PGHOST and its like, to use the stack's`,
    );
  }
  if (settings.usesGeoDjango !== undefined) {
    decision.notes.push(
      `GeoDjango (${settings.usesGeoDjango.where}) needs PostGIS, which the server in the namespace lacks: \`pulumi config set --secret databaseUrl postgis://USER:PASSWORD@HOST/NAME\` names a server that has it`,
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
  const values = [...processes.environment].map(([name, { value, where }]) => ({ name, value, where }));
  const named = [...values, ...env.values, ...env.examples].find(
    ({ name, value }) => databasePart(name) !== undefined && /^(postgres(ql)?|postgis):|postgresql|postgis/.test(value),
  );
  if (named !== undefined) {
    return named;
  }
  const driver = postgresDrivers.find((each) => dependencies.packages.has(each));
  return driver === undefined ? undefined : { value: driver, where: dependencies.files[0] ?? "the dependencies" };
}

const mysqlDrivers = ["mysqlclient", "pymysql", "mysql-connector-python"];

/** For a project that can run on SQLite as well. */
function notesOnMysql({ settings, dependencies }: Findings): string[] {
  const driver = mysqlDrivers.find((each) => dependencies.packages.has(each));
  const { url, host } = settings.databaseVariables;
  const name = url ?? host;
  const how = name === undefined ? "" : `; \`pulumi config set --secret --path secretEnv.${name} VALUE\` names one`;
  return driver === undefined
    ? []
    : [
        `MySQL (package ${driver}): a stack runs no MySQL server, so SQLite is used until one that exists is named${how}`,
      ];
}

/** Its server has to be named, in variables that no file of the project sets. */
function namedMysql(findings: Findings, where: string): Pick<Decision, "missing" | "notes"> {
  const { processes, env } = findings;
  const isWritten = (name: string): boolean =>
    processes.environment.has(name) || env.values.some((each) => each.name === name);
  const parts = [...databaseNames(findings)].filter((name) => !isWritten(name));
  return {
    notes: [`MySQL (${where}): a stack runs no MySQL server, so the variables have to name one that exists`],
    missing: parts.map((name) => missingVariable(name, where, /URL|URI|PASS|PWD/.test(name))),
  };
}
