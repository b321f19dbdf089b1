import path from "node:path";

import type { ImageFacts } from "./imageFacts";

/** Where the Dockerfile that `npm run init` writes has the project. */
const ownFolder = "/app";

/**
 * Where a file of the project is in its image.
 *
 * @param relative its path in the project
 * @returns undefined where no COPY brings it, or one whose target has a variable without a value
 */
export function placeInImage(image: Pick<ImageFacts, "copied"> | undefined, relative: string): string | undefined {
  if (image === undefined) {
    return path.posix.join(ownFolder, relative);
  }
  const found = image.copied.findLast(({ source }) => {
    const from = path.posix.relative(source, relative);
    return from === "" || !from.startsWith("..");
  });
  return found?.place === undefined
    ? undefined
    : path.posix.join(found.place, path.posix.relative(found.source, relative));
}
