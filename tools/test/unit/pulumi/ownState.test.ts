import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

import { ownStateFolder } from "../../../pulumi/ownState";

describe("The folder of a stack's state is the checkout's own", () => {
  const folder = "/checkout/.local";
  const own = (url?: string): string | undefined =>
    ownStateFolder({ folder, environment: url === undefined ? {} : { PULUMI_BACKEND_URL: url } });

  it("when the backend's URL leads there", () => {
    assert.equal(own(pathToFileURL(folder).href), "/checkout/.local/.pulumi");
    assert.equal(own(`${pathToFileURL(folder).href}/`), "/checkout/.local/.pulumi");
  });

  for (const url of [undefined, "file:///elsewhere", "file://~", "s3://states", "https://api.pulumi.com"]) {
    it(`not with ${url ?? "no URL"}`, () => {
      assert.equal(own(url), undefined);
    });
  }
});
