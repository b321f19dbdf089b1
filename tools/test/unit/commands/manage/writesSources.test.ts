import assert from "node:assert/strict";

import { readCommand } from "../../../../commands/manage/writesSources";

describe("A command of manage.py", () => {
  const cases: [typed: string[], writesSources: boolean, args?: string[]][] = [
    [["makemigrations", "--check"], true],
    [["startapp", "polls"], true],
    [["squashmigrations", "polls", "0002"], true],
    [["makemessages", "--locale", "de"], true],
    [["migrate"], false],
    [["shell", "--command", "print('makemigrations')"], false],
    [["dumpdata"], false],
    [["dumpdata", "--output=polls.json"], true],
    [["dumpdata", "-o", "polls.json"], true],
    [["--write", "mycommand", "--write"], true, ["mycommand", "--write"]],
    [["mycommand", "--write"], false],
    [["--version"], false],
  ];
  for (const [typed, writesSources, args = typed] of cases) {
    it(`${writesSources ? "runs on a copy of the sources" : "runs in the image's folder"}: ${typed.join(" ")}`, () => {
      assert.deepEqual(readCommand(typed), { args, writesSources });
    });
  }
});
