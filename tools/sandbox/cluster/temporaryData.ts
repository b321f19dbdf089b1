import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { dataFolder } from "../../../components/targets/sandbox";
import { writeWhole } from "../../wholeFile";
import { startTime } from "./processes";

/** The process for whose time some data is kept. */
export interface Owner {
  pid: number;
  /** Clock ticks between boot and the process's start, as in `startTime`. */
  started: string;
}

const prefix = "kubernetes-django-data-";
const ownerFile = "owner.json";

/**
 * Gives the clusters of this process, and of the commands that it runs, new data in a temporary folder: what another
 * process left in its own data, and a developer's data, is neither used nor changed.
 *
 * @returns deletes the data and goes back to what was used before; the clusters have to be stopped
 */
export async function useTemporaryData(): Promise<() => Promise<void>> {
  const before = process.env["XDG_DATA_HOME"];
  const folder = await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), prefix));
  process.env["XDG_DATA_HOME"] = folder;
  await fs.mkdir(dataFolder(), { mode: 0o700 });
  const owner: Owner = { pid: process.pid, started: startTime(process.pid) ?? "" };
  writeWhole(path.join(dataFolder(), ownerFile), JSON.stringify(owner));
  return async () => {
    if (before === undefined) {
      Reflect.deleteProperty(process.env, "XDG_DATA_HOME");
    } else {
      process.env["XDG_DATA_HOME"] = before;
    }
    await fs.rm(folder, { recursive: true, force: true });
  };
}

/** The owner of a cluster's data, also one that has ended; undefined for data that is kept. */
export async function ownerOf(clusterData: string): Promise<Owner | undefined> {
  // Beside the folder of all clusters.
  return await readOwner(path.resolve(clusterData, "../.."));
}

async function readOwner(data: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await fs.readFile(path.join(data, ownerFile), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

/** Whether an owner still runs. */
export function isAlive({ pid, started }: Owner): boolean {
  return startTime(pid) === started;
}

/**
 * Deletes the temporary data of processes that were killed.
 *
 * @param used data of clusters that may run, which stays
 */
export async function removeAbandonedData(used: readonly string[]): Promise<void> {
  const parent = await fs.realpath(os.tmpdir());
  for (const name of (await fs.readdir(parent)).filter((each) => each.startsWith(prefix))) {
    const folder = path.join(parent, name);
    const owner = await readOwner(path.join(folder, path.basename(dataFolder())));
    if (owner !== undefined && !isAlive(owner) && !used.some((data) => data.startsWith(`${folder}/`))) {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }
}
