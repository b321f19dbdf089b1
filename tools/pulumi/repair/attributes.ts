import fs from "node:fs";
import path from "node:path";

/** Milliseconds after which a file that is still empty is not being written any more. */
const settled = 300;

/**
 * Removes the files of attributes that a killed Pulumi had begun and not filled.
 *
 * Beside each of its files it writes one of attributes, and not in one step. An empty one makes every command fail with
 * "EOF", that of any stack of the backend; without one they work.
 */
export function removeTornAttributes(stateFolder: string): void {
  if (!fs.existsSync(stateFolder)) {
    return;
  }
  for (const entry of fs.readdirSync(stateFolder, { recursive: true, encoding: "utf8" })) {
    const file = path.join(stateFolder, entry);
    const stat = entry.endsWith(".attrs") ? fs.statSync(file, { throwIfNoEntry: false }) : undefined;
    if (stat?.size === 0 && Date.now() - stat.mtimeMs > settled) {
      fs.rmSync(file, { force: true });
    }
  }
}
