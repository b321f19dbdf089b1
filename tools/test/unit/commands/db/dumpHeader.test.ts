import assert from "node:assert/strict";

import { majorOf, readDumpHeader } from "../../../../commands/db/dumpHeader";
import { dumpHeader } from "./dumps";

describe("The header of a dump", () => {
  for (const [release, archive] of [
    ["15", [1, 14, 0]],
    ["17", [1, 16, 0]],
  ] as [string, [number, number, number]][]) {
    it(`names the server and the client, as Postgres ${release} writes it`, () => {
      const server = `${release}.6 (Debian ${release}.6-0+deb13u1)`;
      assert.deepEqual(readDumpHeader(dumpHeader(server, `${release}.4`, archive)), { server, client: `${release}.4` });
      assert.equal(majorOf(server), Number(release));
    });
  }

  it("is that of no other file", () => {
    assert.equal(readDumpHeader(Buffer.from("CREATE TABLE shelf ();")), undefined);
    assert.equal(readDumpHeader(Buffer.from("PGDMP")), undefined);
    assert.equal(readDumpHeader(Buffer.alloc(0)), undefined);
  });
});
