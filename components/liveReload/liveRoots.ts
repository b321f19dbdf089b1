import { dockerfileIn, type ProjectPlace } from "../image/findDockerfile";
import { imagePlaces } from "../image/imagePlaces";
import { Problem } from "../problem";

/** Folders of the image with a project's sources. Throws a `Problem` where it has them in no folder of their own. */
export function liveRootsOf(place: ProjectPlace, buildArgs: Record<string, string>): readonly string[] {
  const places = imagePlaces(place, { buildArgs });
  if ("refused" in places) {
    throw new Problem(
      `Config key "liveReload" is "true", and ${dockerfileIn(place)} leaves no folder that can be live: ${places.refused}`,
      "run `pulumi config set liveReload false`",
    );
  }
  return places.roots;
}
