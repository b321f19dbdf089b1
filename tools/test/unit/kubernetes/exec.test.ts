import assert from "node:assert/strict";

import { execIn } from "../../../kubernetes/exec";
import { FakeExecServer } from "../live/fakeExec";

describe("A command in a container", () => {
  const server = new FakeExecServer(
    () => undefined,
    (exec) => {
      exec.say("tcp 0.0.0.0:8000");
      exec.fail("no such file");
    },
  );
  after(async () => {
    await server.stop();
  });

  it("has what it prints returned, whatever its exit code is", async () => {
    const context = { name: "test", server: await server.start(), skipTlsVerify: true } as never;
    const place = { namespace: "shop", pod: "web-1", container: "django-web" };
    assert.equal(await execIn(context, place, ["cat", "/proc/net/tcp"]), "tcp 0.0.0.0:8000\n");
    assert.deepEqual(server.execs[0]?.command, ["cat", "/proc/net/tcp"]);
  });
});
