import assert from "node:assert/strict";
import path from "node:path";

import { firstOnPath } from "../../../stack/session";

describe("A tool's folder", () => {
  const listed = ["/tool", "/bin", "/usr/bin"].join(path.delimiter);
  const found = ["/bin", "/usr/bin"].join(path.delimiter);

  it("comes first on PATH, and nothing else of the environment changes", () => {
    assert.deepEqual(firstOnPath("/tool", { HOME: "/home/me", PATH: found }), { HOME: "/home/me", PATH: listed });
  });

  it("comes first on Path, as Windows calls it, and makes no second one", () => {
    assert.deepEqual(firstOnPath("/tool", { Path: found }), { Path: listed });
  });

  it("is all of PATH where there was none", () => {
    assert.deepEqual(firstOnPath("/tool", {}), { PATH: "/tool" });
  });
});
