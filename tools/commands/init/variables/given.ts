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

/** A reference to the variable that is given under another name than the settings read; undefined for none. */
export function givenUnderAnotherName(name: string, isRead: (name: string) => boolean): string | undefined {
  const found = givenFor(name);
  return found === undefined || isRead(found) ? undefined : `$(${found})`;
}

/** An entry of `env`. A value that somebody wrote keeps its dollar signs. */
export function variable(name: string, value: string, where: string): Setting {
  return { key: "env", name, value: literally(value), where };
}

/** An entry of `env` whose value Kubernetes makes of variables that are given. */
export function reference(name: string, value: string, where: string): Setting {
  return { key: "env", name, value, where };
}
