import fs from "node:fs";

/** What a path leads to; undefined where it leads to nothing, in a circle of links, or through a file or a closed folder. */
export function statsOf(place: string, look: (place: string) => fs.Stats = fs.statSync): fs.Stats | undefined {
  try {
    return look(place);
  } catch {
    return undefined;
  }
}

export const isFolder = (place: string): boolean => statsOf(place)?.isDirectory() ?? false;
export const isFile = (place: string): boolean => statsOf(place)?.isFile() ?? false;
