import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import type { Builder } from "../../components/config/image";
import { isGone, listContext, unreadable } from "../../components/image/contextEntries";
import { ignoreFileNames } from "../../components/image/ignoreFile";
import { isNoSource } from "./notSources";

/** A file, link or folder of a project, as a pod is to have it. */
export interface Source {
  kind: "file" | "link" | "folder";
  /** Permission bits; 0 for a link, which has none. */
  mode: number;
  /** Bytes of a file. */
  size: number;
  /** SHA-1 of a file's content in hexadecimal, or where a link leads; "" for a folder. */
  content: string;
  /** Whether it decides what is built, and is not in the image itself. @default false */
  isForBuild?: true;
}

/** The sources of a project at one moment, by their paths in the build context, sorted. */
export type Snapshot = ReadonlyMap<string, Source>;

/** Which files belong to a project. */
export interface Context {
  folder: string;
  builder: Builder;
  /** Relative to the folder. */
  dockerfile: string;
}

/** Reads the sources of a project again and again: a file whose times and size are the same is read once. */
export class Sources {
  private known = new Map<string, { stamp: string; source: Source }>();

  constructor(private readonly context: Context) {}

  /** Throws a `Problem` for what cannot be read, or cannot be in an image. */
  look(): Snapshot {
    const { folder, builder, dockerfile } = this.context;
    const seen = new Map<string, { stamp: string; source: Source }>();
    const entries = listContext(folder, builder, dockerfile, isNoSource).filter(({ isForced }) => isForced !== true);
    const sent = new Set(entries.map(({ path: name }) => name));
    const forBuild = [dockerfile, ...ignoreFileNames(dockerfile)]
      .filter((name) => !sent.has(name) && fs.existsSync(path.join(folder, name)))
      .map((name) => ({ path: name, kind: "file", isForBuild: true }) as const);
    for (const { path: name, kind, ...more } of [...entries, ...forBuild]) {
      const place = path.join(folder, name);
      try {
        const stats = fs.lstatSync(place, { bigint: true });
        const stamp = [kind, stats.mode, stats.size, stats.ino, stats.mtimeNs, stats.ctimeNs].join();
        const before = this.known.get(name);
        seen.set(name, before?.stamp === stamp ? before : { stamp, source: { ...read(place, kind, stats), ...more } });
      } catch (error) {
        if (isGone(error)) {
          // Since the folder was read, which another event tells.
          continue;
        }
        throw unreadable(place, error);
      }
    }
    this.known = seen;
    return new Map([...seen].map(([name, { source }]) => [name, source]));
  }
}

function read(place: string, kind: Source["kind"], stats: fs.BigIntStats): Source {
  const mode = Number(stats.mode) & 0o777;
  switch (kind) {
    case "folder":
      return { kind, mode, size: 0, content: "" };
    case "link":
      return { kind, mode: 0, size: 0, content: fs.readlinkSync(place) };
    case "file": {
      const bytes = fs.readFileSync(place);
      return { kind, mode, size: bytes.length, content: sha1(bytes) };
    }
  }
}

export const sha1 = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");

/** What two moments differ in. */
export interface Difference {
  /** Paths of what is new or another one. */
  changed: string[];
  removed: string[];
}

/** What changed from one moment to a later one. */
export function differenceOf(before: Snapshot, now: Snapshot): Difference {
  return {
    changed: [...now].filter(([name, source]) => !isSame(before.get(name), source)).map(([name]) => name),
    removed: [...before.keys()].filter((name) => !now.has(name)),
  };
}

export const isEmpty = ({ changed, removed }: Difference): boolean => changed.length + removed.length === 0;

function isSame(one: Source | undefined, other: Source): boolean {
  return one?.kind === other.kind && one.mode === other.mode && one.content === other.content;
}
