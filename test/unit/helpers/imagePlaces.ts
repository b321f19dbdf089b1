import path from "node:path";

import { readImageConfig } from "../../../components/image/imageConfig";
import { type ImagePlaces, imagePlaces, type NoPlaces } from "../../../components/image/places/imagePlaces";
import type { TemporaryFolder } from "./folders";

/** A Dockerfile and what it is built of. */
export interface Built {
  lines: readonly string[];
  files: readonly string[];
  /** Relative to the build context. @default Dockerfile */
  dockerfile?: string;
  /** @default the last */
  stage?: string;
  /** @default none */
  buildArgs?: Record<string, string>;
}

/** Where an image has the files of its build context. */
export function placesWith(folder: TemporaryFolder, built: Built): ImagePlaces | NoPlaces {
  const { lines, files, dockerfile = "Dockerfile", stage, buildArgs = {} } = built;
  folder.write({ [dockerfile]: [...lines, ""].join("\n") });
  const file = path.join(folder.path(), dockerfile);
  const config = readImageConfig(file, { buildArgs, stage });
  return imagePlaces({ folder: folder.path(), dockerfile: file, stage, buildArgs, files, config });
}

/** The same, of a Dockerfile that is not refused. */
export function knownPlaces(folder: TemporaryFolder, built: Built): ImagePlaces {
  const places = placesWith(folder, built);
  if ("refused" in places) {
    throw new Error(places.refused);
  }
  return places;
}
