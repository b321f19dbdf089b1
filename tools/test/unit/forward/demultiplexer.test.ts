import assert from "node:assert/strict";

import { Demultiplexer } from "../../../forward/demultiplexer";

describe("A message of a port-forward WebSocket", () => {
  it("has its channel's bytes, after the port's number in the first of each channel, however it is cut", () => {
    const messages = new Demultiplexer();
    const read = (...bytes: number[]): [channel: number, bytes: number[]] => {
      const { channel, bytes: rest } = messages.read(Buffer.from(bytes));
      return [channel, [...rest]];
    };
    assert.deepEqual(read(0, 56), [0, []]);
    assert.deepEqual(read(1, 56, 21), [1, []]);
    assert.deepEqual(read(0, 21, 7, 8), [0, [7, 8]]);
    assert.deepEqual(read(0, 9), [0, [9]]);
    assert.deepEqual(read(1, 65), [1, [65]]);
    assert.deepEqual(read(), [-1, []]);
  });
});
