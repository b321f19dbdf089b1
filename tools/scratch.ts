import fs from "node:fs";
import path from "node:path";

import { cacheFolder } from "../components/targets/sandbox";
import { processExists } from "./processExists";

let own: string | undefined;

/**
 * A folder for what this process and those that it starts write for themselves; only its user may look into it.
 *
 * It is removed when this process exits. What killed processes left is removed when it is made.
 */
export function scratchFolder(): string {
  if (own === undefined) {
    const all = path.join(cacheFolder(), "scratch");
    removeLeft(all);
    own = path.join(all, String(process.pid));
    const folder = own;
    process.once("exit", () => {
      remove(folder);
    });
  }
  fs.mkdirSync(own, { recursive: true, mode: 0o700 });
  return own;
}

/** What points programs to a folder as their temporary one. */
export function asTemporary(folder: string): NodeJS.ProcessEnv {
  return { TMPDIR: folder, TEMP: folder, TMP: folder };
}

/** Makes a folder in it, and what points programs there as their temporary folder. */
export function makeScratch(name: string): { folder: string; environment: NodeJS.ProcessEnv; remove: () => void } {
  const folder = fs.mkdtempSync(path.join(scratchFolder(), `${name}-`));
  return {
    folder,
    environment: asTemporary(folder),
    remove: () => {
      remove(folder);
    },
  };
}

/** Keeps the folder for a process that may outlive this one. */
export function keepScratchFor(pid: number | undefined): void {
  if (pid !== undefined) {
    fs.writeFileSync(path.join(scratchFolder(), `user-${pid}`), "");
  }
}

/** Removes the folders of which every user has ended. */
export function removeLeft(all: string, isAlive: (pid: number) => boolean = processExists): void {
  for (const name of fs.existsSync(all) ? fs.readdirSync(all) : []) {
    const folder = path.join(all, name);
    const users = [name, ...filesIn(folder).flatMap((file) => /^user-(\d+)$/.exec(file)?.[1] ?? [])];
    if (!users.map(Number).some(isAlive)) {
      remove(folder);
    }
  }
}

/** None where another command that begins at once has removed the folder. */
function filesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return [];
    }
    throw error;
  }
}

function remove(folder: string): void {
  // A plugin that ends last may still write: what it leaves is removed by the next run.
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    // As above.
  }
}
