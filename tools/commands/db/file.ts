import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { unwritable } from "../../wholeFile";
import { readDumpHeader } from "./dumpHeader";
import type { Backup } from "./refuse";
import { systemReason } from "../../systemReason";

/** A file as the user means it: npm runs a script in the checkout, wherever it was typed. */
export function typedPath(typed: string): string {
  return path.resolve(process.env["INIT_CWD"] ?? ".", typed);
}

/**
 * Where a backup gets its name once it is whole: what a link leads to, which stays one.
 *
 * @throws a `Problem` for a folder, a device or a pipe, in whose place a file would be
 */
export function placeOfBackup(file: string): string {
  const there = statsToWrite(file);
  if (there === undefined) {
    const leadsTo = fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true && fs.readlinkSync(file);
    return leadsTo === false ? file : placeOfBackup(path.resolve(path.dirname(file), leadsTo));
  }
  if (!there.isFile()) {
    throw new Problem(
      `${file} is ${there.isDirectory() ? "a folder" : "a device or a pipe"}: allowed is a file, which is replaced, or a new one`,
      "name one, as in `npm run db:backup -- sandbox shop.dump`",
    );
  }
  return fs.realpathSync(file);
}

function statsToWrite(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw unwritable(file, error as NodeJS.ErrnoException);
  }
}

/** Reads what a backup says of itself. Throws a `Problem` for what is none. */
export function readBackup(file: string): Backup {
  const start = readStart(file);
  const header = readDumpHeader(start);
  if (header !== undefined) {
    return { kind: "postgres", header };
  }
  // That of gzip.
  if (start.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) {
    return { kind: "sqlite" };
  }
  throw new Problem(
    `${file} is no backup: allowed is a file that \`npm run db:backup\` wrote, or pg_dump in its custom format`,
    "name one, as in `npm run db:restore -- sandbox shop.dump`",
  );
}

function readStart(file: string): Buffer {
  const start = Buffer.alloc(4096);
  try {
    // What is read of a pipe is gone, and one that nobody writes to does not open.
    const stats = fs.statSync(file);
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new Error("it is a device or a pipe");
    }
    const descriptor = fs.openSync(file, "r");
    try {
      return start.subarray(0, fs.readSync(descriptor, start));
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    throw new Problem(
      `${file} cannot be read (${systemReason(error)}): allowed is a backup`,
      "name one, as in `npm run db:restore -- sandbox shop.dump`",
    );
  }
}
