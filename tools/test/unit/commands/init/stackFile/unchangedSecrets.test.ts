import assert from "node:assert/strict";

import { sameValues } from "../../../../../commands/init/stackFile/unchangedSecrets";

describe("the secrets that a stack's file has by now", () => {
  it("are those whose value is the same", () => {
    const secret = (name: string, value: string) => ({ key: "secretEnv", name, value, where: ".env" });
    const config = {
      "kubernetes-django:env": { objectValue: { A: "1" } },
      "blog:secretEnv": { objectValue: { B: "new" } },
      "kubernetes-django:secretEnv": { objectValue: { A: "a", B: "b", "C.D": "c" } },
    };
    const secrets = [secret("A", "a"), secret("B", "new"), secret("C.D", "c"), secret("E", "e")];
    assert.deepEqual([...sameValues(secrets, config, "kubernetes-django")], ["secretEnv.A", "secretEnv.C.D"]);
    assert.deepEqual([...sameValues(secrets, config, "blog")], ["secretEnv.B"]);
  });
});
