import assert from "node:assert/strict";

import { Problem } from "../../../../../components/problem";
import { takeOver, type TakenOver } from "../../../../commands/env/takeOver";
import { StackFileText } from "../../../../commands/init/stackFile/editStackFile";
import { parseDotenv } from "../../../../commands/init/variables/dotenv";

const taken = (
  text: string,
  stack = "config: {}\n",
  database: "sqlite" | "postgres" = "sqlite",
  hasRedis = false,
): TakenOver =>
  takeOver(parseDotenv(text), {
    from: ".env",
    file: new StackFileText(stack, "Pulumi.dev.yaml"),
    servers: { database, hasRedis },
  });

describe("a .env file that is taken over", () => {
  it("is told apart by names and contents", () => {
    const { settings, secrets } = taken("EMAIL_HOST=smtp.se\nAPI_TOKEN=abc\nCACHE=redis://:pass@host\n");
    assert.deepEqual(
      settings.map(({ name, value }) => [name, value]),
      [["EMAIL_HOST", "smtp.se"]],
    );
    assert.deepEqual(
      secrets.map(({ name, value, why }) => [name, value, why]),
      [
        ["API_TOKEN", "abc", "name"],
        ["CACHE", "redis://:pass@host", "content"],
      ],
    );
  });

  it("leaves what is so already, and keeps secret what is a secret there", () => {
    const stack =
      "config:\n  kubernetes-django:env:\n    A: a\n    T_TOKEN: x\n  kubernetes-django:secretEnv:\n    B:\n      secure: v1:b\n";
    const { settings, secrets, same, removed } = taken("A=a\nB=b\nT_TOKEN=x\n", stack);
    assert.deepEqual([settings, same.map(({ name }) => name)], [[], ["A"]]);
    assert.deepEqual(
      secrets.map(({ name, why }) => [name, why]),
      [
        ["B", "entry in secretEnv"],
        ["T_TOKEN", "name"],
      ],
    );
    assert.deepEqual(removed, [{ key: "env", name: "T_TOKEN" }]);
  });

  it("encrypts what Pulumi would lose in plain text", () => {
    const { settings, secrets } = taken('A="\\n\\ta"\nB="a\\nb"\nC=" a"\n');
    assert.deepEqual(
      settings.map(({ name, value }) => [name, value]),
      [
        ["B", "a\nb"],
        ["C", " a"],
      ],
    );
    assert.deepEqual(
      secrets.map(({ name, value, why }) => [name, value, why]),
      [["A", "\n\ta", "leading blanks, which Pulumi would lose"]],
    );
  });

  it("says what wins over the program's own, what has no value and what is not understood", () => {
    assert.deepEqual(taken("PORT=1\nDATABASE_URL=x\nEMPTY\nA B\n", undefined, "postgres").notes, [
      "The program gives these by itself, and the values of the file win: PORT, DATABASE_URL",
      "Without a value, and left out: EMPTY",
      "Not understood, and left out: .env:4",
    ]);
  });

  it("is refused for a value that no process can be given", () => {
    assert.throws(
      () => taken(`FIT=${"x".repeat(131_066)}\nLONG=${"x".repeat(131_067)}\n`),
      (error) =>
        error instanceof Problem &&
        error.failed ===
          ".env: the value of LONG (128 KiB) is longer than the 128 KiB that Linux gives a process in one variable",
    );
  });

  it("says that Redis' variables are the program's own where the stack has one", () => {
    const text = "REDIS_HOST=redis\nCELERY_BROKER_URL=redis://redis\nCACHE_HOST=redis\n";
    assert.deepEqual(taken(text, undefined, "sqlite", true).notes, [
      "The program gives these by itself, and the values of the file win: REDIS_HOST, CELERY_BROKER_URL",
    ]);
    assert.deepEqual(taken(text).notes, []);
  });

  it("is refused for names that the program refuses", () => {
    assert.throws(
      () => taken("A=1\n2ND=1\nmy-name=1\n"),
      (error) =>
        error instanceof Problem &&
        error.failed ===
          '.env has "2ND" (line 2), "my-name" (line 3): allowed are names of letters, digits and _ that do not begin with a digit',
    );
  });
});
