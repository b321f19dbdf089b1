import assert from "node:assert/strict";

import { ownFilesNote } from "../../components/notes";

const sqlite = {
  database: "sqlite",
  databaseUrl: undefined,
  postgresVersion: 17,
  databaseStorage: undefined,
  protectData: true,
} as const;

describe("The note on files of SQLite", () => {
  it("names what has one of its own", () => {
    assert.equal(
      ownFilesNote(sqlite, ["worker", "nightly"]),
      "Each pod of web, worker, nightly has a file of SQLite of its own; databaseStorage keeps one that they share",
    );
  });

  it("is not there where there is one database, or one process", () => {
    assert.equal(ownFilesNote({ ...sqlite, databaseStorage: "1Gi" }, ["worker"]), undefined);
    assert.equal(ownFilesNote({ ...sqlite, database: "postgres" }, ["worker"]), undefined);
    assert.equal(ownFilesNote(sqlite, []), undefined);
  });
});
