import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { LanguageHost } from "../../../../pulumi/languageHost/languageHost";

describe("The process that runs the program", () => {
  it("says at which port of this machine alone it answers", async () => {
    const host = new LanguageHost();
    assert.match(await host.address(), /^127\.0\.0\.1:\d+$/);
    host.stop();
  });

  it("is reported when it has ended before the first order", async () => {
    const host = new LanguageHost();
    host.stop();
    await assert.rejects(host.letRun(), {
      message: "The process that runs the program ended with SIGTERM; what it printed above says why.",
    });
  });

  it("is reported when it ends after it gave its address", async () => {
    const host = new LanguageHost();
    await host.letRun();
    host.stop();
    const untilEnded = async (): Promise<never> => {
      for (;;) {
        await host.letRun();
        await sleep(20);
      }
    };
    await assert.rejects(untilEnded(), {
      message: "The process that runs the program ended with SIGTERM; what it printed above says why.",
    });
  });
});
