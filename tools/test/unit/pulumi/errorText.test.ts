import assert from "node:assert/strict";

import { errorsIn } from "../../../pulumi/errorText";

describe("The errors in what the Pulumi CLI printed", () => {
  it("are those of the report", () => {
    const diagnostics = [
      { severity: "error", message: "error: no such image\n" },
      { severity: "info", message: "built" },
      { severity: "error", message: "preview failed" },
    ];
    const stdout = JSON.stringify({ steps: [], diagnostics });
    assert.deepEqual(errorsIn({ stdout, output: `${stdout}\nwarning` }), ["no such image", "preview failed"]);
  });

  it("say once that a cluster does not answer, and not how its objects would be forgotten", () => {
    const message =
      'error: Preview failed: failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';
    const diagnostics = [message, message, "preview failed"].map((each) => ({ severity: "error", message: each }));
    assert.deepEqual(errorsIn({ stdout: JSON.stringify({ steps: [], diagnostics }), output: "" }), [
      "Preview failed: failed to read resource state due to unreachable cluster",
      "preview failed",
    ]);
  });

  it("have no colors, which Node.js gives the trace of a program", () => {
    const diagnostics = [{ severity: "error", message: "error: thrown\n\u001b[90m    at index.ts:3\u001b[39m\n" }];
    assert.deepEqual(errorsIn({ stdout: JSON.stringify({ steps: [], diagnostics }), output: "" }), [
      "thrown\n    at index.ts:3",
    ]);
  });

  it("are the section of an update", () => {
    const output = `Updating (dev):
 +  pulumi:pulumi:Stack p-dev creating
Diagnostics:
  pulumi:pulumi:Stack (p-dev):
    error: target is missing

Outputs:
    url: "http://localhost"

Resources:
    1 unchanged
`;
    assert.deepEqual(errorsIn({ stdout: output, output }), [
      "  pulumi:pulumi:Stack (p-dev):\n    error: target is missing",
    ]);
  });

  it("are the last lines of any other command, without the prefix", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const [printed = ""] = errorsIn({ stdout: "", output: `${lines.join("\n")}\nerror: no stack named 'dev' found\n` });
    assert.equal(printed.split("\n").length, 20);
    assert.equal(printed.split("\n").at(-1), "no stack named 'dev' found");
  });

  it("are none where nothing was printed", () => {
    assert.deepEqual(errorsIn({ stdout: "", output: "\n" }), []);
  });
});
