import assert from "node:assert/strict";
import net from "node:net";
import { setTimeout } from "node:timers/promises";

import { request } from "../../components/http";
import { localServers } from "./helpers/servers";

describe("A request with a limit for its connection", () => {
  const { serve } = localServers();
  const limits = { isSecure: false, timeoutSeconds: 60, connectSeconds: 0.05 };

  it("fails where there is none in that time", async () => {
    const createConnection = (): net.Socket => Object.assign(new net.Socket(), { connecting: true });
    await assert.rejects(request({ createConnection }, limits), { message: "no connection within 0.05 s" });
  });

  it("has the other limit for its answer", async () => {
    const port = await serve((_, response) => void setTimeout(200).then(() => response.end("late")));
    const { status, body } = await request({ host: "127.0.0.1", port }, limits);
    assert.deepEqual({ status, body }, { status: 200, body: "late" });
  });
});
