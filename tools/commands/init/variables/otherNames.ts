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
  `^(?:(?:DJANGO|APP|SITE)_)?(?:DB|SQL|DATABASE|POSTGRES|POSTGRESQL|PG|PSQL|RDS|RDS_DB|AZURE_POSTGRESQL|POSTGRES_DB|DEFAULT_DB|DATABASES__DEFAULT_)_?(${Object.keys(databaseParts).join("|")}|ENGINE|BACKEND)$`,
);

/** What of a database a variable names: the variable that is given for it, or "engine"; undefined for something else. */
export function databasePart(name: string): string | undefined {
  const part = ofDatabase.exec(name.toUpperCase())?.[1];
  return part === "ENGINE" || part === "BACKEND" ? "engine" : part && databaseParts[part];
}

/** What of a Redis a variable names, by its last word: the variable that is given for it. */
const redisParts: [pattern: RegExp, given: string][] = [
  [/^(HOST|HOSTNAME|SERVER|ADDRESS|ADDR|ENDPOINT)$/, "REDIS_HOST"],
  [/^PORT$/, "REDIS_PORT"],
  [/^(PASSWORD|PASS|PASSWD|PWD|AUTH)$/, "REDIS_PASSWORD"],
  [/^(URL|URI|DSN|LOCATION|BROKER|BACKEND|HOSTS|REDIS|CONNECTION)$/, "REDIS_URL"],
];

/** What the last word of a name says of a Redis; undefined for another thing, such as a number of the database. */
export function redisPartByLastWord(name: string): string | undefined {
  const last = name.toUpperCase().split("_").at(-1) ?? "";
  return redisParts.find(([pattern]) => pattern.test(last))?.[1];
}

/** The same for a name that has Redis in it, whoever reads it. */
export const redisPart = (name: string): string | undefined =>
  /(^|_)(REDIS|VALKEY)(_|$)/.test(name.toUpperCase()) ? redisPartByLastWord(name) : undefined;

/** Services that have a secret key of their own. */
const notOfServices =
  "(?!(AWS|S3|STRIPE|GOOGLE|GITHUB|FACEBOOK|TWITTER|LINKEDIN|OAUTH|JWT|RECAPTCHA|SOCIAL|PAYPAL|DO|SPACES|MINIO)_)";

/** Names under which projects read the key, the hosts and debug, and what each is given as. */
const otherNames: [pattern: RegExp, given: string][] = [
  [new RegExp(`^${notOfServices}[A-Z0-9]+_SECRET_KEY$`), "SECRET_KEY"],
  [new RegExp(`^${notOfServices}[A-Z0-9]+_SECRET_KEY_FILE$`), "SECRET_KEY_FILE"],
  [/^(DJANGO_)?CSRF_(TRUSTED_)?(ORIGINS|HOSTS)$|_CSRF_TRUSTED_ORIGINS$/, "CSRF_TRUSTED_ORIGINS"],
  // Others say whom a login may lead to, or what a page may show.
  [/^(?!.*(REDIRECT|CORS|PROXY|WEBHOOK|FRAME|CSP)_)(.*_)?ALLOWED_HOSTS?$/, "ALLOWED_HOSTS"],
  [/^[A-Z0-9]+_DEBUG$/, "DEBUG"],
];

/** The variable that is given for one of another name; undefined for none. */
export function givenFor(name: string): string | undefined {
  const found = otherNames.find(([pattern]) => pattern.test(name))?.[1];
  return found === name ? undefined : found;
}
