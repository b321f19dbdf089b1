import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";

import { type KubeContext, readKubeContext } from "../../../components/targets/kubeconfig";
import { type Certificate, writeCertificate } from "../helpers/certificates";
import { contextOf } from "../helpers/contexts";
import { temporaryFolder } from "../helpers/folders";
import { isProblem } from "../helpers/problems";
import { always, closedPort, localServers } from "../helpers/servers";
import { type ApiRequest, read, readIfThere, send } from "../../../components/kubernetes/client";

describe("A request to the API server", () => {
  const { serve } = localServers();
  /** What the server gets for a request. */
  const sent = async (request: ApiRequest, path = ""): Promise<string> => {
    let got = "";
    const port = await serve((incoming, response) => {
      const { method = "", url = "", headers } = incoming;
      got = [method, url, headers["content-type"]].filter(Boolean).join(" ");
      incoming.on("data", (chunk: Buffer) => (got += ` ${chunk.toString()}`));
      incoming.on("end", () => response.end());
    });
    await send(contextOf(`http://127.0.0.1:${port}${path}`), request);
    return got;
  };

  it("goes to its path with its query", async () => {
    const request = { path: "/api/v1/pods", query: { labelSelector: "app=django,tier in (web)" } };
    assert.equal(await sent(request), "GET /api/v1/pods?labelSelector=app%3Ddjango%2Ctier+in+%28web%29");
  });

  it("goes below the path that the API server has behind a gateway", async () => {
    assert.equal(await sent({ path: "/version" }, "/k8s/clusters/c-1/"), "GET /k8s/clusters/c-1/version");
  });

  it("carries an object for server-side apply", async () => {
    const request = { method: "PATCH", path: "/api/v1/nodes/a", query: { force: "true" }, object: { a: 1 } } as const;
    assert.equal(await sent(request), 'PATCH /api/v1/nodes/a?force=true application/apply-patch+yaml {"a":1}');
  });

  it("fails when there is no answer in its time", async () => {
    const context = contextOf(`http://127.0.0.1:${await serve(() => undefined)}`);
    await assert.rejects(send(context, { path: "/version", timeoutSeconds: 0.01 }), {
      message: "no answer within 0.01 s",
    });
  });

  it("fails when the answer breaks off", async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      setImmediate(() => response.destroy());
    });
    await assert.rejects(send(contextOf(`http://127.0.0.1:${port}`), { path: "/" }), { code: "ECONNRESET" });
  });
});

describe("What is read from the API server", () => {
  const { serve } = localServers();
  const key = { apiVersion: "v1", kind: "Node", metadata: { name: "a" } };
  const answering = async (status: number): Promise<KubeContext> =>
    contextOf(`http://127.0.0.1:${await serve(always(status, { kind: "Node" }))}`);

  it("is the object", async () => {
    assert.deepEqual(await read(await answering(200), "/api/v1/nodes/a"), { kind: "Node" });
    assert.deepEqual(await readIfThere(await answering(200), key), { kind: "Node" });
  });

  it("is a problem when the cluster refuses it", async () => {
    const problem = isProblem(
      'The cluster of kube context "dev" answers 403 to GET /api/v1/nodes/a; run `kubectl --context dev get --raw /api/v1/nodes/a` to see why.',
    );
    await assert.rejects(read(await answering(403), "/api/v1/nodes/a"), problem);
    await assert.rejects(readIfThere(await answering(403), key), problem);
  });

  it("is a problem in the API server's own words", async () => {
    const message =
      'nodes "a" is forbidden: User "bob" cannot get resource "nodes" in API group "" at the cluster scope';
    const port = await serve(always(403, { kind: "Status", message }));
    const context = contextOf(`http://127.0.0.1:${port}`);
    const problem = isProblem(
      `The cluster of kube context "dev" answers 403 to GET /api/v1/nodes/a (${message}); run \`kubectl --context dev get --raw /api/v1/nodes/a\` to see why.`,
    );
    await assert.rejects(read(context, "/api/v1/nodes/a"), problem);
    await assert.rejects(readIfThere(context, key), problem);
  });

  it("is a problem that time may not mend where the API server fails", async () => {
    const message = 'conversion webhook for "shop.test/v1, Kind=Shop" failed: no endpoints available';
    const port = await serve(always(500, { kind: "Status", message }));
    await assert.rejects(
      read(contextOf(`http://127.0.0.1:${port}`), "/api/v1/nodes/a"),
      isProblem(
        `The cluster of kube context "dev" answers 500 to GET /api/v1/nodes/a (${message}); run \`kubectl --context dev get --raw /api/v1/nodes/a\` to see why.`,
      ),
    );
  });

  it("needs credentials that it takes", async () => {
    await assert.rejects(
      read(await answering(401), "/api/v1/nodes/a"),
      isProblem(
        'The cluster of kube context "dev" answers 401 to GET /api/v1/nodes/a; your credentials for it are wrong or have expired: sign in to it again, and then run this again.',
      ),
    );
  });

  it("is asked for again of a server that is busy, which is said when it stays so", async () => {
    await assert.rejects(
      read(await answering(503), "/api/v1/nodes/a"),
      isProblem(
        'The cluster of kube context "dev" answers 503 to GET /api/v1/nodes/a; it is overloaded or starts: run this again in a moment.',
      ),
    );
  });

  it("is asked for again where a server hangs up", async () => {
    let asked = 0;
    const port = await serve((incoming, response) => {
      asked += 1;
      if (asked === 1) {
        incoming.socket.resetAndDestroy();
      } else {
        response.end(JSON.stringify({ kind: "Node" }));
      }
    });
    assert.deepEqual(await read(contextOf(`http://127.0.0.1:${port}`), "/api/v1/nodes/a"), { kind: "Node" });
  });

  it("may be missing only where that is asked", async () => {
    assert.equal(await readIfThere(await answering(404), key), undefined);
    await assert.rejects(read(await answering(404), "/api/v1/nodes/a"), /answers 404 to GET/);
  });

  it("is a problem when nothing answers", async () => {
    const server = `http://127.0.0.1:${await closedPort()}`;
    await assert.rejects(
      read(contextOf(server), "/version"),
      isProblem(
        `The cluster of kube context "dev" at ${server} cannot be reached (ECONNREFUSED); run \`npm run doctor\` to see what helps.`,
      ),
    );
  });
});

