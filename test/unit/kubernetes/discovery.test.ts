import assert from "node:assert/strict";

import { namespacedKinds } from "../../../components/kubernetes/discovery";
import { localServers } from "../helpers/servers";

const kind = (name: string, more: object = {}): object => ({
  name,
  kind: name.toUpperCase(),
  namespaced: true,
  verbs: ["get", "list"],
  ...more,
});

describe("The kinds of a cluster", () => {
  const { serve } = localServers();

  it("are those that are in namespaces and listed, without those of a server that refuses", async () => {
    const groups = ["example.test/v1", "gone.test/v1"].map((groupVersion) => ({ preferredVersion: { groupVersion } }));
    const answers: Record<string, object> = {
      "/apis": { groups },
      "/api/v1": {
        resources: [
          kind("pods"),
          kind("pods/log"),
          kind("nodes", { namespaced: false }),
          kind("bindings", { verbs: ["create"] }),
        ],
      },
      "/apis/example.test/v1": { resources: [kind("vaults")] },
    };
    const port = await serve((request, response) => {
      const answer = answers[request.url ?? ""];
      response.writeHead(answer === undefined ? 403 : 200).end(JSON.stringify(answer ?? {}));
    });
    const server = `http://127.0.0.1:${port}`;
    const context = { name: "dev", server, ca: undefined, skipTlsVerify: false, client: undefined };
    assert.deepEqual(await namespacedKinds(context), [
      { kind: "PODS", path: "/api/v1/namespaces/%/pods" },
      { kind: "VAULTS", path: "/apis/example.test/v1/namespaces/%/vaults" },
    ]);
  });
});
