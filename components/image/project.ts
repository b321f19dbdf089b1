import { type BuildContext, type BuildOptions, readBuildContext } from "./buildContext";
import { type HealthPaths, readHealthPaths } from "./healthPaths";

/** A Django project, as an image is built from it. */
export interface Project extends BuildContext {
  /** Folder relative to the program: an absolute path would differ between machines. */
  folder: string;
  healthPaths: HealthPaths;
}

/** Reads a project's folder. Throws a `Problem` when it cannot be built. */
export function readProject(folder: string, options: BuildOptions): Project {
  return { folder, ...readBuildContext(folder, options), healthPaths: readHealthPaths(folder, options.buildArgs) };
}
