import assert from "node:assert/strict";

import { backendInWords } from "../../../components/safeguards/backendName";
import { temporaryFolder } from "../helpers/folders";

describe("Where a stack's state is, for people elsewhere", () => {
  const folder = temporaryFolder();
  const words = (environment: NodeJS.ProcessEnv): string =>
    backendInWords({ PULUMI_HOME: folder.path(), ...environment }, "laptop");

  for (const [url, said] of [
    ["file:///home/ada/shop/.local", "file:///home/ada/shop/.local on laptop"],
    ["s3://bucket?region=eu", "s3://bucket"],
    ["https://me:t0ken@pulumi.test", "https://pulumi.test"],
  ] as const) {
    it(`is ${said} for ${url}`, () => {
      assert.equal(words({ PULUMI_BACKEND_URL: url }), said);
    });
  }

  it("is where the CLI is logged in", () => {
    folder.write({ "credentials.json": JSON.stringify({ current: "gs://bucket" }) });
    assert.equal(words({}), "gs://bucket");
    assert.equal(words({ PULUMI_ACCESS_TOKEN: "t0ken" }), "Pulumi Cloud");
  });
});
