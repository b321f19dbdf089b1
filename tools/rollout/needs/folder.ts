import path from "node:path";

import { shellWord } from "../../../components/advice";
import type { Run } from "./run";

/** A path that a process names, as it names it. */
export interface Named {
  path: string;
  /** Whether it is a folder that it would make. */
  isFolder: boolean;
}

/** A folder of a pod. */
export interface Place {
  folder: string;
  /** Whether it is known, or begins with a folder that is not. */
  isKnown: boolean;
  /** Whether a volume may take its place. */
  isFit: boolean;
}

/** How programs name a path that an error is about; the first one that matches counts. */
const forms: readonly RegExp[] = [
  // Python: [Errno 30] Read-only file system: '/a'; of two, what is written to is the second.
  /\[Errno \d+\] [\w -]+: b?['"](?:[^'"]+['"] -> b?['"])?([^'"]+)['"]/,
  // gunicorn: '/a' isn't writable [OSError(30, 'Read-only file system')]
  /'([^']+)' isn't writable/,
  // nginx: open() "/a" failed (30: Read-only file system), and uwsgi: open("/a"): Read-only file system
  /\w+\(\)? ?"([^"]+)"\)?(?: failed|:)/,
  // GNU and busybox: mkdir: cannot create directory '/a': Read-only file system
  /^[\w./-]+: .*['‘`"]([^'’"]+)['’"]/,
  // Shells and Go: cannot create /a: Read-only file system
  /([^\s:'"()]+): (?:read-only file system|permission denied)/i,
];

const makesFolder = /\bmkdir\b|makedirs|create directory/;
/** Lines of a traceback in which the call stands that failed. */
const callLines = 4;

/** The path that a line names, and whether it is a folder's. */
export function pathIn(lines: readonly string[], at: number): Named | undefined {
  const line = lines[at] ?? "";
  const found = forms.map((form) => form.exec(line)?.[1]).find((each) => each !== undefined);
  if (found === undefined) {
    return undefined;
  }
  const isTraceback = /\[Errno/.test(line);
  const call = isTraceback ? lines.slice(Math.max(0, at - callLines), at + 1).join("\n") : line;
  // What is changed about a file or a folder: the name has to tell which it is.
  const changes = /ownership of|permissions of|times of/.test(line) && path.posix.extname(found) === "";
  return { path: found, isFolder: makesFolder.test(call) || changes };
}

/** Folders of the system, in whose place no volume may be. */
const system =
  /^\/(bin|boot|dev|etc|lib|lib64|proc|root|sbin|sys|usr|usr\/(bin|lib|local|sbin|share)|usr\/local\/(bin|lib)|var)?$/;

/** Where a process runs, as long as nobody knows. */
const workingFolder = "/WORKDIR";

/**
 * The folder that has to be writable for a path.
 *
 * @param start folder that the process runs in; undefined where that is not known
 */
export function placeOf({ path: named, isFolder }: Named, start: string | undefined): Place {
  const whole = path.posix.resolve(start ?? workingFolder, named);
  const folder = isFolder ? whole : path.posix.dirname(whole);
  return {
    folder,
    isKnown: start !== undefined || path.posix.isAbsolute(named),
    isFit: !system.test(folder) && !/[,\p{Cc}]/u.test(folder),
  };
}

/** Whether a folder is, or is in, a volume of the pod. */
export function isWritable(folder: string, { volumes }: Pick<Run, "volumes">): boolean {
  return volumes.some((volume) => isIn(folder, volume));
}

const isIn = (folder: string, other: string): boolean => folder === other || folder.startsWith(`${other}/`);

/** The command that makes folders writable beside those that are. */
export function writableCommand(folders: readonly string[], configured: readonly string[]): string {
  const all = [...new Set([...configured, ...folders])];
  const outermost = all.filter((folder) => !all.some((other) => other !== folder && isIn(folder, other)));
  return `pulumi config set writablePaths ${shellWord(outermost.join(","))}`;
}