describe("A kube context signs in", () => {
  const { serve } = localServers();
  const folder = temporaryFolder();
  let certificate: Certificate;
  let server: string;

  beforeEach(async () => {
    certificate = writeCertificate(folder.path());
    const asked = { ca: certificate.cert, cert: certificate.cert, key: certificate.key, requestCert: true };
    const port = await serve(
      ({ headers, socket }, response) => {
        const signed = "authorized" in socket && socket.authorized === true ? "certificate" : "nobody";
        const resumed = socket instanceof tls.TLSSocket && socket.isSessionReused() ? " of the session before" : "";
        response.end(headers.authorization ?? signed + resumed);
      },
      { tls: { ...asked, rejectUnauthorized: false } },
    );
    server = `https://127.0.0.1:${port}`;
  });

  const contextWith = (user: object, cluster: object = {}): KubeContext => {
    const config = {
      contexts: [{ name: "dev", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server, "certificate-authority": "ca.pem", ...cluster } }],
      users: [{ name: "u", user }],
    };
    folder.write({ config: JSON.stringify(config) });
    return readKubeContext([folder.path("config")], "dev", "");
  };
  /** As what a server sees the user of a context. */
  const seenIn = async (context: KubeContext): Promise<string> => (await send(context, { path: "/version" })).body;
  const seen = async (user: object, cluster?: object): Promise<string> => await seenIn(contextWith(user, cluster));
  const withCertificate = { "client-certificate": "cert.pem", "client-key": "key.pem" };

  it("with its certificate", async () => {
    assert.equal(await seen(withCertificate), "certificate");
  });

  it("once: later requests go on with the TLS session", async () => {
    const context = contextWith(withCertificate);
    assert.equal(await seenIn(context), "certificate");
    assert.equal(await seenIn(context), "certificate of the session before");
    assert.equal(await seenIn(contextWith(withCertificate)), "certificate");
  });

  it("with its token", async () => {
    assert.equal(await seen({ token: "secret" }), "Bearer secret");
  });

  it("with the token that is in its file at that time", async () => {
    folder.write({ token: "first\n" });
    assert.equal(await seen({ tokenFile: "token", token: "other" }), "Bearer first");
    folder.write({ token: "second\n" });
    assert.equal(await seen({ tokenFile: "token" }), "Bearer second");
  });

  it("with what its exec plugin prints", async () => {
    const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential" };
    const printed = JSON.stringify({ ...credential, status: { token: "from-plugin" } });
    const exec = { apiVersion: credential.apiVersion, command: "printf", args: ["%s", printed] };
    assert.equal(await seen({ exec }), "Bearer from-plugin");
  });

  it("asking for the server's name that its cluster says, with its certificate", async () => {
    await assert.rejects(seen(withCertificate, { "tls-server-name": "api.example" }), {
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  it("with nothing where there is no TLS", async () => {
    const plain = `http://127.0.0.1:${await serve(({ headers }, response) => response.end(headers.authorization ?? ""))}`;
    assert.equal(await seen({ token: "secret" }, { server: plain }), "");
  });

  it("through the proxy of its cluster", async () => {
    const connected: string[] = [];
    const proxy = http.createServer().on("connect", ({ url = "" }: http.IncomingMessage, socket: net.Socket) => {
      connected.push(url);
      const [host = "", port] = url.split(":");
      const upstream = net.connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = proxy.address() as net.AddressInfo;
      assert.equal(await seen(withCertificate, { "proxy-url": `http://127.0.0.1:${port}` }), "certificate");
      assert.deepEqual(connected, [new URL(server).host]);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });
});
