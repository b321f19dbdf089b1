import assert from "node:assert/strict";
import type http from "node:http";

import { awayDaemon, untilDaemonAnswers } from "../../../docker/daemonReturn";
import { askDaemon } from "../../../../components/targets/daemon";
import { thisHost } from "../../../../components/targets/host";
import { targets } from "../../../../components/targets/target";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { always, localServers } from "../../../../test/unit/helpers/servers";

const answer = always(200, { ID: "daemon-1", Architecture: "x86_64" });
const pauseMilliseconds = 5;

describe("A Docker daemon that was needed", () => {
  const { serve } = localServers();
  const folder = temporaryFolder();
  /** The environment of a build, and the address in it. */
  const here = (): { environment: NodeJS.ProcessEnv; host: string; socket: string } => {
    const socket = folder.path("docker.sock");
    const host = `unix://${socket}`;
    return { environment: { DOCKER_HOST: host }, host, socket };
  };

  it("is away when nothing is at its socket, when nobody listens there, and when it fails", async () => {
    const { environment, host } = here();
    assert.deepEqual(await awayDaemon(environment), { host, reason: "ENOENT" });
    folder.write({ "docker.sock": "" });
    assert.deepEqual(await awayDaemon(environment), { host, reason: "ECONNREFUSED" });
    const port = await serve(always(503));
    const failing = `tcp://127.0.0.1:${port}`;
    assert.deepEqual(await awayDaemon({ DOCKER_HOST: failing }), { host: failing, reason: "it answers 503" });
  });

  it("is not away when it answers, nor where the environment names none", async () => {
    const { environment, socket } = here();
    await serve(answer, { socket });
    assert.equal(await awayDaemon(environment), undefined);
    assert.equal(await awayDaemon({}), undefined);
  });

  /** Where Docker Desktop listens on macOS: the second place that is looked at on Linux. */
  const desktopSocket = (): string => folder.path(".docker", "run", "docker.sock");
  const untilBack = async (signal: AbortSignal): Promise<void> => {
    const host = { ...thisHost, home: folder.path(), environment: {} };
    const ask = async (): Promise<void> => {
      const location = await targets["docker-desktop"].locate({ minikubeProfile: "minikube" }, host);
      await askDaemon("docker-desktop", location, host);
    };
    await untilDaemonAnswers(ask, signal, pauseMilliseconds);
  };
  const { signal } = new AbortController();

  it("is waited for until it answers, not only until something listens there", async () => {
    folder.write({ ".docker/run/other": "" });
    let requests = 0;
    const starting: http.RequestListener = (request, response) => {
      requests++;
      (requests < 4 ? always(503) : answer)(request, response);
    };
    await serve(starting, { socket: desktopSocket() });
    await untilBack(signal);
    assert.ok(requests >= 4);
  });

  it("is waited for while no socket is there, at whichever it comes back", async () => {
    folder.write({ ".docker/run/other": "" });
    const waiting = untilBack(signal);
    let isBack = false;
    const isAfter = waiting.then(() => isBack);
    await new Promise((resolve) => setTimeout(resolve, 10 * pauseMilliseconds));
    isBack = true;
    await serve(answer, { socket: desktopSocket() });
    assert.equal(await isAfter, true);
  });

  it("is not waited for once the wait is aborted", async () => {
    const abort = new AbortController();
    const waiting = untilBack(abort.signal);
    abort.abort();
    await assert.rejects(waiting, { name: "AbortError" });
  });

  it("does not count as back when it answers in a wait that was aborted", async () => {
    folder.write({ ".docker/run/other": "" });
    await serve(answer, { socket: desktopSocket() });
    await assert.rejects(untilBack(AbortSignal.abort()), { name: "AbortError" });
  });
});
