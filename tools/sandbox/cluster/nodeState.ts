import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { writeWhole } from "../../wholeFile";
import { removeContainers } from "./dockerCli";
import { clusterData, clusterFolder, type ClusterKind } from "./kinds";
import { readMounts, unmountBelow } from "./mounts";

/** What the node keeps in the cache about the pods of one cluster. */
const podState = ["kubelet", "cri", "pod-logs"];

/**
 * Removes what a node has left of the pods of other data: the cache is shared by all data, with its images. Its Docker
 * daemon has to run, and none of the node's own daemons.
 */
export async function clearOtherState(kind: ClusterKind, environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = clusterFolder(kind);
  const mark = path.join(folder, "data-id");
  const id = await dataId(kind);
  if ((await readText(mark)) === id) {
    return;
  }
  await removeContainers(kind, environment);
  const kubelet = path.join(folder, "kubelet");
  await unmountBelow(kubelet, environment);
  const [mount] = (await readMounts()).filter((each) => each.startsWith(`${kubelet}/`));
  if (mount !== undefined) {
    // To delete below it could delete a volume.
    throw new Problem(`${mount} is still mounted, though no pod uses it`, `run \`umount ${mount}\``);
  }
  for (const name of podState) {
    await fs.rm(path.join(folder, name), { recursive: true, force: true });
  }
  writeWhole(mark, id);
}

/** What tells a cluster's data from any other; made with the data. */
async function dataId(kind: ClusterKind): Promise<string> {
  const file = path.join(clusterData(kind), "id");
  const known = await readText(file);
  if (known) {
    return known;
  }
  const id = randomUUID();
  writeWhole(file, id);
  return id;
}

async function readText(file: string): Promise<string | undefined> {
  return await fs.readFile(file, "utf8").catch(() => undefined);
}
