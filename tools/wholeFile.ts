import fs from "node:fs";
import path from "node:path";

import { Problem } from "../components/problem";
import { removeAbandoned } from "./sandbox/install/folders";
import { systemReason } from "./systemReason";

/**
 * Writes a file whole or not at all: a full disk, a killed process and a power cut leave what was there before. A file
 * that is so already is not written.
 *
 * @param mode permissions; @default only its owner reads and writes it
 * @throws a `Problem` when it cannot be written
 */
export function writeWhole(file: string, text: string | Buffer, mode = 0o600): void {
  if (!isSo(file, text, mode)) {
    putInPlace(file, text, mode, fs.renameSync);
  }
}

/**
 * As `writeWhole`, for a file that must not be replaced.
 *
 * @returns whether it was made; of several processes that make it at once, one does
 */
export function writeNew(file: string, text: string | Buffer, mode = 0o600): boolean {
  try {
    putInPlace(file, text, mode, fs.linkSync);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

function isSo(file: string, text: string | Buffer, mode: number): boolean {
  try {
    return fs.readFileSync(file).equals(Buffer.from(text)) && (fs.lstatSync(file).mode & 0o777) === mode;
  } catch {
    return false;
  }
}

function putInPlace(
  file: string,
  text: string | Buffer,
  mode: number,
  move: (partial: string, file: string) => void,
): void {
  // On the same disk, where a name is given at once; what a killed process left goes.
  const partial = `${file}.partial-${process.pid}`;
  removeAbandoned(path.dirname(file));
  try {
    const descriptor = fs.openSync(partial, "w", mode);
    try {
      fs.writeFileSync(descriptor, text);
      fs.fchmodSync(descriptor, mode);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    move(partial, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    throw unwritable(file, error as NodeJS.ErrnoException);
  } finally {
    fs.rmSync(partial, { force: true });
  }
}

/** A power cut would otherwise take a new name in the folder back. */
export function syncFolder(folder: string): void {
  // Windows opens no folder.
  if (process.platform === "win32") {
    return;
  }
  const descriptor = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    // Some network file systems cannot do it.
    if ((error as NodeJS.ErrnoException).code !== "EINVAL") {
      throw error;
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

const advice: Record<string, string> = {
  ENOSPC: "make room on its disk",
  EDQUOT: "make room in your quota of its disk",
  EACCES: "make its folder writable for you",
  EROFS: "make its disk writable",
  ENOENT: "make its folder first",
  ENOTDIR: "name a file in a folder",
  ELOOP: "name a file that no link leads back to",
  EISDIR: "name a file, and not a folder",
};

/** The error of a file that cannot be written: a `Problem` where something helps. */
export function unwritable(file: string, error: NodeJS.ErrnoException): Error {
  const help = advice[error.code ?? ""];
  return help === undefined ? error : new Problem(`${file} cannot be written (${systemReason(error)})`, help);
}
