import assert from "node:assert/strict";

import { type Beat, PodStream, type StreamEvents } from "../../../live/podStream";
import type { Listing } from "../../../live/podPaths";
import { until } from "../../../../test/unit/helpers/until";
import { type FakeExec, FakeExecServer } from "./fakeExec";

describe("The stream to the agent of a pod", () => {
  const told: string[] = [];
  const events: StreamEvents = {
    onSuperseded: () => told.push("superseded"),
    onEnded: ({ exitCode }) => told.push(`ended ${exitCode}`),
    onError: (reason) => told.push(reason),
  };
  const nothing: Listing = { files: [], links: [], folders: [] };
  const change = { remove: [], folders: [], links: [], files: [], contents: [] };
  /** A machine with much to do answers late. */
  const patient: Beat = { every: 20, limit: 10_000 };
  const open = async (beat: Beat): Promise<PodStream> => {
    const context = { name: "test", server: address, skipTlsVerify: true } as never;
    const place = { namespace: "shop", pod: "web-1", container: "django-web" };
    return await PodStream.to(context, place, "/venv/bin/python", events, beat);
  };
  let address: string;
  let answers: boolean;
  let server: FakeExecServer;
  let stream: PodStream;

  beforeEach(async () => {
    told.length = 0;
    answers = true;
    server = new FakeExecServer(({ do: what, id }, exec) => {
      if (!answers) {
        return;
      }
      switch (what) {
        case "ping":
          exec.say({ is: "pong", id });
          break;
        case "open":
          exec.say({ is: "open", wanted: ["/app/shop.py"], removed: 1 });
          break;
        case "change":
          exec.say({ is: "changed", id, what: "restarted", seconds: 0.07 });
      }
    });
    address = await server.start();
    stream = await open(patient);
  });
  afterEach(async () => {
    stream.end();
    await server.stop();
  });
  const only = (): FakeExec => {
    const [exec] = server.execs;
    assert.ok(exec);
    return exec;
  };

  it("runs the agent by the pod's own Python, and says what the pod is to have", async () => {
    const listing = { ...nothing, links: [["/app/link.py", "shop.py"]] as [string, string][] };
    assert.deepEqual(await stream.begin(["/app/old.py"], listing, true), {
      is: "open",
      wanted: ["/app/shop.py"],
      removed: 1,
    });
    assert.deepEqual(only().command, ["/venv/bin/python", "/run/live-reload/agent.py", "sync"]);
    assert.deepEqual(
      only().lines.find((line) => line.do === "open"),
      { do: "open", base: ["/app/old.py"], debugger: true, ...listing },
    );
  });

  it("sends contents as they are, after their line", async () => {
    const contents = [Buffer.from([0, 10, 13, 255]), Buffer.alloc(3 << 20, "x")];
    const files: [string, number, number][] = [
      ["/app/a", 0o644, 4],
      ["/app/b", 0o755, 3 << 20],
    ];
    const { what } = (await stream.change({ ...change, files, contents }, "restart")) as { what: string };
    assert.equal(what, "restarted");
    await until("all of it has come", () => only().input.includes(Buffer.concat(contents)));
  });

  it("gives each change its own answer", async () => {
    const both = await Promise.all([stream.change(change, "restart"), stream.change(change, "nothing")]);
    assert.deepEqual(
      both.map(({ id }) => id),
      [1, 2],
    );
  });

  it("passes on what the agent says by itself", async () => {
    only().say({ is: "superseded" });
    only().say({ is: "ended", exitCode: 3 });
    only().say({ is: "error", reason: "debugpy is not installed in the image" });
    await until("all is told", () => told.length === 3);
    assert.deepEqual(told, ["superseded", "ended 3", "debugpy is not installed in the image"]);
  });

  it("ends where nothing answers any more, and with it what waits", async () => {
    answers = false;
    stream.end();
    stream = await open({ every: 20, limit: 50 });
    const changed = stream.change(change, "restart");
    assert.equal(await stream.closed, "it does not answer");
    await assert.rejects(changed, { message: "it does not answer" });
    await assert.rejects(stream.change(change, "restart"));
  });

  it("ends with the agent's last words", async () => {
    only().fail("Traceback\nModuleNotFoundError: No module named 'sync'");
    assert.equal(await stream.closed, "ModuleNotFoundError: No module named 'sync'");
  });

  it("ends where the agent says what is no JSON", async () => {
    only().say("hello");
    assert.equal(await stream.closed, "the agent says what is no JSON: hello");
  });

  it("says which file cannot be put right at the beginning", async () => {
    answers = false;
    const begun = stream.begin([], nothing, false);
    answers = true;
    only().say({ is: "refused", path: "/app/shop.py", reason: "Read-only file system" });
    await assert.rejects(begun, { message: "it cannot write /app/shop.py: Read-only file system" });
  });
});
