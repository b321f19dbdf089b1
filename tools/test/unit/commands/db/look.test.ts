import assert from "node:assert/strict";

import { readLook } from "../../../../commands/db/look";

describe("What a look at a database prints", () => {
  it("is read for Postgres", () => {
    const printed =
      "17.6 (Debian 17.6-0+deb13u1)\npg_dump (PostgreSQL) 16.4 (Debian 16.4-1)\n7602703\nauth_user\nbook\n";
    assert.deepEqual(readLook("postgres", printed), {
      inWords: "Postgres 17.6",
      majors: { server: 17, client: 16 },
      bytes: 7602703,
      filled: ["auth_user", "book"],
    });
  });

  it("is read for SQLite", () => {
    assert.deepEqual(readLook("sqlite", "3.46.1\n4096\n"), {
      inWords: "SQLite 3.46.1",
      majors: undefined,
      bytes: 4096,
      filled: [],
    });
  });
});
