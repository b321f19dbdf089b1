import assert from "node:assert/strict";

import execa from "execa";

import { allowUnreadInput } from "../../../terminal/unreadInput";

describe("a command that does not read its input", () => {
  it("says all that it says, and ends with its own exit code", async () => {
    const script = "exec 0<&-; sleep 0.1; echo no such thing >&2; exit 3";
    const input = "x".repeat(1_000_000);
    const { exitCode, stderr } = await allowUnreadInput(execa("sh", ["-c", script], { input, reject: false }));
    assert.deepEqual([exitCode, stderr], [3, "no such thing"]);
  });
});
