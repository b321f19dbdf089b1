import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

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
  const { resources = [] } = readState(workspace);
  assert.deepEqual(
    resources.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
    [],
  );
}

/** The state in the workspace's backend, which the CLI takes a second to export. */
function readState({ folder, stack }: Workspace): { resources?: { type: string }[] } {
  const file = path.join(folder, ".pulumi", "stacks", "kubernetes-django", `${stack}.json`);
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as {
    checkpoint: { latest: { resources?: { type: string }[] } };
  };
  return checkpoint.latest;
}
