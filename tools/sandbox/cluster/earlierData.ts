import fs from "node:fs/promises";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { run } from "./host";
import { clusterData, clusterFolder, type ClusterKind } from "./kinds";

/**
 * Moves what earlier releases kept in the cache to where it outlives a cleared cache; the cluster must not run. A move
 * that is interrupted is taken up by the next start.
 *
 * @throws a `Problem` when there is no room for it; everything is still where it was
 */
export async function moveEarlierData(kind: ClusterKind, environment: NodeJS.ProcessEnv): Promise<void> {
  const from = clusterFolder(kind);
  const to = clusterData(kind);
  // The keys first: with the objects of a cluster and other keys, its tokens would be invalid.
  for (const name of ["pki", "etcd"]) {
    await moveFolder(path.join(from, name), path.join(to, name), environment);
  }
  const volumes = path.join(from, "volumes");
  await fs.mkdir(path.join(to, "volumes"), { recursive: true });
  if (await isFolder(volumes)) {
    for (const name of await fs.readdir(volumes)) {
      await moveFolder(path.join(volumes, name), path.join(to, "volumes", name), environment);
    }
    // Not when something is left in it.
    await fs.rmdir(volumes).catch(() => undefined);
  }
  await linkVolumes(volumes, path.join(to, "volumes"));
}

/** Makes the paths of the volumes that an earlier release made lead to where they are now: no PersistentVolume changes. */
async function linkVolumes(link: string, volumes: string): Promise<void> {
  if ((await fs.readlink(link).catch(() => undefined)) === volumes || (await isFolder(link))) {
    return;
  }
  await fs.rm(link, { force: true });
  await fs.symlink(volumes, link);
}

async function moveFolder(from: string, to: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const moved = `${from}.moved`;
  await fs.rm(moved, { recursive: true, force: true });
  if (!(await isFolder(from))) {
    return;
  }
  if (await isFolder(to)) {
    console.error(`${from} is kept and not used, since there is ${to}`);
    return;
  }
  try {
    await fs.rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") {
      throw error;
    }
    await copyFolder(from, to, environment);
    await fs.rename(from, moved);
    await fs.rm(moved, { recursive: true });
  }
}

/** Copies a folder to another file system with owners, modes and times: it is whole and on the disk, or absent. */
async function copyFolder(from: string, to: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const partial = `${to}.partial`;
  await fs.rm(partial, { recursive: true, force: true });
  try {
    await run(environment, ["cp", "--archive", from, partial]);
    await run(environment, ["sync", "--file-system", partial]);
  } catch (error) {
    await fs.rm(partial, { recursive: true, force: true });
    throw new Problem(
      `The sandbox's data in ${from} cannot be moved to ${to}`,
      "make room there, or set XDG_DATA_HOME to a folder that has room; nothing was changed",
      (error as Error).message.split("\n").slice(1),
    );
  }
  await fs.rename(partial, to);
}

async function isFolder(name: string): Promise<boolean> {
  return await fs.lstat(name).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
