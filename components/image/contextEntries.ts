import fs, { type Dirent } from "node:fs";
import path from "node:path";

import { Problem } from "../problem";
import type { Builder } from "../config/image";
import { usualDockerfile } from "./findDockerfile";
import { IgnoreFile, type Matches } from "./ignoreFile";

/** A file, link or folder that is sent to the Docker daemon. */
export interface ContextEntry {
  /** Relative to the context, with forward slashes. */
  path: string;
  kind: "file" | "link" | "folder";
  /** Whether it is sent although the ignore file excludes it. @default false */
  isForced?: true;
}

/** How a builder walks through a context. */
interface Walk {
  /** Paths that are sent whatever is excluded. */
  always: (dockerfile: string) => readonly string[];
  /** Whether exceptions may bring back something below a folder that is excluded, so that the walk goes on there. */
  goesInto: (folder: string, exceptions: readonly string[]) => boolean;
  /** Whether an excluded folder is sent with what comes back below it; else the daemon makes one up. */
  sendsParents: boolean;
}

const walks: Record<Builder, Walk> = {
  // The Docker API takes an archive, from which BuildKit removes nothing.
  docker: {
    always: (dockerfile) => [dockerfile, ".dockerignore"],
    goesInto: (folder, exceptions) => exceptions.some((each) => `${each}/`.startsWith(`${folder}/`)),
    sendsParents: false,
  },
  // BuildKit asks the docker CLI for files, and reads the Dockerfile apart from them.
  "docker-build": {
    always: () => [],
    goesInto: (folder, exceptions) => {
      const starts = exceptions.map((each) => each.replace(/\/\*\*$/, "").replace(/\/\*$/, ""));
      const arePlain = !starts.some((each) => /[*[\]?^\\]/.test(each));
      return !arePlain || starts.some((each) => `${each}/`.startsWith(`${folder}/`));
    },
    sendsParents: true,
  },
};

/**
 * What a builder sends of a folder, sorted by path.
 *
 * @param dockerfile relative to the folder
 * @param isUnwanted whether a path is left out all the same, with what is in it. @default none is
 * @throws a `Problem` for what no image can hold
 */
export function listContext(
  folder: string,
  builder: Builder,
  dockerfile = usualDockerfile,
  isUnwanted: (name: string) => boolean = () => false,
): ContextEntry[] {
  const { goesInto, sendsParents, ...walked } = walks[builder];
  const always = walked.always(dockerfile.replaceAll("\\", "/"));
  const own = IgnoreFile.of(folder, dockerfile);
  const ignored = own.with(always);
  const entries: ContextEntry[] = [];

  /** @returns whether anything in it is sent */
  const walk = (within: string, parent: Matches | undefined): boolean => {
    let sendsAny = false;
    for (const entry of read(folder, within)) {
      const name = within + entry.name;
      if (isUnwanted(name)) {
        continue;
      }
      const { isExcluded, matches } = ignored.check(name, parent);
      if (entry.isDirectory()) {
        const isFilled = (!isExcluded || goesInto(name, ignored.exceptions)) && walk(`${name}/`, matches);
        if (!isExcluded || (isFilled && sendsParents)) {
          entries.push({ path: name, kind: "folder" });
        }
        sendsAny ||= isFilled || !isExcluded;
      } else if (!isExcluded) {
        const kind = kindOf(entry, path.join(folder, name), own.name ?? path.join(folder, ".dockerignore"));
        const isForced = always.includes(name) && own.check(name, undefined).isExcluded;
        entries.push({ path: name, kind, ...(isForced && { isForced }) });
        sendsAny = true;
      }
    }
    return sendsAny;
  };
  walk("", undefined);
  return entries.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * Tells which files and folders of a folder no builder looks at, so that nobody has to watch them.
 *
 * @returns whether a path, relative to the folder, is left out with everything in it
 */
export function leftOut(folder: string, builder: Builder, dockerfile = usualDockerfile): (name: string) => boolean {
  const { goesInto } = walks[builder];
  const ignored = IgnoreFile.of(folder, dockerfile);
  const known = new Map<string, { isLeftOut: boolean; matches: Matches | undefined }>();
  const look = (name: string): { isLeftOut: boolean; matches: Matches | undefined } => {
    const before = known.get(name);
    if (before !== undefined) {
      return before;
    }
    const parent = name.includes("/") ? look(path.posix.dirname(name)) : { isLeftOut: false, matches: undefined };
    const { isExcluded, matches } = ignored.check(name, parent.matches);
    const seen = {
      isLeftOut: parent.isLeftOut || (isExcluded && !goesInto(name, ignored.exceptions)),
      matches,
    };
    known.set(name, seen);
    return seen;
  };
  return (name) => look(name).isLeftOut;
}

function read(folder: string, within: string): Dirent[] {
  const place = path.join(folder, within);
  try {
    return fs.readdirSync(place, { withFileTypes: true });
  } catch (error) {
    if (within !== "" && isGone(error)) {
      // Since the folder above was read, as while a branch is switched.
      return [];
    }
    throw unreadable(place, error);
  }
}

/** Whether an error of the file system comes of a path that is not any more what it was a moment ago. */
export const isGone = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR", "EISDIR", "EINVAL", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Why a file or a folder cannot be sent, for an error of the file system. */
export function unreadable(place: string, error: unknown): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Problem(
    `${place} cannot be read (${code ?? message})`,
    "make it readable, or name it in .dockerignore to leave it out of the image",
  );
}

const others = {
  isFIFO: "a named pipe",
  isSocket: "a socket",
  isBlockDevice: "a device",
  isCharacterDevice: "a device",
} as const;

function kindOf(entry: Dirent, place: string, ignoreFile: string): "file" | "link" {
  if (entry.isFile()) {
    return "file";
  }
  if (entry.isSymbolicLink()) {
    return "link";
  }
  const kind = (Object.keys(others) as (keyof typeof others)[]).find((each) => entry[each]());
  throw new Problem(
    `${place} is ${kind === undefined ? "no file" : others[kind]}, which does not belong in an image`,
    `remove it, or name it in ${ignoreFile}`,
  );
}
