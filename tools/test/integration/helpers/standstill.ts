import assert from "node:assert/strict";

import { runningPid } from "../../../sandbox/cluster/daemons";
import { clusterFolder, local } from "../../../sandbox/cluster/kinds";

/** Does something while a daemon of the sandbox runs and does nothing. */
export async function whileStopped(daemon: string, work: () => Promise<void>): Promise<void> {
  const pid = runningPid(clusterFolder(local), daemon);
  assert.ok(pid !== undefined, `${daemon} does not run`);
  process.kill(pid, "SIGSTOP");
  try {
    await work();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}
