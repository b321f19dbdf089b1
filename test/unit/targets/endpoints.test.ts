import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { endpoints } from "../../../components/targets/endpoints";
import { writeCertificate } from "../helpers/certificates";
import { contextOf } from "../helpers/contexts";
import { ownEnvironment } from "../helpers/environment";
import { temporaryFolder } from "../helpers/folders";
import { always, closedPort, localServers } from "../helpers/servers";

const kubeSystem = { kind: "Namespace", metadata: { name: "kube-system", uid: "5ed7a8f0" } };
const info = {
  ID: "daemon-1",
  Architecture: "x86_64",
  Driver: "overlay2",
  DriverStatus: [["Backing Filesystem", "extfs"]],
};

describe("The probe of a cluster", () => {
  const { serve } = localServers();
  const folder = temporaryFolder();

  it("identifies the cluster by the uid of kube-system", async () => {
    const asked: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      asked.push(request.url);
      always(200, kubeSystem)(request, response);
    });
    assert.equal(await endpoints.cluster(contextOf(`http://127.0.0.1:${port}`)), "5ed7a8f0");
    assert.deepEqual(asked, ["/api/v1/namespaces/kube-system"]);
  });

  it("signs in over TLS with the context's certificate and trusts the context's authority", async () => {
    const { cert, key } = writeCertificate(folder.path());
    const tls = { ca: cert, cert, key, requestCert: true };
    const url = `https://127.0.0.1:${await serve(always(200, kubeSystem), { tls })}`;
    const known = contextOf(url, { ca: cert, client: { cert, key } });
    assert.equal(await endpoints.cluster(known), "5ed7a8f0");
    await assert.rejects(endpoints.cluster({ ...known, ca: undefined }), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    assert.equal(await endpoints.cluster({ ...known, ca: undefined, skipTlsVerify: true }), "5ed7a8f0");
    await assert.rejects(endpoints.cluster({ ...known, client: undefined }));
  });

  for (const status of [401, 403, 404]) {
    it(`leaves a cluster that answers ${status} without an identity`, async () => {
      const url = `http://127.0.0.1:${await serve(always(status, { kind: "Status" }))}`;
      assert.equal(await endpoints.cluster(contextOf(url)), undefined);
    });
  }

  it("leaves a cluster whose namespace has no uid without an identity", async () => {
    const url = `http://127.0.0.1:${await serve(always(200, {}))}`;
    assert.equal(await endpoints.cluster(contextOf(url)), undefined);
  });

  for (const status of [429, 500, 503]) {
    it(`asks a server that answers ${status} once more, after the time that it says`, async () => {
      const times: number[] = [];
      const port = await serve((request, response) => {
        times.push(Date.now());
        if (times.length === 1) {
          response.writeHead(status, { "retry-after": "1" }).end();
          return;
        }
        always(200, kubeSystem)(request, response);
      });
      assert.equal(await endpoints.cluster(contextOf(`http://127.0.0.1:${port}`)), "5ed7a8f0");
      const [first = NaN, second = NaN] = times;
      assert.ok(second - first >= 990, `${second - first} ms`);
    });
  }

  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "b" } };
  for (const [status, sight] of [
    [403, "hidden"],
    [404, "absent"],
  ] as const) {
    it(`sees that an object is ${sight} where the answer is ${status}`, async () => {
      const url = `http://127.0.0.1:${await serve(always(status))}`;
      assert.equal(await endpoints.see(contextOf(url), pod), sight);
    });
  }

  it("sees an object, and the items of a list", async () => {
    const url = `http://127.0.0.1:${await serve(always(200, { items: [pod] }))}`;
    assert.deepEqual(await endpoints.see(contextOf(url), pod), { items: [pod] });
    assert.deepEqual(await endpoints.list(contextOf(url), "/api/v1/pods"), [pod]);
  });

  for (const status of [500, 503]) {
    it(`fails when the API server answers ${status}`, async () => {
      const port = await serve(always(status));
      await assert.rejects(endpoints.cluster(contextOf(`http://127.0.0.1:${port}`)), {
        message: `it answers ${status}`,
      });
    });
  }

  it("fails when nothing listens", async () => {
    const port = await closedPort();
    await assert.rejects(endpoints.cluster(contextOf(`http://127.0.0.1:${port}`)), { code: "ECONNREFUSED" });
  });

  it("fails when the answer breaks off", async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      setImmediate(() => response.destroy());
    });
    await assert.rejects(endpoints.cluster(contextOf(`http://127.0.0.1:${port}`)), { code: "ECONNRESET" });
  });

  const places: [server: string, hostname: string, port: string | number, path: string][] = [
    ["http://127.0.0.1:8001", "127.0.0.1", "8001", "/api/v1/namespaces/kube-system"],
    ["http://[::1]:8001/", "::1", "8001", "/api/v1/namespaces/kube-system"],
    ["http://gateway/k8s/clusters/c-1", "gateway", 80, "/k8s/clusters/c-1/api/v1/namespaces/kube-system"],
  ];
  for (const [server, hostname, port, path] of places) {
    it(`asks ${server} where its URL says`, async () => {
      const original = http.request;
      const asked: unknown[] = [];
      http.request = (options: unknown) => {
        const { hostname, port, path } = options as http.RequestOptions;
        asked.push([hostname, port, path]);
        throw new Error("asked");
      };
      try {
        await assert.rejects(endpoints.cluster(contextOf(server)), { message: "asked" });
        assert.deepEqual(asked, [[hostname, port, path]]);
      } finally {
        http.request = original;
      }
    });
  }

  it("gives up after 20 seconds of silence", async () => {
    const original = http.request;
    const timeouts: unknown[] = [];
    http.request = (options: unknown, ...rest: unknown[]) => {
      timeouts.push((options as http.RequestOptions).timeout);
      return original({ ...(options as http.RequestOptions), timeout: 5 }, ...(rest as []));
    };
    try {
      const port = await serve(() => undefined);
      await assert.rejects(endpoints.cluster(contextOf(`http://127.0.0.1:${port}`)), {
        message: "no answer within 20 s",
      });
      assert.deepEqual(timeouts, [20_000]);
    } finally {
      http.request = original;
    }
  });
});

