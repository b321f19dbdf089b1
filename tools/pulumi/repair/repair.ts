import { targetNames } from "../../../components/config/cluster";
import { ownStateFolder } from "../ownState";
import { contextOf } from "../../stack/kubeContext";
import { Daemon } from "../../docker/daemon";
import type { PulumiCli } from "../../stack/stack";
import { project, StackConfig } from "../../stack/stackConfig";
import {
  type Deployment,
  exportState,
  imagesOnDaemon,
  importState,
  type PendingOperation,
  readDeployment,
} from "../state";
import { adopt, describePending, type Made } from "./adopt";
import { fieldManagerOf, objectKey } from "./live";
import { readLocks, removeStaleLocks } from "./locks";
import { unprotectUnbound } from "./unbound";
import { isUnfinished } from "./unfinished";
import { refuseReadOnly } from "./writable";

/**
 * Repairs what a killed `pulumi up` left of a stack: its lock, and operations that may or may not have succeeded.
 *
 * @param deployment as `currentDeployment` gives it
 * @returns flags for the operation that follows
 * @throws a `Problem` when another process changes the stack
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
      console.error(`${line}: removed`);
    });
  }
  const flags = await finishPending(cli, deployment);
  if (operation === "up") {
    const [rebuild, unfinished] = await Promise.all([
      rebuildImages(cli, deployment),
      flags.length === 0 && isUnfinished(cli.stack, deployment),
      unprotectUnbound(cli, deployment),
    ]);
    flags.push(...rebuild, ...(unfinished ? ["--refresh"] : []));
  }
  return flags;
}

/** What a stack has deployed, and its pending operations. Throws a `Problem` when the state cannot be written. */
export async function currentDeployment(cli: PulumiCli): Promise<Deployment> {
  const folder = ownStateFolder(cli);
  if (folder !== undefined) {
    refuseReadOnly(folder, cli.stack);
  }
  return await readDeployment(cli);
}

async function finishPending(cli: PulumiCli, deployment: Deployment): Promise<string[]> {
  const { pending_operations: pending = [] } = deployment;
  if (pending.length === 0) {
    return [];
  }
  console.error(
    `The last operation was interrupted while ${pending.map(describePending).join(", ")}: this one finishes it`,
  );
  const state = await exportState(cli, cli.stack);
  await importState(cli, cli.stack, adopt(state, await findMade(cli.stack, pending)));
  return ["--refresh"];
}

/** The objects of pending operations that the cluster has. Throws a `Problem` when the cluster does not answer. */
async function findMade(stack: string, pending: PendingOperation[]): Promise<Made[]> {
  const creates = pending.filter(({ type, resource }) => type === "creating" && objectKey(resource) !== undefined);
  if (creates.length === 0) {
    return [];
  }
  const config = StackConfig.of(stack);
  const context = contextOf(config, config.target ?? targetNames[0]);
  const found = await Promise.all(
    creates.map(async (operation) => ({ operation, fieldManager: await fieldManagerOf(context, operation.resource) })),
  );
  return found.flatMap(({ operation, fieldManager }) =>
    fieldManager === undefined ? [] : { operation, fieldManager },
  );
}

/** The engine trusts its state: it does not see that the Docker daemon has lost an image. */
async function rebuildImages(cli: PulumiCli, deployment: Deployment): Promise<string[]> {
  const daemon = new Daemon(cli.environment);
  const images = imagesOnDaemon(deployment).map(({ image }) => image);
  const isThere = await Promise.all(images.map(async (image) => await daemon.has(image)));
  const gone = images.filter((_, index) => isThere[index] === false);
  if (gone.length === 0) {
    return [];
  }
  for (const image of gone) {
    console.error(`The image ${image} is no longer on the Docker daemon: this update builds it again`);
  }
  const urns = (deployment.resources ?? []).filter(({ type }) => /^docker(-build)?:.*:Image$/.test(type));
  return urns.flatMap(({ urn }) => ["--replace", urn]);
}
