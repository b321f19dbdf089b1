import assert from "node:assert/strict";

import { contextOf } from "../../../../test/unit/helpers/contexts";
import { always, localServers } from "../../../../test/unit/helpers/servers";
import { until } from "../../../../test/unit/helpers/until";
import { followLogs, type FollowOptions } from "../../../logs/followLogs";
import { FakePods } from "./fakePods";

const running = { running: {} };
const ended = { terminated: { exitCode: 3, reason: "Error" } };

describe("Logs that are followed", () => {
  const { serve } = localServers();
  let pods: FakePods;
  let lines: string[];
  let changes: string[];
  let away: (string | undefined)[];
  let over: AbortController;
  let followed: Promise<void>;

  beforeEach(() => {
    pods = new FakePods();
    [lines, changes, away] = [[], [], []];
    over = new AbortController();
  });
  afterEach(async () => {
    over.abort();
    await followed.catch(() => undefined);
  });

  const optionsFor = (port: number): FollowOptions => ({
    context: contextOf(`http://127.0.0.1:${port}`),
    namespace: "shop",
    labelSelector: "app=django-process",
    containerOf: () => "worker",
    onLine: ({ text }, { pod }) => void lines.push(`${pod.metadata.name} ${text}`),
    onChange: (change, { pod }) => {
      const what = change.is === "ended" ? `ended ${change.exitCode}` : change.is;
      changes.push(`${pod.metadata.name} ${what}`);
    },
    onAway: (reason) => away.push(reason),
    signal: over.signal,
    pauseMilliseconds: 1,
  });
  const follow = async (known: Record<string, string> = {}): Promise<void> => {
    const port = await serve(pods.answer);
    followed = followLogs({ ...optionsFor(port), known: new Map(Object.entries(known)) });
  };
  const untilLines = async (expected: string[]): Promise<void> => {
    await until(`there are ${expected.length} lines`, () => lines.length >= expected.length);
    assert.deepEqual(lines, expected);
  };

  it("are shown from their beginning, as they come", async () => {
    pods.set("worker-1", "a", running);
    pods.print("worker-1", "one");
    await follow();
    await untilLines(["worker-1 one"]);
    pods.print("worker-1", "two", "");
    await untilLines(["worker-1 one", "worker-1 two", "worker-1 "]);
  });

  it("begin after the line that is known", async () => {
    pods.set("worker-1", "a", running);
    pods.print("worker-1", "one", "two", "three");
    await follow({ "uid-of-worker-1/worker": "2026-01-01T00:00:01.000000001Z" });
    await untilLines(["worker-1 three"]);
    assert.match(pods.asked[0] ?? "", /sinceTime=2026-01-01T00%3A00%3A01\.000000001Z/);
  });

  it("are those of the pods, too, that take the place of others", async () => {
    pods.set("worker-1", "a", running);
    pods.print("worker-1", "old");
    await follow();
    await untilLines(["worker-1 old"]);
    pods.set("worker-2", "b", { waiting: { reason: "ContainerCreating" } });
    pods.set("worker-2", "b", running);
    pods.print("worker-2", "new");
    await untilLines(["worker-1 old", "worker-2 new"]);
    pods.print("worker-1", "last words");
    pods.end("worker-1");
    pods.remove("worker-1");
    await untilLines(["worker-1 old", "worker-2 new", "worker-1 last words"]);
    assert.deepEqual(changes, ["worker-1 begun", "worker-2 begun"]);
  });

  it("go on through restarts of a container, and tell of them once each", async () => {
    pods.set("worker-1", "a", running);
    pods.print("worker-1", "first");
    await follow();
    await untilLines(["worker-1 first"]);
    pods.end("worker-1");
    pods.set("worker-1", "a", ended);
    pods.set("worker-1", "a", ended);
    pods.print("worker-1", "second");
    pods.set("worker-1", "b", running);
    await untilLines(["worker-1 first", "worker-1 second"]);
    await until("the end is told", () => changes.length >= 3);
    assert.deepEqual(changes, ["worker-1 begun", "worker-1 ended 3", "worker-1 begun"]);
  });

  it("are whole after a container that ended before anybody looked", async () => {
    pods.print("worker-1", "one", "two");
    await follow();
    pods.set("worker-1", "a", ended);
    await untilLines(["worker-1 one", "worker-1 two"]);
    pods.end("worker-1");
  });

  it("end where the cluster does not let this user see pods", async () => {
    const port = await serve(always(403, { message: "pods is forbidden" }));
    followed = followLogs(optionsFor(port));
    await assert.rejects(followed, /answers 403/);
  });

  it("go on where they were once the cluster answers again, and say that it did not", async () => {
    pods.set("worker-1", "a", running);
    pods.print("worker-1", "one");
    await follow();
    await untilLines(["worker-1 one"]);
    pods.cutOff();
    pods.print("worker-1", "two");
    await untilLines(["worker-1 one", "worker-1 two"]);
    await until("it is told", () => away.length >= 2);
    assert.equal(typeof away[0], "string");
    assert.equal(away[1], undefined);
    pods.set("worker-2", "b", running);
    pods.print("worker-2", "of another pod");
    await untilLines(["worker-1 one", "worker-1 two", "worker-2 of another pod"]);
  });
});
