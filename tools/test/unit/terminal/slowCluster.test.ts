import assert from "node:assert/strict";
import { mock } from "node:test";

import { countedAsUnderWay } from "../../../../components/kubernetes/underway";
import { contextOf } from "../../../../test/unit/helpers/contexts";
import { step } from "../../../terminal/progress";
import { noteSlowCluster } from "../../../terminal/slowCluster";

describe("A cluster that answers slowly", () => {
  const context = contextOf("https://dev.test");
  const nowhere = { isTTY: false, columns: 80, write: () => undefined };
  let lines: string[] = [];
  let end: () => void = () => undefined;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setInterval", "Date"] });
    lines = [];
    end = noteSlowCluster((line) => lines.push(line));
  });
  afterEach(() => {
    end();
    mock.timers.reset();
  });

  /** Seconds in which a request waits for its answer. */
  const ask = async (seconds: number): Promise<void> => {
    await countedAsUnderWay(context, () => {
      mock.timers.tick(seconds * 1000);
      return Promise.resolve();
    });
  };

  it("is named every eight seconds while a command waits for it and shows nothing else", async () => {
    await ask(7);
    assert.deepEqual(lines, []);
    mock.timers.tick(1000);
    await ask(16);
    assert.deepEqual(lines, [
      '  … waiting for the cluster of kube context "dev" (8 s)\n',
      '  … waiting for the cluster of kube context "dev" (16 s)\n',
    ]);
  });

  it("is named while its answers come one after the other", async () => {
    for (let request = 0; request < 8; request += 1) {
      await ask(1);
    }
    assert.equal(lines.length, 1);
  });

  it("is not named beside a step, or when nothing is asked", async () => {
    const asks = async (): Promise<void> => {
      await ask(20);
    };
    await step("Asking", asks, nowhere);
    assert.deepEqual(lines, []);
    mock.timers.tick(20_000);
    assert.deepEqual(lines, []);
  });
});
