import assert from "node:assert/strict";

import { readDatabaseUrl } from "../../../components/app/databaseUrl";
import { databaseVariables } from "../../../components/app/secretVariables";
import { isPrintedAlone } from "../helpers/problems";

describe("The URL of a database", () => {
  const urls: [
    what: string,
    url: string,
    parts: [host: string, port: string, name: string, user: string, password: string],
  ][] = [
    ["every part", "postgres://shop:pa55word@db.test:6432/orders", ["db.test", "6432", "orders", "shop", "pa55word"]],
    ["no port", "postgresql://shop:pa55word@db.test/orders", ["db.test", "5432", "orders", "shop", "pa55word"]],
    [
      "percent-encoded parts",
      "postgres://a%40b:p%2F%3A%25@db.test/my%20db",
      ["db.test", "5432", "my db", "a@b", "p/:%"],
    ],
    ["an IPv6 address", "postgres://shop:p@[2001:db8::7]:5433/orders", ["2001:db8::7", "5433", "orders", "shop", "p"]],
    ["options", "postgres://shop:p@db.test/orders?sslmode=require", ["db.test", "5432", "orders", "shop", "p"]],
    ["no password", "postgis://shop@db.test/orders", ["db.test", "5432", "orders", "shop", ""]],
  ];
  for (const [what, url, [host, port, name, user, password]] of urls) {
    it(`is read as it is written, and its parts as they are meant: ${what}`, () => {
      assert.deepEqual(readDatabaseUrl(url), {
        "database-url": url,
        "database-host": host,
        "database-port": port,
        "database-name": name,
        "database-user": user,
        "database-password": password,
      });
    });
  }

  for (const [what, url] of [
    ["no URL at all", "pa55word"],
    ["no scheme", "shop:pa55word@db.test/orders"],
    ["a host and a port", "localhost:5432/orders"],
    ["a % that encodes nothing", "postgres://shop:pa55word%@db.test/orders"],
    ["a port that is no number", "postgres://shop:pa55:word@db.test:port/orders"],
  ] as const) {
    it(`is refused, and not quoted, where the database's URL is none: ${what}`, () => {
      assert.throws(
        () => readDatabaseUrl(url),
        isPrintedAlone(
          'Config key "databaseUrl" is no URL: allowed is postgres://USER:PASSWORD@HOST:PORT/NAME, with special characters percent-encoded; run `pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME`.',
        ),
      );
    });
  }

  it("has a text for every variable", () => {
    assert.deepEqual(Object.keys(readDatabaseUrl("postgres://db.test/")), Object.keys(databaseVariables));
  });
});
