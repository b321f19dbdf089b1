import fs from "node:fs";
import path from "node:path";

import { decodeText } from "./decodeText";

/** Most that is read of one file, in bytes: whatever a person writes is smaller. */
const most = 1 << 20;

/** A file of a project; undefined where it is missing, large, unreadable, no text, or elsewhere by way of a link. */
export function readSmallFile(folder: string, file: string): string | undefined {
  try {
    const place = fs.realpathSync(path.join(folder, file));
    const stats = fs.statSync(place);
    return isWithin(fs.realpathSync(folder), place) && stats.isFile() && stats.size <= most
      ? decodeText(fs.readFileSync(place))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder or below it; both absolute. */
export function isWithin(folder: string, place: string): boolean {
  const relative = path.relative(folder, place);
  return relative === "" || (relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative));
}
