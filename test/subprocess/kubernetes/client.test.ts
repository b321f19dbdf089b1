import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";

import { temporaryFolder } from "../../unit/helpers/folders";

describe("A request to the API server", () => {
  const folder = temporaryFolder();

  it("needs no client library when a certificate or a token is all it takes", () => {
    const config = {
      contexts: [{ name: "dev", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    };
    const users = {
      token: [{ name: "u", user: { token: "secret" } }],
      plugin: [{ name: "u", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "false" } } }],
    };
    for (const [name, list] of Object.entries(users)) {
      fs.writeFileSync(folder.path(name), JSON.stringify({ ...config, users: list }));
    }
    const script = `
      require("tsx/cjs");
      const { readKubeContext } = require("./components/targets/kubeconfig.ts");
      const { send } = require("./components/kubernetes/client.ts");
      const loaded = async (file) => {
        await send(readKubeContext([file], "dev", ""), { path: "/" }).catch(() => undefined);
        return Object.keys(require.cache).some((each) => each.includes("/node_modules/hpagent/"));
      };
      (async () => console.log(await loaded(process.argv[1]), await loaded(process.argv[2])))();
    `;
    const files = Object.keys(users).map((name) => folder.path(name));
    assert.equal(execFileSync(process.execPath, ["-e", script, ...files], { encoding: "utf8" }).trim(), "false true");
  });
});
