import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { giveUp, until, untilTrue } from "../../waiting";

const soon = { seconds: 60, pauseMilliseconds: 1 };

describe("A wait", () => {
  it("returns what the first look that succeeds returns", async () => {
    let looks = 0;
    const look = (): string => {
      looks += 1;
      if (looks < 3) {
        throw new Error("not yet");
      }
      return "there";
    };
    assert.equal(await until(look, soon), "there");
    assert.equal(looks, 3);
  });

  it("fails with the reason when its time is up", async () => {
    const look = (): Promise<never> => Promise.reject(new Error("it answers 503"));
    await assert.rejects(until(look, { ...soon, seconds: 0.01 }), {
      message: "still not so after 0.01 s: it answers 503",
    });
  });

  it("fails with an error of the caller's own", async () => {
    const look = (): never => {
      throw new Error("refused");
    };
    const late = (reason: Error): Error => new TypeError(`late (${reason.message})`);
    await assert.rejects(until(look, { ...soon, seconds: 0.01, late }), new TypeError("late (refused)"));
  });

  it("gives the reason of the look before the one that the deadline cut off", async () => {
    let looks = 0;
    const look = async (deadline: AbortSignal): Promise<never> => {
      looks += 1;
      if (looks === 1) {
        throw new Error("it answers 503");
      }
      while (!deadline.aborted) {
        await sleep(1);
      }
      throw new Error("aborted");
    };
    await assert.rejects(until(look, { ...soon, seconds: 0.05 }), {
      message: "still not so after 0.05 s: it answers 503",
    });
    assert.equal(looks, 2);
  });

  it("ends at once with an error after which nothing can come", async () => {
    const fault = new Error("it ended");
    let looks = 0;
    const look = async (): Promise<void> => {
      looks += 1;
      await Promise.reject(fault).catch(giveUp);
    };
    await assert.rejects(until(look, soon), fault);
    assert.equal(looks, 1);
  });
});

describe("A wait for a check", () => {
  it("ends once the check is true", async () => {
    const answers = [false, false, true];
    await untilTrue(() => answers.shift() ?? assert.fail("it was asked again"), soon);
    assert.deepEqual(answers, []);
  });

  it("ends with what the check throws, now or later", async () => {
    const fault = new Error("no such file");
    const throwing = (): boolean => {
      throw fault;
    };
    await assert.rejects(untilTrue(throwing, soon), fault);
    await assert.rejects(
      untilTrue(() => Promise.reject(fault), soon),
      fault,
    );
  });
});
