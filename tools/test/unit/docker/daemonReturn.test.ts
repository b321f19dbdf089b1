import assert from "node:assert/strict";

import { awayDaemon, untilDaemonAnswers } from "../../../docker/daemonReturn";
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

  it("is waited for until it answers, not only until something listens there", async () => {
    let requests = 0;
    const port = await serve((request, response) => {
      requests++;
      (requests < 4 ? always(503) : answer)(request, response);
    });
    const environment = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    await untilDaemonAnswers(environment, new AbortController().signal, pauseMilliseconds);
    assert.equal(requests, 4);
  });

  it("is waited for while its socket is not there", async () => {
    const { environment, socket } = here();
    const waiting = untilDaemonAnswers(environment, new AbortController().signal, pauseMilliseconds);
    let isBack = false;
    const isAfter = waiting.then(() => isBack);
    await new Promise((resolve) => setTimeout(resolve, 10 * pauseMilliseconds));
    isBack = true;
    await serve(answer, { socket });
    assert.equal(await isAfter, true);
  });

  it("is not waited for once the wait is aborted", async () => {
    const { environment } = here();
    const abort = new AbortController();
    const waiting = untilDaemonAnswers(environment, abort.signal, pauseMilliseconds);
    abort.abort();
    await assert.rejects(waiting, { name: "AbortError" });
  });

  it("does not count as back when it answers in a wait that was aborted", async () => {
    const { environment, socket } = here();
    await serve(answer, { socket });
    await assert.rejects(untilDaemonAnswers(environment, AbortSignal.abort(), pauseMilliseconds), {
      name: "AbortError",
    });
  });
});
