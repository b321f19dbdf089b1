import assert from "node:assert/strict";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { readPorts } from "../../../../commands/forward/ports";

describe("The port that `npm run forward` is given", () => {
  it("is that of the pod, and that of this machine unless another one is named", () => {
    assert.deepEqual(readPorts("5432"), { local: 5432, remote: 5432 });
    assert.deepEqual(readPorts("15432:5432"), { local: 15_432, remote: 5432 });
    assert.deepEqual(readPorts("0:5432"), { local: 0, remote: 5432 });
  });

  for (const text of ["", "postgres", "0", "5432:0", "65536", "65536:80", "5432:", ":5432", "1:2:3", "-1", "5e3"]) {
    it(`is refused as "${text}"`, () => {
      assert.throws(
        () => readPorts(text),
        isProblem(`Port "${text}" is none: allowed is PORT or LOCAL:PORT, each at most 65535`),
      );
    });
  }
});
