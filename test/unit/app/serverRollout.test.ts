import assert from "node:assert/strict";

import { isRolledOut, untilRolledOut } from "../../../components/app/serverRollout";
import type { LiveObject } from "../../../components/targets/endpoints";
import { isPrintedAlone } from "../helpers/problems";
import { Problem } from "../../../components/problem";

const context = "docker-desktop";
const place = { name: "web-database", namespace: "shop" };
const server = (status: LiveObject["status"]): LiveObject => ({
  metadata: { name: "web-database", uid: "1", creationTimestamp: "" },
  ...(status && { status }),
});
const done = { observedGeneration: 2, currentRevision: "b", updateRevision: "b" };

describe("A server that is changed", () => {
  it("runs what it was changed to once its controller has seen that and ended the rollout", () => {
    assert.equal(isRolledOut(server(done), 2), true);
    assert.equal(isRolledOut(server(undefined), 1), false);
    for (const early of [{ observedGeneration: 1 }, { currentRevision: "a" }]) {
      assert.equal(isRolledOut(server({ ...done, ...early }), 2), false, JSON.stringify(early));
    }
  });

  it("is waited for, as the controller goes on", async () => {
    const states = [{ ...done, observedGeneration: 1 }, { ...done, currentRevision: "a" }, done];
    const asked: unknown[] = [];
    const see = (key: unknown): Promise<LiveObject> => {
      asked.push(key);
      return Promise.resolve(server(states[asked.length - 1]));
    };
    await untilRolledOut({ context, see }, place, 2, 1);
    assert.deepEqual(asked, [place, place, place]);
  });

  it("is not waited for by a user who may not see it", async () => {
    await untilRolledOut({ context, see: () => Promise.resolve("hidden") }, place, 2, 1);
  });

  it("ends the update with a sentence when the cluster does not answer", async () => {
    const see = (): Promise<never> => Promise.reject(new Problem("The cluster is away", "wait"));
    await assert.rejects(untilRolledOut({ context, see }, place, 2, 1), isPrintedAlone("The cluster is away; wait."));
  });
});
