import { Problem } from "../../../components/problem";
import { type DumpHeader, majorOf } from "./dumpHeader";
import type { Look } from "./look";

/** A file that is to be restored, by its first bytes. */
export type Backup = { kind: "postgres"; header: DumpHeader } | { kind: "sqlite" };

/** Refuses a client that is older than the server, whose dump would not be whole. Throws a `Problem`. */
export function refuseNewerServer(stack: string, { majors }: Look): void {
  if (majors !== undefined && majors.client < majors.server) {
    throw new Problem(
      `The server of stack ${stack} is Postgres ${majors.server}, and pg_dump of version ${majors.client} cannot dump it`,
      `run \`pulumi config set postgresVersion ${majors.server} --stack ${stack}\``,
    );
  }
}

/**
 * Refuses a restore that cannot succeed, or that replaces data nobody said may go.
 *
 * @param named the app, as commands name it. @default the stack's first one
 * @param isForced whether what is there may go
 * @throws a `Problem`
 */
export function refuseRestore(
  backup: Backup,
  look: Look,
  { stack, named = stack, file, isForced }: { stack: string; named?: string; file: string; isForced: boolean },
): void {
  const { majors, filled } = look;
  if ((majors === undefined) !== (backup.kind === "sqlite")) {
    throw new Problem(
      `${file} is a backup of ${backup.kind === "sqlite" ? "SQLite" : "Postgres"}, and the database of stack ${stack} is ${look.inWords}`,
      "name a backup of the same kind",
    );
  }
  if (majors !== undefined && backup.kind === "postgres") {
    if (majors.client !== majors.server) {
      throw new Problem(
        `The server of stack ${stack} is Postgres ${majors.server}, and pg_restore of version ${majors.client} restores to its own version only`,
        `run \`pulumi config set postgresVersion ${majors.server} --stack ${stack}\``,
      );
    }
    const of = Math.max(majorOf(backup.header.server), majorOf(backup.header.client));
    if (of > majors.server) {
      throw new Problem(
        `${file} is a backup of Postgres ${of}, and the server of stack ${stack} is Postgres ${majors.server}: a restore goes to the same or to a newer version`,
        "name an older backup, or restore it into a newer server",
      );
    }
  }
  if (filled.length > 0 && !isForced) {
    const names = filled.slice(0, 3).join(", ");
    const more = filled.length > 3 ? ` and ${filled.length - 3} more` : "";
    throw new Problem(
      `The database of stack ${stack} is not empty: ${filled.length === 1 ? "table" : "tables"} ${names}${more} ${filled.length === 1 ? "has" : "have"} rows, which a restore replaces`,
      `run \`npm run db:backup -- ${named} FILE\` to keep them, and add --force to replace them`,
    );
  }
}
