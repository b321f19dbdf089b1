import assert from "node:assert/strict";

import { readCommand } from "../../../../commands/manage/command";

import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("A command of manage.py", () => {
  const cases: [typed: string[], writesSources: boolean, args?: string[], process?: string][] = [
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
    [["--in", "worker", "migrate", "--in", "x"], false, ["migrate", "--in", "x"], "worker"],
    [["--in=worker", "--write", "mycommand"], true, ["mycommand"], "worker"],
    [["--write", "--in", "worker", "mycommand"], true, ["mycommand"], "worker"],
    [["--version"], false],
  ];
  for (const [typed, writesSources, args = typed, process = "web"] of cases) {
    it(`${writesSources ? "runs on a copy of the sources" : "runs in the image's folder"}, in process ${process}: ${typed.join(" ")}`, () => {
      assert.deepEqual(readCommand(typed), { args, writesSources, process });
    });
  }

  it("may be of another app of the stack", () => {
    const { app, process, args } = readCommand(["--app", "blog", "--in=worker", "migrate", "--app", "x"]);
    assert.deepEqual([app, process, args], ["blog", "worker", ["migrate", "--app", "x"]]);
    assert.equal(readCommand(["--app=blog", "migrate"]).app, "blog");
  });

  it("is one", () => {
    assert.throws(
      () => readCommand(["--in", "worker"]),
      isProblem("No command follows manage.py; name one, such as `npm run manage -- STACK check`."),
    );
  });
});
