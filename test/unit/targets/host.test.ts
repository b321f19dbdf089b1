import assert from "node:assert/strict";

import { thisHost } from "../../../components/targets/host";

describe("This machine", () => {
  const own = process.env;
  afterEach(() => (process.env = own));

  it("has the environment that `npm run up` sets once the program is loaded", () => {
    process.env = { DOCKER_HOST: "unix:///set-later.sock" };
    assert.equal(thisHost.environment["DOCKER_HOST"], "unix:///set-later.sock");
  });
});
