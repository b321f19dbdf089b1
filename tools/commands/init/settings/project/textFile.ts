import { readFileSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";

import { decodeText } from "../../decodeText";

/** A settings file of a megabyte is none. */
const maximumBytes = 1024 * 1024;

/**
 * The text of a file of the project, without a byte order mark.
 *
 * @returns undefined where there is no file, where it is larger than a megabyte, and where a link leads out of the project
 */
export function readProjectFile(project: string, file: string): string | undefined {
  try {
    const real = realpathSync(file);
    const inside = path.relative(realpathSync(project), real);
    const { size } = statSync(real);
    if (inside.startsWith("..") || path.isAbsolute(inside) || size > maximumBytes) {
      return undefined;
    }
    return decodeText(readFileSync(real));
  } catch {
    return undefined;
  }
}
