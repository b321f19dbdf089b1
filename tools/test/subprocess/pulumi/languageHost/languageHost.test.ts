import assert from "node:assert/strict";

import { LanguageHost } from "../../../../pulumi/languageHost/languageHost";
import { until } from "../../../../../test/unit/helpers/until";

describe("The process that runs the program", () => {
  it("says at which port of this machine alone it answers", async () => {
    const host = new LanguageHost();
    assert.match(await host.address(), /^127\.0\.0\.1:\d+$/);
    host.stop();
  });

  it("is reported when it has ended before the first order", async () => {
    const host = new LanguageHost();
    host.stop();
    await assert.rejects(host.setEnvironment({}), {
      message: "The process that runs the program ended with SIGTERM; what it printed above says why.",
    });
  });

  it("is reported when it ends after it gave its address", async () => {
    const host = new LanguageHost();
    await host.setEnvironment({});
    host.stop();
    const neverTold = until("it is told of", async () => {
      await host.setEnvironment({});
      return false;
    });
    await assert.rejects(neverTold, {
      message: "The process that runs the program ended with SIGTERM; what it printed above says why.",
    });
  });
});
