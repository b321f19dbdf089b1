import assert from "node:assert/strict";
import fs from "node:fs";

import { clusterFolder, pair } from "../../../../sandbox/cluster/kinds";
import { trustVariables, writeTrust } from "../../../../sandbox/cluster/trust";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The authorities that the programs of a sandbox trust", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  beforeEach(() => {
    process.env["XDG_CACHE_HOME"] = folder.path();
    process.env["SSL_CERT_FILE"] = folder.path("machine.pem");
    folder.write({ "machine.pem": "the machine's\n", "own.pem": "its own\n" });
    fs.mkdirSync(clusterFolder(pair), { recursive: true });
  });

  it("are the machine's", async () => {
    await writeTrust(pair);
    assert.deepEqual(await trustVariables(pair), {});
  });

  it("include the kind's own, until it is started without one", async () => {
    await writeTrust({ ...pair, extraAuthority: folder.path("own.pem") });
    const file = `${clusterFolder(pair)}/trusted.pem`;
    assert.deepEqual(await trustVariables(pair), { SSL_CERT_FILE: file });
    assert.equal(fs.readFileSync(file, "utf8"), "the machine's\n\nits own\n");
    await writeTrust(pair);
    assert.deepEqual(await trustVariables(pair), {});
  });

  it("are the kind's own alone on a machine without a bundle", async () => {
    process.env["SSL_CERT_FILE"] = folder.path("none.pem");
    await writeTrust({ ...pair, extraAuthority: folder.path("own.pem") });
    assert.equal(fs.readFileSync(`${clusterFolder(pair)}/trusted.pem`, "utf8"), "\nits own\n");
  });
});
