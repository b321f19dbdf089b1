import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import { countedAsUnderWay } from "../../../../components/kubernetes/underway";
import { contextOf } from "../../../../test/unit/helpers/contexts";
import { step } from "../../../terminal/progress";
import { noteSlowCluster } from "../../../terminal/slowCluster";

describe("A cluster that answers slowly", () => {
  const context = contextOf("https://dev.test");
  const nowhere = { isTTY: false, columns: 80, write: () => undefined };

  const notedWhile = async (work: () => Promise<void>): Promise<string[]> => {
    const lines: string[] = [];
    const end = noteSlowCluster((line) => lines.push(line), 5);
    await work();
    end();
    return lines;
  };

  const pause = async (milliseconds: number): Promise<void> => {
    await setTimeout(milliseconds);
  };
  const ask = async (milliseconds: number): Promise<void> => {
    await countedAsUnderWay(context, async () => {
      await pause(milliseconds);
    });
  };

  it("is named while a command waits for it and shows nothing else", async () => {
    const lines = await notedWhile(async () => {
      await ask(200);
    });
    assert.equal(lines[0], '  … waiting for the cluster of kube context "dev" (8 s)\n');
  });

  it("is named while its answers come one after the other", async () => {
    const lines = await notedWhile(async () => {
      for (let request = 0; request < 10; request += 1) {
        await ask(20);
      }
    });
    assert.ok(lines.length > 0);
  });

  it("is not named beside a step, or when nothing is asked", async () => {
    const beside = async (): Promise<void> => {
      await step(
        "Asking",
        async () => {
          await ask(100);
        },
        nowhere,
      );
    };
    assert.deepEqual(await notedWhile(beside), []);
    const idle = async (): Promise<void> => {
      await pause(100);
    };
    assert.deepEqual(await notedWhile(idle), []);
  });
});
