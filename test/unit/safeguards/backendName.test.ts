import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

import { backendInWords } from "../../../components/safeguards/backendName";
import { temporaryFolder } from "../helpers/folders";

describe("Where a stack's state is, for people elsewhere", () => {
  const folder = temporaryFolder();
  const words = (environment: NodeJS.ProcessEnv): string =>
    backendInWords({ PULUMI_HOME: folder.path(), ...environment }, "laptop");

  for (const [url, said] of [
    ["file:///home/ada/shop/.local", "file:///home/ada/shop/.local on laptop"],
    ["file://~", "file://~ on laptop"],
    ["s3://bucket?region=eu", "s3://bucket"],
    ["https://me:t0ken@pulumi.test", "https://pulumi.test"],
    ["postgres://pulumi:s3@cret@db.test/state?sslmode=require", "postgres://db.test/state"],
  ] as const) {
    it(`is ${said} for ${url}`, () => {
      assert.equal(words({ PULUMI_BACKEND_URL: url }), said);
    });
  }

  for (const [url, place] of [
    ["file://.", ""],
    ["file://./state", "/state"],
    ["file://./my state?no_tmp_dir=true", "/my%20state"],
    ["file://./my%20state", "/my%20state"],
  ] as const) {
    it(`is the same folder wherever the CLI runs for ${url}, which names one from there`, () => {
      const here = pathToFileURL(process.cwd()).href;
      assert.equal(words({ PULUMI_BACKEND_URL: url }), `${here}${place} on laptop`);
    });
  }

  it("is where the CLI is logged in", () => {
    folder.write({ "credentials.json": JSON.stringify({ current: "gs://bucket" }) });
    assert.equal(words({}), "gs://bucket");
    assert.equal(words({ PULUMI_ACCESS_TOKEN: "t0ken" }), "Pulumi Cloud");
  });
});
