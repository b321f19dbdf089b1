import assert from "node:assert/strict";
import { once } from "node:events";
import type http from "node:http";

import { DaemonWatch } from "../../../docker/daemonWatch";
import { writeCertificate } from "../../../../test/unit/helpers/certificates";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { localServers } from "../../../../test/unit/helpers/servers";

describe("The watch of a Docker daemon", () => {
  const { serve } = localServers();
  const folder = temporaryFolder();
  let watch: DaemonWatch;
  /** Ends what the daemon tells of its events, as its own end does. */
  let endEvents: Promise<() => Promise<void>>;

  const daemon = (): http.RequestListener => {
    let begun: (end: () => Promise<void>) => void;
    endEvents = new Promise((resolve) => (begun = resolve));
    return (request, response) => {
      if (request.url?.startsWith("/events?") === true) {
        response.writeHead(200).flushHeaders();
        begun(async () => {
          response.end();
          await once(response, "close");
        });
      } else {
        response.end(JSON.stringify({ ID: "daemon-1", Architecture: "x86_64" }));
      }
    };
  };
  afterEach(() => {
    watch.stop();
  });

  it("sees nothing amiss while the daemon stays", async () => {
    const socket = folder.path("docker.sock");
    await serve(daemon(), { socket });
    watch = new DaemonWatch({ DOCKER_HOST: `unix://${socket}` });
    watch.start();
    await endEvents;
    assert.equal(await watch.loss(), undefined);
  });

  it("notices that it was away, though it answers again", async () => {
    const host = `tcp://127.0.0.1:${await serve(daemon())}`;
    watch = new DaemonWatch({ DOCKER_HOST: host });
    watch.start();
    await (
      await endEvents
    )();
    assert.deepEqual(await watch.loss(), { host, reason: undefined });
  });

  it("says why it does not answer", async () => {
    const host = `unix://${folder.path("gone.sock")}`;
    watch = new DaemonWatch({ DOCKER_HOST: host });
    watch.start();
    assert.deepEqual(await watch.loss(), { host, reason: "ENOENT" });
  });

  it("signs in with the certificates that the docker CLI would", async () => {
    const { cert, key } = writeCertificate(folder.path());
    const tls = { ca: cert, cert, key, requestCert: true, rejectUnauthorized: true };
    const host = `tcp://127.0.0.1:${await serve(daemon(), { tls })}`;
    watch = new DaemonWatch({ DOCKER_HOST: host, DOCKER_CERT_PATH: folder.path(), DOCKER_TLS_VERIFY: "1" });
    watch.start();
    await endEvents;
    assert.equal(await watch.loss(), undefined);
  });

  it("knows of no loss where it was not started, nor where no daemon is named", async () => {
    watch = new DaemonWatch({ DOCKER_HOST: "unix:///nowhere" });
    assert.equal(await watch.loss(), undefined);
    watch = new DaemonWatch({});
    watch.start();
    assert.equal(await watch.loss(), undefined);
  });
});
