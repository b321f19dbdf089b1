import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import path from "node:path";

import { cacheFolder } from "../../../components/targets/sandbox";
import { processExists } from "../../processExists";

/** The folder of one version of a tool; it exists only once the tool is complete. */
export function toolFolder(name: string, version: string): string {
  return path.join(cacheFolder(), "tools", `${name}-${version}`);
}

/**
 * Works in a temporary folder beside `target`, and removes it afterwards.
 *
 * @param target the temporary folder is `<target>.partial-<pid>`
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
 * Makes a folder that is either complete or absent: it is filled under another name, then renamed.
 *
 * @throws what `fill` throws; when another process made the folder first, that folder stays
 */
export async function makeFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const started = beingMade.get(target) ?? fillAndRename(target, fill).finally(() => beingMade.delete(target));
  beingMade.set(target, started);
  await started;
}

// Two callers in one process would otherwise fill the same partial folder.
const beingMade = new Map<string, Promise<void>>();

async function fillAndRename(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  await inPartialFolder(target, async (partial) => {
    await fill(partial);
    try {
      await rename(partial, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
  });
}

/** Makes a folder in the cache that is removed when this process exits. */
export function processFolder(name: string): string {
  const folder = `${path.join(cacheFolder(), "tools", name)}.partial-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Removes what interrupted processes left in `parent`: every `*.partial-<pid>` whose process has ended. */
export function removeAbandoned(parent: string, isAlive: (pid: number) => boolean = processExists): void {
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent)) {
    const pid = /\.partial-(\d+)$/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(parent, entry), { recursive: true, force: true });
  }
}