describe("The probe of a Docker daemon", () => {
  ownEnvironment();
  const { serve } = localServers();
  const folder = temporaryFolder();

  it("asks it over its unix socket for its id, platform, image store and system", async () => {
    const asked: (string | undefined)[] = [];
    const socket = folder.path("docker.sock");
    const system = "Docker Desktop";
    await serve(
      (request, response) => {
        asked.push(request.url);
        always(200, { ...info, OperatingSystem: system })(request, response);
      },
      { socket },
    );
    const facts = await endpoints.daemon({ host: `unix://${socket}` }, {});
    assert.deepEqual(facts, { id: "daemon-1", platform: "linux/amd64", containerdStore: false, system });
    assert.deepEqual(asked, ["/info"]);
  });

  it("asks it over TCP", async () => {
    const port = await serve(always(200, info));
    assert.equal((await endpoints.daemon({ host: `tcp://127.0.0.1:${port}` }, {})).id, "daemon-1");
  });

  for (const [host, options] of [
    ["tcp://[::1]:2375", { hostname: "::1", port: "2375" }],
    // As Node.js connects to a named pipe of Windows.
    ["npipe:////./pipe/dockerDesktopLinuxEngine", { socketPath: "//./pipe/dockerDesktopLinuxEngine" }],
  ] as const) {
    it(`asks ${host} where its address says`, async () => {
      const original = http.request;
      const asked: unknown[] = [];
      http.request = (options: unknown) => {
        asked.push(options);
        throw new Error("asked");
      };
      try {
        await assert.rejects(endpoints.daemon({ host }, {}), { message: "asked" });
        assert.deepEqual(asked, [{ ...options, path: "/info", agent: false, timeout: 20_000 }]);
      } finally {
        http.request = original;
      }
    });
  }

  it("asks it over TLS when it has certificates, and shows its own", async () => {
    const { cert, key } = writeCertificate(folder.path());
    const tls = { ca: cert, cert, key, requestCert: true };
    const host = `tcp://127.0.0.1:${await serve(always(200, info), { tls })}`;
    const shown = { ca: cert, cert, key };
    assert.equal((await endpoints.daemon({ host }, shown)).id, "daemon-1");
    await assert.rejects(endpoints.daemon({ host }, {}), "a daemon with TLS does not talk without");
  });

  it("says that a daemon asks for TLS which is reached without", async () => {
    const said = "Client sent an HTTP request to an HTTPS server.\n";
    const port = await serve((_, response) => response.writeHead(400).end(said));
    const asked = endpoints.daemon({ host: `tcp://127.0.0.1:${port}` }, {});
    await assert.rejects(asked, { message: "it asks for TLS" });
  });

  it("asks through ssh with the docker CLI", async () => {
    const answer = { ...info, OperatingSystem: "Debian GNU/Linux 12 (bookworm)" };
    folder.write({
      "bin/docker": {
        executable: `#!/bin/sh\necho "$@" > ${folder.path("asked")}\necho '${JSON.stringify(answer)}'\n`,
      },
    });
    process.env["PATH"] = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
    const { id, system } = await endpoints.daemon({ host: "ssh://me@build.test" }, {});
    assert.deepEqual([id, system], ["daemon-1", "Debian GNU/Linux 12 (bookworm)"]);
    assert.equal(
      fs.readFileSync(folder.path("asked"), "utf8"),
      "--host ssh://me@build.test info --format {{json .}}\n",
    );
  });

  it("says what the docker CLI says of a daemon that ssh does not reach", async () => {
    const answer = { ServerErrors: ["error during connect: Could not resolve hostname build.test"] };
    folder.write({ "bin/docker": { executable: `#!/bin/sh\necho '${JSON.stringify(answer)}'\nexit 1\n` } });
    process.env["PATH"] = [folder.path("bin"), process.env["PATH"]].join(path.delimiter);
    await assert.rejects(endpoints.daemon({ host: "ssh://me@build.test" }, {}), {
      message: "error during connect: Could not resolve hostname build.test",
    });
  });

  const answers: [what: string, more: object, facts: object][] = [
    ["an ARM machine", { Architecture: "aarch64" }, { platform: "linux/arm64" }],
    ["a machine Docker names as Go does", { Architecture: "riscv64" }, { platform: "linux/riscv64" }],
    [
      "containerd's image store",
      { DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] },
      { containerdStore: true },
    ],
    ["a driver without a status", { DriverStatus: null }, { containerdStore: false }],
  ];
  for (const [what, more, facts] of answers) {
    it(`recognises ${what}`, async () => {
      const port = await serve(always(200, { ...info, ...more }));
      const { id, platform, containerdStore } = await endpoints.daemon({ host: `tcp://127.0.0.1:${port}` }, {});
      const expected = { id: "daemon-1", platform: "linux/amd64", containerdStore: false, ...facts };
      assert.deepEqual({ id, platform, containerdStore }, expected);
    });
  }

  it("fails when it answers anything but 200", async () => {
    const port = await serve(always(403));
    await assert.rejects(endpoints.daemon({ host: `tcp://127.0.0.1:${port}` }, {}), { message: "it answers 403" });
  });

  it("fails when its socket is not there", async () => {
    await assert.rejects(endpoints.daemon({ host: `unix://${folder.path("docker.sock")}` }, {}), { code: "ENOENT" });
  });
});
