import type { Template } from "../../rollout/kubernetes";

/** What a program on this machine signs in to a server with. */
export interface Server {
  kind: "database" | "redis";
  /** "" where the server has no users. */
  user: string;
  /** Of the database; a number for Redis. */
  database: string;
  /** Name of the Secret that has the password under `password`. */
  secret: string | undefined;
}

/** How a server is signed in to, by what its pods are made from. */
export function serverOf(kind: Server["kind"], { spec }: Template): Server {
  const secret = spec?.volumes?.find(({ name }) => name === "secret")?.secret?.secretName;
  const variable = (name: string): string =>
    spec?.containers.flatMap(({ env = [] }) => env).find((each) => each.name === name)?.value ?? "";
  return kind === "database"
    ? { kind, user: variable("POSTGRES_USER"), database: variable("POSTGRES_DB"), secret }
    : { kind, user: "", database: "0", secret };
}

/** The URL of a server behind an address of this machine. */
export function urlOf({ kind, user, database }: Server, address: string, password = ""): string {
  const scheme = kind === "database" ? "postgres" : "redis";
  const signIn = password === "" ? user : `${user}:${password}`;
  return `${scheme}://${signIn === "" ? "" : `${signIn}@`}${address}/${database}`;
}

/** The command line that opens the server's own client. */
export function clientCommand(server: Server, address: string): string {
  const url = urlOf(server, address);
  return server.kind === "database" ? `psql ${url}` : `redis-cli --askpass -u ${url}`;
}
