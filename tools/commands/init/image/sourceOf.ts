import path from "node:path";

import type { ImageFacts } from "./imageFacts";

/** Files of the project that a path in its image may come from, the likeliest first; relative to the project. */
export function sourcesOf(place: string, facts: Pick<ImageFacts, "copied" | "config"> | undefined): string[] {
  const { copied = [], config } = facts ?? {};
  const absolute = path.posix.resolve(config?.workdir ?? "/", place);
  const found = copied.toReversed().flatMap(({ source, place: target }) => {
    const below = target === undefined ? ".." : path.posix.relative(target, absolute);
    return below.startsWith("..") ? [] : [path.posix.join(source, below)];
  });
  return [...new Set([...found, path.posix.normalize(place.replace(/^\.?\//, ""))])];
}
