import { Problem } from "../problem";
import { forPulumi } from "../runError";

/**
 * Reads the URL of a Postgres.
 *
 * @returns a text for each key of `databaseVariables`
 * @throws what Pulumi shows as one sentence, for what is no URL
 */
export function readDatabaseUrl(written: string): Record<string, string> {
  try {
    const url = new URL(written);
    if (!url.href.startsWith(`${url.protocol}//`)) {
      // Without a scheme the user or the host is taken for one.
      throw new URIError(url.protocol);
    }
    return {
      // As it is written: a driver may read more into it than these parts.
      "database-url": written,
      "database-host": decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1"),
      "database-port": url.port || "5432",
      "database-name": decodeURIComponent(url.pathname.slice(1)),
      "database-user": decodeURIComponent(url.username),
      "database-password": decodeURIComponent(url.password),
    };
  } catch {
    // No error quotes the URL: where it is wrong, the password may be anywhere in it.
    throw forPulumi(
      new Problem(
        'Config key "databaseUrl" is no URL: allowed is postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters percent-encoded',
        "run `pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME`",
      ),
    );
  }
}
