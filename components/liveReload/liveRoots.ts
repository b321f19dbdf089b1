import { imagePlaces } from "../image/places/imagePlaces";
import type { Project } from "../image/project";
import { Problem } from "../problem";

/** Folders of the image with a project's sources. Throws a `Problem` where it has them in no folder of their own. */
export function liveRootsOf(project: Project, buildArgs: Record<string, string>): readonly string[] {
  const places = imagePlaces({ ...project, buildArgs });
  if ("refused" in places) {
    throw new Problem(
      `Config key "liveReload" is "true", and no folder of the image can be live: ${places.refused}`,
      `${places.help}, or run \`pulumi config set liveReload false\``,
    );
  }
  return places.roots;
}
