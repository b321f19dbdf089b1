import assert from "node:assert/strict";

import { alignedTable } from "../../../terminal/table";

describe("an aligned table", () => {
  it("has columns of one width, no borders and no blanks at the ends of its lines", () => {
    assert.equal(
      alignedTable([
        ["✓", "Pulumi", "3.220.0"],
        ["", "", "→ run it"],
        ["!", "a", "b"],
      ]),
      ["  ✓  Pulumi  3.220.0", "             → run it", "  !  a       b"].join("\n"),
    );
  });
});
