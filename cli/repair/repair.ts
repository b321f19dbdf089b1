import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../components/problem";
import type { PulumiCli } from "../pulumi";
import { project } from "../stackConfig";
import { exportState, importState } from "../state";
import { adoptPending, describePending } from "./adopt";
import { ownStateFolder, readLocks, removeStaleLocks } from "./locks";

/**
 * Mends what a killed `pulumi up` left of a stack: its lock, and operations of which nobody knows how far they came.
 *
 * @returns flags that the next `pulumi up` needs to finish the job
 * @throws a `Problem` when the stack is being changed by somebody else, or its state cannot be written
 */
export async function repair(cli: PulumiCli): Promise<string[]> {
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    refuseReadOnly(folder, cli.stack);
    const removed = await removeStaleLocks(readLocks(folder, project, cli.stack), cli.stack);
    removed.forEach((line) => {
      console.log(`${line}: removed`);
    });
    // The export takes a second, and of nearly every run it would say nothing.
    if (!mentionsPending(stateFile(folder, cli.stack))) {
      return [];
    }
  }
  const state = await exportState(cli, cli.stack);
  const pending = state.deployment.pending_operations ?? [];
  if (pending.length === 0) {
    return [];
  }
  console.log(
    `The last operation was interrupted while ${pending.map(describePending).join(", ")}: it is finished now`,
  );
  await importState(cli, cli.stack, adoptPending(state));
  return ["--refresh"];
}

/** The file with a stack's state. */
export function stateFile(folder: string, stack: string): string {
  return path.join(folder, "stacks", project, `${stack}.json`);
}

function mentionsPending(file: string): boolean {
  // With PULUMI_DIY_BACKEND_GZIP it has another name and cannot be searched.
  return !fs.existsSync(file) || fs.readFileSync(file, "utf8").includes('"pending_operations"');
}

/** Pulumi would say it only after it has built the image. */
function refuseReadOnly(folder: string, stack: string): void {
  const file = stateFile(folder, stack);
  for (const each of [folder, path.dirname(file), file].filter((name) => fs.existsSync(name))) {
    try {
      fs.accessSync(each, fs.constants.W_OK);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // It is replaced as a whole: for that the folder has to be writable.
      if (each === file && code === "EACCES") {
        continue;
      }
      throw new Problem(
        `The state of stack ${stack} cannot be written (${code} at ${path.relative(process.cwd(), each)}): ${writable[code] ?? writable.EACCES}.`,
      );
    }
  }
}

const writable: Record<string, string> & { EACCES: string } = {
  EACCES: 'run `sudo chown -R "$(id -u)" .local`',
  EPERM: "run `sudo chattr -R -i .local`",
  EROFS: "make its file system writable with `sudo mount -o remount,rw PLACE`",
};
