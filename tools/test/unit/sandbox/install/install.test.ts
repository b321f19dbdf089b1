import assert from "node:assert/strict";

import { foldersMissingOnPath } from "../../../../sandbox/install/install";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";

describe("The folders before PATH", () => {
  ownEnvironment();

  beforeEach(() => {
    process.env["PATH"] = "/usr/bin:/bin";
  });

  it("are those of tools that are not on PATH, each once and in order", () => {
    const tools = [
      { folder: "/cache/docker/bin", source: "cache" },
      { folder: "/cache/kubernetes/bin", source: "built" },
      { folder: "/cache/docker/bin", source: "cache" },
    ] as const;
    assert.deepEqual(foldersMissingOnPath(tools), ["/cache/docker/bin", "/cache/kubernetes/bin"]);
  });

  it("exclude the folders of tools on PATH", () => {
    assert.deepEqual(foldersMissingOnPath([{ folder: "/usr/bin", source: "path" }]), []);
  });

  it("include a system folder that PATH lacks", () => {
    assert.deepEqual(foldersMissingOnPath([{ folder: "/usr/sbin", source: "path" }]), ["/usr/sbin"]);
  });
});
