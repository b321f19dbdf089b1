import { dockerfileIn, type ProjectPlace, usualDockerfile } from "../../components/image/findDockerfile";

/** The Dockerfile of a project, relative to it; as the config names it where the program refuses that and says why. */
export function likelyDockerfile(place: ProjectPlace): string {
  try {
    return dockerfileIn(place);
  } catch {
    return place.dockerfile ?? usualDockerfile;
  }
}
