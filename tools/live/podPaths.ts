import fs from "node:fs";
import path from "node:path";

import type { ImagePlaces } from "../../components/image/places/imagePlaces";
import { type Difference, sha1, type Snapshot } from "./sources";

/** Everything that a pod is to have, with absolute paths, as the agent's `open` takes it. */
export interface Listing {
  files: [path: string, mode: number, size: number, sha1: string][];
  links: [path: string, target: string][];
  folders: string[];
}

/** A change, as the agent's `change` takes it, with the contents that follow. */
export interface PodChange {
  remove: string[];
  folders: string[];
  links: [path: string, target: string][];
  files: [path: string, mode: number, size: number][];
  /** Of the files, in their order. */
  contents: Buffer[];
}

type Places = Pick<ImagePlaces, "placesOf">;

export function listingOf(snapshot: Snapshot, { placesOf }: Places): Listing {
  const listing: Listing = { files: [], links: [], folders: [] };
  for (const [name, { kind, mode, size, content, isForBuild }] of snapshot) {
    for (const place of isForBuild ? [] : placesOf(name)) {
      switch (kind) {
        case "file":
          listing.files.push([place, mode, size, content]);
          break;
        case "link":
          listing.links.push([place, content]);
          break;
        case "folder":
          listing.folders.push(place);
      }
    }
  }
  return listing;
}

/** The paths that a pod's image has of some sources. */
export const pathsOf = (snapshot: Snapshot, { placesOf }: Places): string[] => [...snapshot.keys()].flatMap(placesOf);

/** What of a change reaches pods: what is only for the build, or has no place in the image, does not. */
export function inPods(
  { changed, removed }: Difference,
  before: Snapshot,
  now: Snapshot,
  { placesOf }: Places,
): Difference {
  const reaches = (snapshot: Snapshot) => (name: string) =>
    snapshot.get(name)?.isForBuild !== true && placesOf(name).length > 0;
  return { changed: changed.filter(reaches(now)), removed: removed.filter(reaches(before)) };
}

/**
 * Reads what changed, so that a pod can take it.
 *
 * @param folder of the project
 * @param onStale told of a file that is not any more what the snapshot says, which the change is then without
 * @throws a `Stale` for such a file where nobody is told
 */
export function readChange(
  { changed, removed }: Difference,
  {
    folder,
    snapshot,
    places,
    onStale,
  }: { folder: string; snapshot: Snapshot; places: Places; onStale?: (name: string) => void },
): PodChange {
  const change: PodChange = {
    remove: removed.flatMap(places.placesOf),
    folders: [],
    links: [],
    files: [],
    contents: [],
  };
  for (const name of changed) {
    const source = snapshot.get(name);
    const bytes = source?.kind === "file" ? readSource(path.join(folder, name)) : undefined;
    if (source === undefined || (source.kind === "file" && (bytes === undefined || sha1(bytes) !== source.content))) {
      if (onStale === undefined) {
        throw new Stale(name);
      }
      onStale(name);
      continue;
    }
    for (const place of places.placesOf(name)) {
      switch (source.kind) {
        case "file":
          change.files.push([place, source.mode, source.size]);
          change.contents.push(bytes ?? Buffer.alloc(0));
          break;
        case "link":
          change.links.push([place, source.content]);
          break;
        case "folder":
          change.folders.push(place);
      }
    }
  }
  return change;
}

/** A source is another one than it was a moment ago. */
export class Stale extends Error {}

/** Undefined for a file that is gone. */
function readSource(place: string): Buffer | undefined {
  try {
    return fs.readFileSync(place);
  } catch {
    return undefined;
  }
}
