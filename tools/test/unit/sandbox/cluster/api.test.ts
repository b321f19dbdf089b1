import assert from "node:assert/strict";
import fs from "node:fs/promises";
import https from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { apiApply, apiGet } from "../../../../sandbox/cluster/api";
import { local, pkiFolder } from "../../../../sandbox/cluster/kinds";
import { authority, issue, writePair } from "../../../../sandbox/cluster/pki";
import type { ClusterPlan } from "../../../../sandbox/cluster/plan";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The API server of the sandbox", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  let server: https.Server | undefined;
  const asked: string[] = [];

  const serve = async (status: number, body: string): Promise<ClusterPlan> => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    process.env["XDG_DATA_HOME"] = folder.path();
    const pki = pkiFolder(local);
    const ca = await authority(pki, "cluster-ca");
    await writePair(pki, "admin", await issue(ca, "CN=admin"));
    const own = await issue(ca, "CN=server", [{ type: "ip", value: "127.0.0.1" }]);
    const tls = { ca: await fs.readFile(path.join(pki, "cluster-ca.pem")), requestCert: true };
    const started = https.createServer({ ...tls, cert: own.certificatePem, key: own.keyPem }, (request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const type = request.headers["content-type"];
        asked.push([request.method, request.url, type, text].filter(Boolean).join(" "));
        response.writeHead(status).end(body);
      });
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    const { port } = started.address() as AddressInfo;
    return { address: "127.0.0.1", ports: { apiServer: port } } as ClusterPlan;
  };
  const close = async (): Promise<void> => {
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
  };
  afterEach(async () => {
    asked.splice(0);
    if (server) await close();
  });
  const object = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "standard" } };

  it("is read from as its administrator", async () => {
    assert.equal(await apiGet(local, await serve(200, "ok"), "/readyz"), "ok");
    assert.deepEqual(asked, ["GET /readyz"]);
  });

  it("is not taken for ready when it says that it is not, or nothing", async () => {
    const plan = await serve(500, "not yet");
    assert.equal(await apiGet(local, plan, "/readyz"), undefined);
    await close();
    assert.equal(await apiGet(local, plan, "/readyz"), undefined);
  });

  it("is given objects that may be there already", async () => {
    await apiApply(local, await serve(201, ""), object);
    const url = "/apis/storage.k8s.io/v1/storageclasses/standard?fieldManager=kubernetes-django-sandbox&force=true";
    assert.deepEqual(asked, [`PATCH ${url} application/apply-patch+yaml ${JSON.stringify(object)}`]);
  });

  it("that refuses an object is quoted", async () => {
    await assert.rejects(apiApply(local, await serve(403, "no rights"), object), {
      message:
        "The sandbox's StorageClass standard cannot be created:\n  | no rights\nRun `npm run up -- sandbox` again.",
    });
  });
});
