import {
  databaseVariables,
  redisVariables,
  secretFileVariables,
  secretKeyVariables,
} from "../../../../components/app/secretVariables";
import type { Setting } from "../decision/decision";

/** Variables that every process is given. */
const always = [
  "PORT",
  "POD_NAME",
  "IMAGE_TAG",
  "DEBUG",
  "ALLOWED_HOSTS",
  "DJANGO_ALLOWED_HOSTS",
  "ALLOWED_HOSTS_SPACED",
  "CSRF_TRUSTED_ORIGINS",
  ...secretKeyVariables,
  secretFileVariables.secretKey,
  "SERVED_OVER_HTTPS",
  "SQLITE_PATH",
];

/** Those that it is given with `database: postgres`. */
const withPostgres = [...Object.values(databaseVariables).flat(), secretFileVariables.databaseUrl];

/** Those that it is given with a Redis. */
const withRedis = Object.values(redisVariables).flat();

/** The servers of a stack. */
export interface Servers {
  database: "sqlite" | "postgres";
  hasRedis: boolean;
}

/** Whether the program gives a process a variable by itself. */
export function isGiven(name: string, { database, hasRedis }: Servers): boolean {
  return (
    always.includes(name) ||
    (database === "postgres" && withPostgres.includes(name)) ||
    (hasRedis && withRedis.includes(name))
  );
}

/** Variables that a process is given, by the end of the names that projects have for what of a database they say. */
const databaseParts: Record<string, string> = {
  HOST: "PGHOST",
  HOSTNAME: "PGHOST",
  SERVER: "PGHOST",
  PORT: "PGPORT",
  NAME: "PGDATABASE",
  DB: "PGDATABASE",
  DBNAME: "PGDATABASE",
  DB_NAME: "PGDATABASE",
  DATABASE: "PGDATABASE",
  USER: "PGUSER",
  USERNAME: "PGUSER",
  PASSWORD: "PGPASSWORD",
  PASS: "PGPASSWORD",
  PASSWD: "PGPASSWORD",
  PWD: "PGPASSWORD",
  URL: "DATABASE_URL",
  URI: "DATABASE_URL",
};

const ofDatabase = new RegExp(
  `^(?:(?:DJANGO|APP|SITE)_)?(?:DB|SQL|DATABASE|POSTGRES|POSTGRESQL|PG|PSQL|RDS|AZURE_POSTGRESQL|POSTGRES_DB|DEFAULT_DB)_?(${Object.keys(databaseParts).join("|")}|ENGINE|BACKEND)$`,
);

/** What of a database a variable names: the variable that is given for it, or "engine"; undefined for something else. */
export function databasePart(name: string): string | undefined {
  const part = ofDatabase.exec(name.toUpperCase())?.[1];
  return part === "ENGINE" || part === "BACKEND" ? "engine" : part && databaseParts[part];
}

/** Services that have a secret key of their own. */
const notOfServices =
  "(?!(AWS|S3|STRIPE|GOOGLE|GITHUB|FACEBOOK|TWITTER|LINKEDIN|OAUTH|JWT|RECAPTCHA|SOCIAL|PAYPAL|DO|SPACES|MINIO)_)";

/** Names under which projects read the key, the hosts and debug, other than those that are given. */
const otherNames: [pattern: RegExp, given: string][] = [
  [new RegExp(`^${notOfServices}[A-Z0-9]+_SECRET_KEY$`), "SECRET_KEY"],
  [new RegExp(`^${notOfServices}[A-Z0-9]+_SECRET_KEY_FILE$`), "SECRET_KEY_FILE"],
  [/^(DJANGO_)?CSRF_(TRUSTED_)?(ORIGINS|HOSTS)$|_CSRF_TRUSTED_ORIGINS$/, "CSRF_TRUSTED_ORIGINS"],
  [/_ALLOWED_HOSTS?$/, "ALLOWED_HOSTS"],
  [/^[A-Z0-9]+_DEBUG$/, "DEBUG"],
];

/** A reference to the variable that is given under another name than the settings read; undefined for none. */
export function givenUnderAnotherName(name: string, isRead: (name: string) => boolean): string | undefined {
  const found = otherNames.find(([pattern, given]) => pattern.test(name) && !isRead(given));
  return found && `$(${found[1]})`;
}

/** An entry of `env`. A value that somebody wrote keeps its dollar signs, which Kubernetes would replace. */
export function variable(name: string, value: string, where: string): Setting {
  return { key: "env", name, value: value.replaceAll("$(", "$$$$("), where };
}

/** An entry of `env` whose value Kubernetes makes of variables that are given. */
export function reference(name: string, value: string, where: string): Setting {
  return { key: "env", name, value, where };
}
