import fs from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

import { type Header, type Pack, pack } from "tar-stream";

import type { BuildContext } from "../../components/image/buildContext";

/**
 * Writes a build context as Pulumi's docker provider sends it.
 *
 * The daemon's cache tells it from the same folder sent by the docker CLI, and from one with other owners.
 */
export async function archiveContext(
  folder: string,
  { files, folders }: Pick<BuildContext, "files" | "folders">,
  target: string,
): Promise<void> {
  const archive = pack();
  await Promise.all([
    pipeline(archive, fs.createWriteStream(target, { mode: 0o600 })),
    addAll(archive, folder, [...folders, ...files].sort()).catch((error: unknown) => {
      archive.destroy(error as Error);
      throw error;
    }),
  ]);
}

async function addAll(archive: Pack, folder: string, names: string[]): Promise<void> {
  const add = promisify((header: Partial<Header> & { name: string }, done: (error?: Error | null) => void) =>
    archive.entry(header, done),
  );
  for (const name of names) {
    const file = path.join(folder, name);
    const stat = fs.lstatSync(file);
    const header = { name, mode: stat.mode & 0o7777, mtime: stat.mtime, uid: 0, gid: 0 };
    if (stat.isDirectory()) {
      await add({ ...header, name: `${name}/`, type: "directory" });
    } else if (stat.isSymbolicLink()) {
      await add({ ...header, type: "symlink", linkname: fs.readlinkSync(file) });
    } else {
      // A file may be larger than memory.
      await pipeline(fs.createReadStream(file), archive.entry({ ...header, size: stat.size }));
    }
  }
  archive.finalize();
}
