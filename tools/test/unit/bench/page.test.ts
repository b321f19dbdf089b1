import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

import { untilServedForGood } from "../../../bench/page";

describe("the bench's page", () => {
  it("is served for good when no answer without its text follows, and the command is done", async () => {
    const answers = ["new", "old", "new"];
    const times: number[] = [];
    const asked = new EventEmitter();
    const server = http.createServer((_, response) => {
      times.push(performance.now());
      response.end(answers.shift() ?? "new");
      asked.emit(String(times.length));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const settled = once(asked, "5").then(() => undefined);
      const { port } = server.address() as AddressInfo;
      const since = await untilServedForGood(`http://127.0.0.1:${port}/`, "new", settled);
      const [, , third = NaN, fourth = NaN] = times;
      assert.ok(since >= third && since <= fourth);
      assert.ok(times.length > 5);
    } finally {
      server.close();
    }
  });
});
