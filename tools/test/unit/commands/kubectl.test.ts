import assert from "node:assert/strict";

import { endedBy, placed, placeOf } from "../../../commands/kubectl";
import { isProblem } from "../../../../test/unit/helpers/problems";
import { takeStackFirst } from "../../../commands/stackFlag";

describe("`npm run kubectl`", () => {
  const missing = (): never => assert.fail("the stack's context is looked up");

  it("leads to the stack's cluster and namespace", () => {
    const place = ["--context", "docker-desktop", "--namespace", "shop"];
    for (const args of [
      ["get", "pods"],
      ["exec", "web", "--", "tool", "--context", "a"],
    ]) {
      assert.deepEqual(
        placeOf(args, "shop", () => "docker-desktop"),
        place,
      );
    }
  });

  it("takes the stack as the first word, too, as other commands do", async () => {
    const take = async (...args: string[]): ReturnType<typeof takeStackFirst> =>
      await takeStackFirst(args, async (word) => await Promise.resolve(word === "debug"), ["dev", "debug"]);
    assert.deepEqual(await take("dev", "get", "pods"), { stack: "dev", rest: ["get", "pods"] });
    for (const args of [
      ["get", "pods"],
      ["debug", "web"],
    ]) {
      assert.deepEqual(await take(...args), { stack: undefined, rest: args });
    }
    assert.deepEqual(await take("debug", "web", "--stack", "dev"), { stack: "dev", rest: ["debug", "web"] });
  });

  it("does not work on another stack where a flag names none", async () => {
    for (const [args, flag] of [
      [["delete", "pod", "web", "--stack"], "--stack"],
      [["--stack=", "get", "pods"], "--stack="],
      [["exec", "web", "-s", "--", "sh"], "-s"],
    ] as const) {
      await assert.rejects(
        takeStackFirst(args, async () => await Promise.resolve(false)),
        isProblem(`No stack follows ${flag}; name one, as in \`--stack dev\`.`),
      );
    }
  });

  it("names the place behind a command, which may be a plugin's", () => {
    assert.deepEqual(placed(["neat", "get"], ["--context", "dev"]), ["neat", "--context", "dev", "get"]);
    assert.deepEqual(placed(["--help"], ["--context", "dev"]), ["--context", "dev", "--help"]);
    assert.deepEqual(placed([], ["--context", "dev"]), ["--context", "dev"]);
  });

  it("ends with a shell's exit code where kubectl has none", () => {
    assert.deepEqual([endedBy("SIGKILL"), endedBy("SIGINT"), endedBy(undefined)], [137, 130, 127]);
  });

  it("needs no context of the stack for a command that names one, or is about all of them", () => {
    for (const args of [
      ["--context", "a", "get", "pods"],
      ["get", "pods", "--context=a"],
    ]) {
      assert.deepEqual(placeOf(args, "shop", missing), ["--namespace", "shop"]);
    }
    assert.deepEqual(placeOf(["config", "get-contexts"], "shop", missing), []);
  });
});
