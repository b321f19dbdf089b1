import path from "node:path";

/** A path relative to a folder, with forward slashes, and "" for the folder itself; undefined for what is not in it. */
export function pathIn(folder: string, name: string): string | undefined {
  // Some events name the whole path of a file, whatever the watched folder was named.
  const relative = path.relative(folder, name).replaceAll("\\", "/");
  return relative.split("/")[0] === ".." || path.isAbsolute(relative) ? undefined : relative;
}
