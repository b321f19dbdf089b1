import { Readable } from "node:stream";

import { extract } from "tar-stream";

/** A file that a command wrote in a pod. */
export interface ReturnedFile {
  /** Relative to the project, with forward slashes. */
  name: string;
  isExecutable: boolean;
  content: Buffer;
}

/** Reads a tar of files; what is no file is left out. Throws when it is not whole. */
export async function readReturned(archive: Buffer): Promise<ReturnedFile[]> {
  const found: ReturnedFile[] = [];
  const entries = extract();
  Readable.from([archive]).pipe(entries);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) {
      chunks.push(chunk as Buffer);
    }
    const { name, type, mode } = entry.header;
    if (type === "file") {
      found.push({ name, isExecutable: (mode & 0o100) !== 0, content: Buffer.concat(chunks) });
    }
  }
  return found;
}

/**
 * Whether a name is one that a command may give to a source: within the project, and nothing that tools of this machine
 * read or run unasked, such as `.git/hooks` or `.envrc`.
 */
export function isSourceName(name: string): boolean {
  // Windows takes a backslash for a separator and a colon for a drive or a stream.
  return !/[\p{Cc}\\:]/u.test(name) && name.split("/").every((part) => part !== "" && !part.startsWith("."));
}
