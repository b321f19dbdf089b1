import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { targetNames } from "../../../components/config/cluster";
import { ownStateFolder, readState, stateFile } from "../ownState";
import { contextOf } from "../../stack/place";
import { Daemon } from "../../docker/daemon";
import type { PulumiCli } from "../../stack/stack";
import { configured, project } from "../../stack/stackConfig";
import { type Deployment, exportState, imageOnDaemon, importState, type PendingOperation } from "../state";
import { adopt, describePending, type Made } from "./adopt";
import { fieldManagerOf, objectKey } from "./live";
import { readLocks, removeStaleLocks } from "./locks";

/**
 * Mends what a killed `pulumi up` left of a stack: its lock, and operations of which nobody knows how far they came.
 *
 * @param deployment as `currentDeployment` gives it
 * @returns flags with which an operation finishes the job
 * @throws a `Problem` when the stack is being changed by somebody else
 */
export async function repair(
  cli: PulumiCli,
  deployment: Deployment,
  operation: "up" | "destroy" = "up",
): Promise<string[]> {
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    const removed = await removeStaleLocks(readLocks(folder, project, cli.stack), cli.stack);
    removed.forEach((line) => {
      console.log(`${line}: removed`);
    });
  }
  const flags = await finishPending(cli, deployment);
  const image = imageOnDaemon(deployment);
  if (operation === "up" && image !== undefined) {
    flags.push(...(await rebuildImage(cli, deployment, image)));
  }
  return flags;
}

/** What a stack has deployed, and what was begun. Throws a `Problem` when the state cannot be written. */
export async function currentDeployment(cli: PulumiCli): Promise<Deployment> {
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    refuseReadOnly(folder, cli.stack);
  }
  return readState(folder, cli.stack) ?? (await exportState(cli, cli.stack)).deployment;
}

async function finishPending(cli: PulumiCli, deployment: Deployment): Promise<string[]> {
  const { pending_operations: pending = [] } = deployment;
  if (pending.length === 0) {
    return [];
  }
  console.log(
    `The last operation was interrupted while ${pending.map(describePending).join(", ")}: it is finished now`,
  );
  const state = await exportState(cli, cli.stack);
  await importState(cli, cli.stack, adopt(state, await findMade(cli.stack, pending)));
  return ["--refresh"];
}

/** Of objects that were being made, those that are there. Throws a `Problem` when the cluster cannot be asked. */
async function findMade(stack: string, pending: PendingOperation[]): Promise<Made[]> {
  const creates = pending.filter(({ type, resource }) => type === "creating" && objectKey(resource) !== undefined);
  if (creates.length === 0) {
    return [];
  }
  const target = targetNames.find((name) => name === configured(stack, "target")) ?? targetNames[0];
  const context = contextOf(stack, target);
  const found = await Promise.all(
    creates.map(async (operation) => ({ operation, fieldManager: await fieldManagerOf(context, operation.resource) })),
  );
  return found.flatMap(({ operation, fieldManager }) =>
    fieldManager === undefined ? [] : { operation, fieldManager },
  );
}

/** The engine trusts its state, and so does not see that somebody removed the image from the Docker daemon. */
async function rebuildImage(cli: PulumiCli, deployment: Deployment, image: string): Promise<string[]> {
  if (await new Daemon(cli.environment).mayHave(image)) {
    return [];
  }
  console.log(`The image ${image} is not on the Docker daemon any more: it is built again`);
  const urns = (deployment.resources ?? []).filter(({ type }) => /^docker(-build)?:.*:Image$/.test(type));
  return urns.flatMap(({ urn }) => ["--replace", urn]);
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
