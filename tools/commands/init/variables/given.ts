import { literally } from "../../../../components/app/commandLine";
import {
  databaseVariables,
  redisVariables,
  secretFileVariables,
  secretKeyVariables,
} from "../../../../components/app/secretVariables";
import type { Setting } from "../decision/decision";
import { givenFor } from "./otherNames";

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

/** What a service has beside a secret key of its own, by the ends of their names. */
const besideKey = ["ACCESS_KEY", "ACCESS_KEY_ID", "PUBLIC_KEY", "PUBLISHABLE_KEY", "SITE_KEY", "API_KEY", "CLIENT_ID"];

/**
 * A reference to the variable that is given under another name than the settings read; undefined for none.
 *
 * @param keyVariables what SECRET_KEY is made of
 */
export function givenUnderAnotherName(
  name: string,
  isRead: (name: string) => boolean,
  keyVariables: readonly string[],
): string | undefined {
  const found = givenFor(name);
  const [, prefix] = /^(.+)_SECRET_KEY$/.exec(name) ?? [];
  const isOfService =
    prefix !== undefined && !keyVariables.includes(name) && besideKey.some((end) => isRead(`${prefix}_${end}`));
  return found === undefined || isRead(found) || isOfService ? undefined : `$(${found})`;
}

/** An entry of `env`. A value that somebody wrote keeps its dollar signs. */
export function variable(name: string, value: string, where: string): Setting {
  return { key: "env", name, value: literally(value), where };
}

/** An entry of `env` whose value Kubernetes makes of variables that are given. */
export function reference(name: string, value: string, where: string): Setting {
  return { key: "env", name, value, where };
}
