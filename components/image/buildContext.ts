import { createHash, type Hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import type { Builder } from "../config/image";
import { type ContextEntry, listContext, unreadable } from "./contextEntries";
import { usualDockerfile } from "./findDockerfile";

/** What, besides the files, decides what an image contains. */
export interface BuildOptions {
  /** Builders do not agree on what an ignore file leaves out. */
  builder: Builder;
  buildArgs: Record<string, string>;
  /** As configured; undefined for the daemon's own. */
  platform: string | undefined;
  /** Relative to the folder, or beside it. @default Dockerfile */
  dockerfile?: string | undefined;
  /** Stage of the Dockerfile. @default the last */
  stage?: string | undefined;
}

export interface BuildContext {
  /** 12 hexadecimal digits that are the same wherever the same sources are built with the same options. */
  hash: string;
  /** The same of all that a migration may read: no templates, static files, translations and texts for people. */
  codeHash: string;
  /** Paths of files and links that reach the Docker daemon, sorted, with forward slashes. */
  files: string[];
  /** Those of folders. */
  folders: string[];
}

const hashLength = 12;

/** What only pages and people read. */
const ofPages =
  /(^|\/)(templates|static|locale)(\/|$)|\.(html?|css|scss|sass|less|jsx?|tsx?|mjs|svg|png|jpe?g|gif|webp|ico|woff2?|md|rst|po|mo)$/i;
const isOfPages = (name: string): boolean => ofPages.test(name) && !name.endsWith(".py");

/**
 * Reads a folder as `docker build` would see it.
 *
 * @throws a `Problem` when it has something that cannot be read or be in an image
 */
export function readBuildContext(folder: string, options: BuildOptions): BuildContext {
  const { builder, buildArgs, platform, dockerfile = usualDockerfile, stage } = options;
  const entries = listContext(folder, builder, dockerfile);
  const hash = createHash("sha256");
  const codeHash = createHash("sha256");
  // Each part is preceded by its length, so that two different inputs never look the same.
  const addTo =
    (...hashes: Hash[]) =>
    (...parts: string[]): void => {
      for (const part of parts) {
        hashes.forEach((each) => each.update(`${Buffer.byteLength(part)}:`).update(part));
      }
    };
  const add = addTo(hash, codeHash);
  const addPage = addTo(hash);
  add("platform", platform ?? "", "stage", stage ?? "");
  for (const name of Object.keys(buildArgs).sort()) {
    add("argument", name, buildArgs[name] ?? "");
  }
  add("Dockerfile", digest(path.join(folder, dockerfile)));
  for (const { path: name, kind, isForced } of entries) {
    if (isForced) {
      // Only builder docker sends it. The image has one name with either, so that another builder rolls no pods.
      continue;
    }
    const place = path.join(folder, name);
    try {
      const mode = modeOf(fs.lstatSync(place));
      (kind === "folder" || isOfPages(name) ? addPage : add)(kind, name, ...contents[kind](place, mode));
    } catch (error) {
      throw unreadable(place, error);
    }
  }
  const named = (isFolder: boolean): string[] =>
    entries.filter(({ kind }) => (kind === "folder") === isFolder).map(({ path: name }) => name);
  const digits = (each: Hash): string => each.digest("hex").slice(0, hashLength);
  return { hash: digits(hash), codeHash: digits(codeHash), files: named(false), folders: named(true) };
}

/** What of an entry an image shows, besides its path. */
const contents: Record<ContextEntry["kind"], (place: string, mode: string) => string[]> = {
  file: (place, mode) => [mode, digest(place)],
  folder: (_, mode) => [mode],
  link: (place) => [fs.readlinkSync(place)],
};

/**
 * The permissions that an image shows, but for one bit: git keeps no more than "executable", and the umasks in use, 022
 * and 002, differ in whether the group may write. Where the group may do what the owner may and others may not write,
 * which a umask of 002 leaves, that bit does not count. In the image the group is root's, which has no other member.
 */
function modeOf({ mode }: fs.Stats): string {
  // The docker CLI makes everything executable there, since Windows has no such permissions.
  const bits = process.platform === "win32" ? 0o755 : mode & 0o7777;
  const isShared = ((bits >> 3) & 0o7) === ((bits >> 6) & 0o7) && (bits & 0o002) === 0;
  return (isShared ? bits & ~0o020 : bits).toString(8);
}

/** Most sources are smaller, and read at once; what is larger never is in memory as a whole. */
const chunk = Buffer.allocUnsafe(1 << 20);

function digest(file: string): string {
  const hash = createHash("sha256");
  const descriptor = fs.openSync(file, "r");
  try {
    for (let size; (size = fs.readSync(descriptor, chunk)) > 0;) {
      hash.update(chunk.subarray(0, size));
    }
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest("hex");
}
