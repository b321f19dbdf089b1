import assert from "node:assert/strict";
import { existsSync, utimesSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { networkReason, whyUnreachable } from "../../../../sandbox/install/hosts";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("A server from which tools are downloaded", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const memory = (host: string): string => `kubernetes-django/silent-hosts/${host}`;
  const servers: Server[] = [];

  /** Starts a server, and returns its host. */
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  beforeEach(() => {
    process.env.XDG_CACHE_HOME = folder.path();
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it("can be reached when it answers, whatever it answers, and is asked once", async () => {
    const requests: string[] = [];
    const host = await serve((request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      response.writeHead(403).end();
    });
    assert.equal(await whyUnreachable(`http://${host}`), undefined);
    assert.equal(await whyUnreachable(`http://${host}`), undefined);
    assert.deepEqual(requests, ["HEAD /"]);
  });

  it("that keeps silent is given up after a bounded time, and remembered for later processes", async () => {
    const host = await serve(() => undefined);
    assert.equal(await whyUnreachable(`http://${host}`, 50), `${host} did not answer within 0.05 s`);
    assert.equal(existsSync(folder.path(memory(host))), true);
  });

  it("that kept silent is asked again after an hour", async () => {
    const silentFor = async (host: string, minutes: number): Promise<string | undefined> => {
      folder.write({ [memory(host)]: "" });
      const then = Date.now() / 1_000 - minutes * 60;
      utimesSync(folder.path(memory(host)), then, then);
      return await whyUnreachable(`https://${host}`);
    };
    assert.equal(
      await silentFor("recent.invalid", 59),
      "recent.invalid did not answer when it was last asked, less than an hour ago",
    );
    assert.match((await silentFor("long-ago.invalid", 61)) ?? "", /^long-ago\.invalid cannot be reached \(E/);
  });
});

describe("The reason of a failed request", () => {
  it("is the operating system's code, or the message where there is none", () => {
    const cause = Object.assign(new Error("getaddrinfo failed"), { code: "ENOTFOUND" });
    assert.equal(networkReason(new TypeError("fetch failed", { cause })), "ENOTFOUND");
    assert.equal(networkReason(new TypeError("fetch failed", { cause: new Error("bad port") })), "bad port");
    assert.equal(networkReason(new Error("aborted")), "aborted");
    assert.equal(networkReason("aborted"), "aborted");
  });
});
