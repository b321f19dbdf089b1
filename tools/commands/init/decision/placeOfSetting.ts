import path from "node:path";

import type { Found } from "../findings";
import { placeInImage } from "../image/placeInImage";
import { inProject } from "../settings/libraries/paths";
import type { Findings } from "./decision";

/** Where the settings' path is in the image: Python makes it of the place of the settings' own file, or of its WORKDIR. */
export function placeOfSetting({ value, where }: Found<string>, image: Findings["image"]): string | undefined {
  const relative = inProject(value);
  if (relative !== undefined) {
    const file = where.replace(/:\d+$/, "");
    const own = placeInImage(image, file);
    return own === undefined
      ? placeInImage(image, relative)
      : path.posix.resolve(own, path.posix.relative(file, relative));
  }
  const isBelowWorkdir = value !== "" && !value.startsWith("/") && image?.config.workdir !== undefined;
  return isBelowWorkdir ? path.posix.join(image.config.workdir ?? "", value) : value;
}
