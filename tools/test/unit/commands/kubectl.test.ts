import assert from "node:assert/strict";

import { placeOf } from "../../../commands/kubectl";

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
