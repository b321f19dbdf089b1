import type { DatabasePart, Found, OtherDatabase, SettingsFindings } from "../../findings";
import { namesIn, plainText, textOf, type Names, type Value } from "../interpreter/values";
import type { Evaluate, Evaluation } from "./evaluation";

type DatabaseFindings = Pick<
  SettingsFindings,
  | "database"
  | "databaseEngine"
  | "enginePath"
  | "databaseIsConfigurable"
  | "databaseIsWritten"
  | "databaseVariables"
  | "knowsPostgres"
>;

const sampleUrl = "postgres://user:password@host:5432/name";

/** Parts of a database, and the key of each in Django's DATABASES. */
const keys: readonly (readonly [Exclude<DatabasePart, "url">, string])[] = [
  ["engine", "ENGINE"],
  ["host", "HOST"],
  ["port", "PORT"],
  ["name", "NAME"],
  ["user", "USER"],
  ["password", "PASSWORD"],
];

/** The default database, and the variables that may make it Postgres. */
export function findDatabase(evaluate: Evaluate, plain: Evaluation): DatabaseFindings {
  const engine = engineOf(plain);
  const variables = plain.record.reads.map(({ name }) => name);
  const environment = withUrlOfAnyName(postgresEnvironment(variables, plain), evaluate);
  const withUrl = evaluate(environment);
  // Settings that take a URL apart themselves may be understood without one.
  const withParts = evaluate(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => !value.includes("://"))),
  );
  const trial = engineOf(withUrl) === undefined ? withParts : withUrl;
  const trialEngine = engineOf(trial);
  const isPostgres = trialEngine !== undefined && kindOf(trialEngine) === "postgres";
  const { isUrlMade, databaseVariables } = variablesOf(isPostgres || trialEngine === engine ? trial : plain, (marks) =>
    evaluate({ ...environment, ...marks }),
  );
  const isWritten = entriesOf(trial)?.get("ENGINE")?.from.size === 0 || isUrlMade;
  const known = engine ?? (isPostgres && isWritten ? trialEngine : undefined);
  return {
    database: known === undefined ? undefined : { value: kindOf(known), where: plain.placeOf("DATABASES") },
    databaseEngine: known,
    enginePath: enginePathOf(databaseVariables.engine, plain, (marks) => evaluate({ ...environment, ...marks })),
    databaseIsConfigurable: isPostgres && (databaseVariables.url !== undefined || databaseVariables.host !== undefined),
    databaseIsWritten: entriesOf(trial)?.get("HOST")?.kind !== "unknown",
    databaseVariables,
    knowsPostgres: comparedWithPostgres(databaseVariables.engine ?? "", plain) !== undefined,
  };
}

/** The text for Postgres among those that a variable is compared with. */
const comparedWithPostgres = (name: string, { record }: Evaluation): string | undefined =>
  [...(record.comparisons.get(name) ?? [])].find((text) => /postg|psql/i.test(text));

/**
 * The database that settings use with debug on, once the variables of a database say Postgres.
 *
 * @param evaluateOn evaluates with debug on
 */
export function findDatabaseInDebug(evaluateOn: Evaluate): SettingsFindings["database"] {
  const plain = evaluateOn({});
  const environment = postgresEnvironment(
    plain.record.reads.map(({ name }) => name),
    plain,
  );
  const evaluation = evaluateOn(environment);
  const engine = engineOf(evaluation);
  return engine === undefined ? undefined : { value: kindOf(engine), where: evaluation.placeOf("DATABASES") };
}

/**
 * Where the file of SQLite is: a path below `projectRoot`, or another one; undefined where nobody can say.
 *
 * @param written the settings with the values that files of the project give to variables
 */
export function findSqliteFile(written: Evaluation): Found<string> | undefined {
  const name = textOf(entriesOf(written)?.get("NAME"));
  const isFile =
    kindOf(engineOf(written) ?? "") === "sqlite" && name !== undefined && !/^$|^:memory:$|^file:/.test(name);
  return isFile ? { value: name, where: written.placeOf("DATABASES") } : undefined;
}

/** The databases beside the default one that are Postgres, or are so once a variable has a URL of one. */
export function findOtherDatabases(evaluate: Evaluate, plain: Evaluation): Found<OtherDatabase>[] {
  const databases = plain.setting("DATABASES");
  const aliases = databases?.kind === "dict" ? [...databases.entries].filter(([alias]) => alias !== "default") : [];
  return aliases.flatMap(([alias, value]) => {
    const isPostgres = (evaluation: Evaluation): boolean => kindOf(engineOf(evaluation, alias) ?? "") === "postgres";
    const isMade = (name: string): boolean => {
      const given = evaluate({ [name]: sampleUrl });
      const host = entriesOf(given, alias)?.get("HOST");
      return isPostgres(given) && plainText(host) === "host" && host?.from.has(name) === true;
    };
    const url = [...namesIn(value)].find(isMade);
    const entries = isPostgres(plain) ? entriesOf(plain, alias) : undefined;
    const variables = url === undefined ? found((key) => preferred(entries?.get(key)?.from ?? new Set())) : { url };
    return Object.keys(variables).length === 0
      ? []
      : [{ value: { alias, variables }, where: plain.placeOf("DATABASES") }];
  });
}

function enginePathOf(
  variable: string | undefined,
  plain: Evaluation,
  evaluateMarked: (marks: Record<string, string>) => Evaluation,
): string {
  if (variable === undefined) {
    return "";
  }
  // Settings that look the text up among those that they know have no engine for another one.
  const texts = ["mark", comparedWithPostgres(variable, plain) ?? "mark"];
  const paths = texts.map((text) => {
    const engine = engineOf(evaluateMarked({ [variable]: text }));
    return engine?.endsWith(text) === true ? engine.slice(0, -text.length) : undefined;
  });
  return paths.find((each) => each !== undefined) ?? "";
}

