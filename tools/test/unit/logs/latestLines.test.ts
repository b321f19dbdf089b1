import assert from "node:assert/strict";

import { contextOf } from "../../../../test/unit/helpers/contexts";
import { localServers } from "../../../../test/unit/helpers/servers";
import type { LogPart } from "../../../logs/containerLog";
import { latestLines } from "../../../logs/latestLines";
import { FakePods } from "./fakePods";

describe("The latest lines of logs", () => {
  const { serve } = localServers();
  let pods: FakePods;
  const latest = async (part: LogPart): Promise<{ lines: string[]; known: object }> => {
    pods = new FakePods();
    const sources = ["worker-1", "worker-2"].map((name) => ({
      pod: pods.set(name, name, { running: {} }),
      container: "worker",
    }));
    pods.print("worker-1", "one");
    pods.print("worker-2", "two");
    pods.print("worker-1", "three");
    const place = { context: contextOf(`http://127.0.0.1:${await serve(pods.answer)}`), namespace: "shop" };
    const { lines, known } = await latestLines(place, sources, part);
    return { lines: lines.map(({ line }) => line.text), known: Object.fromEntries(known) };
  };
  const known = {
    "uid-of-worker-1/worker": "2026-01-01T00:00:02.000000001Z",
    "uid-of-worker-2/worker": "2026-01-01T00:00:01.000000001Z",
  };

  it("are in the order in which they were printed, whoever printed them", async () => {
    assert.deepEqual(await latest({}), { lines: ["one", "two", "three"], known });
  });

  it("are as many of each container as are asked for", async () => {
    assert.deepEqual(await latest({ tail: 1 }), { lines: ["two", "three"], known });
  });

  it("are known, and not shown, where none is asked for", async () => {
    assert.deepEqual(await latest({ tail: 0 }), { lines: [], known });
  });

  it("are those before the last restart, after which nothing goes on", async () => {
    assert.deepEqual((await latest({ previous: true })).known, {});
    assert.match(pods.asked[0] ?? "", /previous=true/);
  });
});
