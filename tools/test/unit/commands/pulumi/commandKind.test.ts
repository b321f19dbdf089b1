import assert from "node:assert/strict";

import { type CommandKind, kindOf, stackNamed, withFlags } from "../../../../commands/pulumi/commandKind";
import { takeStack } from "../../../../commands/stackFlag";

describe("a command of the Pulumi CLI", () => {
  const kinds: [line: string, kind: CommandKind][] = [
    ["config", "config"],
    ["config set target sandbox --stack dev", "config"],
    ["--color never config set --secret a b", "config"],
    ["stack output url", "state"],
    ["stack", "state"],
    ["stack ls", "none"],
    ["stack init dev", "none"],
    ["-s dev state unprotect --all", "state"],
    ["cancel", "state"],
    ["preview --diff", "cluster"],
    ["up --yes", "cluster"],
    ["config --help", "none"],
    ["login", "login"],
    ["version", "none"],
    ["", "none"],
  ];
  for (const [line, kind] of kinds) {
    it(`works on ${kind}: pulumi ${line}`, () => {
      assert.equal(kindOf(line.split(" ").filter(Boolean)), kind);
    });
  }

  it("gets its flags before what follows two dashes", () => {
    assert.deepEqual(withFlags(["config", "set", "a", "--", "-v"], "--stack", "dev"), [
      "config",
      "set",
      "a",
      "--stack",
      "dev",
      "--",
      "-v",
    ]);
  });

  it("names a stack to remove with and without the flag", () => {
    const lines = [
      "stack rm old --yes",
      "stack rm -s old",
      "--color never stack rm old",
      "stack rm",
      "stack output url",
    ];
    assert.deepEqual(
      lines.map((line) => stackNamed(line.split(" "))),
      ["old", "old", "old", undefined, undefined],
    );
  });

  const named: [args: string[], stack: string | undefined, rest: string[]][] = [
    [["get", "pods"], undefined, ["get", "pods"]],
    [["--stack", "dev", "get", "pods"], "dev", ["get", "pods"]],
    [["get", "--stack=dev", "pods"], "dev", ["get", "pods"]],
    [["get", "-s", "dev"], "dev", ["get"]],
    [["exec", "web", "--", "ps", "-s"], undefined, ["exec", "web", "--", "ps", "-s"]],
  ];
  for (const [args, stack, rest] of named) {
    it(`names ${stack ?? "no stack"}: ${args.join(" ")}`, () => {
      assert.deepEqual(takeStack(args), { stack, rest });
    });
  }
});