export function entriesOf(evaluation: Evaluation, alias = "default"): Map<string, Value> | undefined {
  const databases = evaluation.setting("DATABASES");
  const database = databases?.kind === "dict" ? databases.entries.get(alias) : databases;
  return database?.kind === "dict" ? database.entries : undefined;
}

export function engineOf(evaluation: Evaluation, alias?: string): string | undefined {
  return plainText(entriesOf(evaluation, alias)?.get("ENGINE"));
}

export function kindOf(engine: string): "sqlite" | "postgres" | "mysql" | "other" {
  if (/sqlite|spatialite/.test(engine)) {
    return "sqlite";
  }
  if (/postgres|postgis|psycopg/.test(engine)) {
    return "postgres";
  }
  return /mysql|mariadb/.test(engine) ? "mysql" : "other";
}

/** Variables of a database with what they would be for Postgres. */
export function postgresEnvironment(variables: readonly string[], plain: Evaluation): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of variables) {
    const value = postgresValue(name, plain);
    if (value !== undefined) {
      environment[name] = value;
    }
  }
  return environment;
}

/** The same, with a URL in the one variable that settings read it from, where its name does not say so: `DATABASE`. */
export function withUrlOfAnyName(environment: Record<string, string>, evaluate: Evaluate): Record<string, string> {
  if (engineOf(evaluate(environment)) !== undefined) {
    return environment;
  }
  const open = Object.keys(environment).filter((name) => environment[name] === "1");
  const tried = open.map((name) => ({ ...environment, [name]: sampleUrl }));
  return tried.find((each) => kindOf(engineOf(evaluate(each)) ?? "") === "postgres") ?? environment;
}

/** What a variable would be for a Postgres database; undefined for one that has nothing to do with a database. */
function postgresValue(name: string, plain: Evaluation): string | undefined {
  if (
    !/DATABASE|DB|SQL|POSTGRES|^PG|RDS/.test(name) ||
    /REDIS|MONGO|SQLITE|FILE$|DIR$|(^|_)(IAM|ROLE)(_|$)/.test(name)
  ) {
    return undefined;
  }
  const compared = comparedWithPostgres(name, plain);
  if (/UR[LI]$|DSN$/.test(name)) {
    return sampleUrl;
  }
  if (/PORT$/.test(name)) {
    return "5432";
  }
  if (/ENGINE|BACKEND|TYPE|VENDOR|DRIVER|ADAPTER|SCHEME|CONNECTION$/.test(name)) {
    return compared ?? engineFor(name, plain);
  }
  return compared ?? "1";
}

/** An engine as the settings write it: with Django's path, or only its last part. */
function engineFor(name: string, plain: Evaluation): string {
  const fallback = plain.record.reads.map((read) => (read.name === name ? plainText(read.default) : undefined));
  const written = fallback.find((text) => text !== undefined);
  return written === undefined || written.includes(".")
    ? "django.db.backends.postgresql"
    : /^(sqlite3|postgresql|mysql|postgresql_psycopg2)$/.test(written)
      ? "postgresql"
      : "postgres";
}

/** @param evaluateMarked evaluates with values that tell variables apart */
function variablesOf(
  evaluation: Evaluation,
  evaluateMarked: (marks: Record<string, string>) => Evaluation,
): { isUrlMade: boolean; databaseVariables: Partial<Record<DatabasePart, string>> } {
  const from = (key: string): Names => {
    const value = entriesOf(evaluation)?.get(key);
    const names = value?.from ?? new Set<string>();
    // What is read from a file that a variable names, say, is not the variable's value.
    const isItsValue = (name: string) => entriesOf(evaluateMarked({ [name]: "1" }))?.get(key)?.kind !== "unknown";
    return value?.kind === "unknown" ? new Set([...names].filter(isItsValue)) : names;
  };
  // A URL is where host, name and the engine or the user all come from.
  const shared = [...from("HOST")].filter(
    (name) => from("NAME").has(name) && (from("ENGINE").has(name) || from("USER").has(name)),
  );
  const parts = shared.length > 1 ? partsOfMadeUrl(shared, evaluateMarked) : {};
  if (Object.keys(parts).length > 1) {
    return { isUrlMade: true, databaseVariables: parts };
  }
  const url = preferred(new Set(shared));
  const databaseVariables = url === undefined ? found((key) => preferred(from(key))) : { url };
  return { isUrlMade: false, databaseVariables };
}

/** Parts of a URL that settings make of variables: each variable gets a number, which says where it ends up. */
function partsOfMadeUrl(names: readonly string[], evaluateMarked: (marks: Record<string, string>) => Evaluation) {
  const marks = Object.fromEntries(names.map((name, index) => [name, String(40_001 + index)]));
  const entries = entriesOf(evaluateMarked(marks));
  return found((key) => names.find((name) => marks[name] === plainText(entries?.get(key))));
}

function found(nameOf: (key: string) => string | undefined): Partial<Record<DatabasePart, string>> {
  const parts: Partial<Record<DatabasePart, string>> = {};
  for (const [part, key] of keys) {
    const name = nameOf(key);
    if (name !== undefined) {
      parts[part] = name;
    }
  }
  return parts;
}

/** Of several variables the one that a process is given anyway, else the first. */
function preferred(names: Names): string | undefined {
  const all = [...names].filter((name) => !name.endsWith("_FILE"));
  return all.find((name) => /^(DATABASE_URL$|POSTGRES_|PG[A-Z])/.test(name)) ?? all[0];
}
