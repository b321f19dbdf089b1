import assert from "node:assert/strict";

import type { Look } from "../../../../commands/db/look";
import { type Backup, refuseNewerServer, refuseRestore } from "../../../../commands/db/refuse";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("A restore", () => {
  const dump = (server: string, client = server): Backup => ({ kind: "postgres", header: { server, client } });
  const postgres = (server: number, client = server, filled: string[] = []): Look => ({
    inWords: `Postgres ${server}.6`,
    majors: { server, client },
    bytes: 8_000_000,
    filled,
  });
  const sqlite: Look = { inWords: "SQLite 3.46.1", majors: undefined, bytes: 4096, filled: [] };
  const restore =
    (backup: Backup, look: Look, isForced = false): (() => void) =>
    () => {
      refuseRestore(backup, look, { stack: "dev", file: "shop.dump", isForced });
    };

  it("goes into an empty database of the same and of a newer version", () => {
    restore(dump("17.4"), postgres(17))();
    restore(dump("15.12", "15.12"), postgres(17))();
    restore({ kind: "sqlite" }, sqlite)();
  });

  it("does not go into an older version", () => {
    assert.throws(
      restore(dump("17.4"), postgres(15)),
      isProblem(
        "shop.dump is a backup of Postgres 17, and the server of stack dev is Postgres 15: a restore goes to the same or to a newer version; name an older backup, or restore it into a newer server.",
      ),
    );
  });

  it("counts the version of pg_dump, which decides what the dump is written in", () => {
    assert.throws(restore(dump("15.12", "17.4"), postgres(15)), /is a backup of Postgres 17/);
  });

  it("does not use a client of another version than the server's", () => {
    assert.throws(
      restore(dump("15.12"), postgres(15, 17)),
      isProblem(
        "The server of stack dev is Postgres 15, and pg_restore of version 17 restores to its own version only; run `pulumi config set postgresVersion 15 --stack dev`.",
      ),
    );
  });

  it("does not take one kind of database for another", () => {
    assert.throws(
      restore({ kind: "sqlite" }, postgres(17)),
      isProblem(
        "shop.dump is a backup of SQLite, and the database of stack dev is Postgres 17.6; name a backup of the same kind.",
      ),
    );
    assert.throws(restore(dump("17.4"), sqlite), /is a backup of Postgres, and the database of stack dev is SQLite/);
  });

  it("replaces rows only if it is forced to", () => {
    assert.throws(
      restore(dump("17.4"), postgres(17, 17, ["shop_order"])),
      isProblem(
        "The database of stack dev is not empty: table shop_order has rows, which a restore replaces; run `npm run db:backup -- dev FILE` to keep them, and add --force to replace them.",
      ),
    );
    assert.throws(
      restore(dump("17.4"), postgres(17, 17, ["a", "b", "c", "d", "e"])),
      /: tables a, b, c and 2 more have rows, which/,
    );
    restore(dump("17.4"), postgres(17, 17, ["shop_order"]), true)();
  });

  it("is of a backup whose client was as new as the server", () => {
    refuseNewerServer("dev", postgres(15, 17));
    assert.throws(() => {
      refuseNewerServer("dev", postgres(18, 17));
    }, isProblem("The server of stack dev is Postgres 18, and pg_dump of version 17 cannot dump it; run `pulumi config set postgresVersion 18 --stack dev`."));
  });
});
