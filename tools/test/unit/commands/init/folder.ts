import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Makes a temporary folder with some files, by their paths; the caller removes it. */
export function folderWith(files: Record<string, string | Buffer>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "init-")));
  for (const [name, text] of Object.entries(files)) {
    const place = path.join(folder, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, text);
  }
  return folder;
}

/** Runs a test in such a folder and removes it. */
export async function inFolder(
  files: Record<string, string | Buffer>,
  test: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = folderWith(files);
  try {
    await test(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
