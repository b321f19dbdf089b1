import fs from "node:fs/promises";

import { tryRun } from "./host";

/** The mount points that the kernel lists, with its octal escapes decoded. */
export async function readMounts(): Promise<string[]> {
  const lines = (await fs.readFile("/proc/self/mounts", "utf8")).trimEnd().split("\n");
  return lines.map((line) =>
    (line.split(" ")[1] ?? "").replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
  );
}

/** Unmounts everything below a folder, the innermost first. */
export async function unmountBelow(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const below = (await readMounts()).filter((mount) => mount.startsWith(`${folder}/`));
  for (const mount of below.sort().reverse()) {
    await tryRun(environment, ["umount", mount]);
  }
  for (const mount of (await readMounts()).filter((each) => each.startsWith(`${folder}/`))) {
    await tryRun(environment, ["umount", "--lazy", mount]);
  }
}
