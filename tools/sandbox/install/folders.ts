import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";

import { cacheFolder } from "../../../components/targets/sandbox";

/** Where one version of a tool is kept; it exists only when that tool is complete. */
export function toolFolder(name: string, version: string): string {
  return path.join(cacheFolder(), "tools", `${name}-${version}`);
}

/**
 * Works in a folder beside `target` that is gone afterwards, whatever happens.
 *
 * @param target the folder whose name and neighbourhood the temporary one takes: `<target>.partial-<pid>`
 */
export async function inPartialFolder<T>(target: string, work: (folder: string) => Promise<T>): Promise<T> {
  const partial = `${target}.partial-${process.pid}`;
  removeAbandoned(path.dirname(target));
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    return await work(partial);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Makes a folder that is either complete or absent: it is filled under another name and renamed at the end.
 *
 * @throws what `fill` throws; another process that finished the same folder first is no error
 */
export async function makeFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const begun = beingMade.get(target) ?? makeUnshared(target, fill).finally(() => beingMade.delete(target));
  beingMade.set(target, begun);
  await begun;
}

// Two callers in one process would otherwise fill one partial folder.
const beingMade = new Map<string, Promise<void>>();

async function makeUnshared(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  await inPartialFolder(target, async (partial) => {
    await fill(partial);
    try {
      await rename(partial, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
  });
}

/** A folder in the cache that lasts as long as this process. */
export function processFolder(name: string): string {
  const folder = `${path.join(cacheFolder(), "tools", name)}.partial-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Removes what interrupted processes left in `parent`: every `*.partial-<pid>` whose process is gone. */
export function removeAbandoned(parent: string, isAlive: (pid: number) => boolean = processExists): void {
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent)) {
    const pid = /\.partial-(\d+)$/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(parent, entry), { recursive: true, force: true });
  }
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
