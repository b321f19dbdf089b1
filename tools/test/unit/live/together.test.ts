import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import { together } from "../../../live/together";

describe("Results that come one after the other", () => {
  const all = async (work: Promise<string>[], milliseconds: number): Promise<string[][]> => {
    const found: string[][] = [];
    for await (const each of together(work, milliseconds)) {
      found.push(each);
    }
    return found;
  };

  it("are given at once where they come close together", async () => {
    const web = setTimeout(1, "web");
    const worker = web.then(async () => await setTimeout(1, "worker"));
    assert.deepEqual(await all([worker, web], 60_000), [["web", "worker"]]);
  });

  it("are given without the slowest, which is given once it comes", async () => {
    let finish: (word: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => (finish = resolve));
    const found: string[][] = [];
    for await (const each of together([slow, Promise.resolve("web")], 1)) {
      found.push(each);
      finish("worker");
    }
    assert.deepEqual(found, [["web"], ["worker"]]);
  });

  it("are none of no work", async () => {
    assert.deepEqual(await all([], 1), []);
  });
});
