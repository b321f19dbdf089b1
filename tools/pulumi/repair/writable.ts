import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../components/problem";
import { stateFile } from "../ownState";

/** What helps, by the code of the error. */
const help: Record<string, string> & { EACCES: string } = {
  EACCES: 'run `sudo chown -R "$(id -u)" .local`',
  EPERM: "run `sudo chattr -R -i .local`",
  EROFS: "make its file system writable with `sudo mount -o remount,rw PLACE`",
};

/**
 * Makes sure that the state in a folder can be written: Pulumi would fail only after it has built the image.
 *
 * @throws a `Problem` with the first file or folder that cannot be written
 */
export function refuseReadOnly(stateFolder: string, stack: string): void {
  const file = stateFile(stateFolder, stack);
  for (const each of [stateFolder, path.dirname(file), file].filter((name) => fs.existsSync(name))) {
    try {
      fs.accessSync(each, fs.constants.W_OK);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // Pulumi replaces the file as a whole, which takes a writable folder.
      if (each === file && code === "EACCES") {
        continue;
      }
      const place = path.relative(process.cwd(), each);
      throw new Problem(
        `The state of stack ${stack} cannot be written (${code} at ${place})`,
        help[code] ?? help.EACCES,
      );
    }
  }
}
