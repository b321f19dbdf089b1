import assert from "node:assert/strict";

import { encryptedIn } from "../../../../../commands/init/stackFile/encryptValues";

describe("Encrypted values", () => {
  it("are those of the app, whatever others have under the same names", () => {
    const config = {
      "kubernetes-django:secretEnv": { TOKEN: { secure: "v1:shop" } },
      "blog:secretEnv": { TOKEN: { secure: "v1:blog" } },
    };
    const secret = { key: "secretEnv", name: "TOKEN", value: "t", where: ".env" };
    const found = ["kubernetes-django", "blog"].map((app) => encryptedIn(config, app, [secret])[0]?.encrypted);
    assert.deepEqual(found, ["v1:shop", "v1:blog"]);
  });
});
