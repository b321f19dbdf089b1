import type { Machine } from "../interpreter/machine";
import {
  callable,
  derived,
  dict,
  none,
  object,
  plainText,
  text,
  truth,
  unknown,
  type Arguments,
  type Value,
} from "../interpreter/values";

const engines: Record<string, string> = {
  sqlite: "django.db.backends.sqlite3",
  spatialite: "django.contrib.gis.db.backends.spatialite",
  postgres: "django.db.backends.postgresql",
  postgresql: "django.db.backends.postgresql",
  psql: "django.db.backends.postgresql",
  pgsql: "django.db.backends.postgresql",
  postgis: "django.contrib.gis.db.backends.postgis",
  mysql: "django.db.backends.mysql",
  mysql2: "django.db.backends.mysql",
  mariadb: "django.db.backends.mysql",
  mysqlgis: "django.contrib.gis.db.backends.mysql",
  oracle: "django.db.backends.oracle",
};

/**
 * A database of Django's from a URL; its entries are not known where the URL is not.
 *
 * @param needsSsl whether connections have to be encrypted. @default no
 */
export function databaseOfUrl(url: Value, needsSsl: Value = none): Value {
  const written = plainText(url);
  const parts = written === undefined ? undefined : partsOf(written);
  const keys = ["ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT"];
  const entries = keys.map((key): [string, Value] => {
    const part = parts?.[key];
    return [key, derived(part === undefined ? unknown : text(part), url)];
  });
  if (truth(needsSsl) === true) {
    const mode = derived(text("require"), needsSsl);
    entries.push(["OPTIONS", dict(new Map([["sslmode", mode]]))]);
  }
  return derived(dict(new Map(entries)), url);
}

/** Parts of a URL as DATABASES names them, with the scheme for an ENGINE that is not known; undefined for no URL. */
export function partsOf(url: string): Record<string, string> | undefined {
  const match = /^([\w+.-]+):\/\/(?:([^:@/]*)(?::([^/]*|[^@]*))?@)?([^:/]*|\[[^\]]*\])(?::(\d*))?(?:\/([^?]*))?/.exec(
    url,
  );
  const [, scheme = "", user = "", password = "", host = "", port = "", name = ""] = match ?? [];
  const engine = engines[scheme.split("+")[0] ?? ""];
  return match
    ? { ENGINE: engine ?? scheme, NAME: name, USER: user, PASSWORD: password, HOST: host, PORT: port }
    : undefined;
}

/** `dj_database_url`. */
export function djDatabaseUrl(machine: Machine): Value {
  const parse = callable(({ positional: [url = none], named }) => databaseOfUrl(url, named.get("ssl_require")));
  const config = callable((args: Arguments) => {
    const name = plainText(args.named.get("env") ?? args.positional[0]) ?? "DATABASE_URL";
    const fallback = args.named.get("default") ?? args.positional[1];
    const url = machine.record.read(name, fallback ?? none, "KeyError");
    return url.kind === "none" ? derived(dict(new Map()), url) : databaseOfUrl(url, args.named.get("ssl_require"));
  });
  return object({
    label: "dj_database_url",
    attribute: (name) => (name === "config" ? config : name === "parse" ? parse : undefined),
  });
}
