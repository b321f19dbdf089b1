import assert from "node:assert/strict";

import type { Workspace } from "./workspace";

/** Makes sure that a real `pulumi up` ends with exactly this sentence, no stack trace, and nothing created. */
export async function refusesUp(
  workspace: Workspace,
  message: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  const flags = ["--stack", workspace.stack, "--non-interactive", "--color", "never"];
  const { exitCode, output } = await workspace.run("pulumi", ["up", "--yes", "--skip-preview", ...flags], environment);
  assert.notEqual(exitCode, 0);
  assert.ok(output.includes(`error: ${message}\n`), output);
  assert.doesNotMatch(output, /^\s+at .*:[0-9]+/m, "a stack trace");
  const state = await workspace.pulumiOk("stack", "export");
  const { resources = [] } = (JSON.parse(state) as { deployment: { resources?: { type: string }[] } }).deployment;
  assert.deepEqual(
    resources.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
    [],
  );
}
