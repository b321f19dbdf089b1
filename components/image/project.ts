import path from "node:path";

import { type BuildContext, type BuildOptions, readBuildContext } from "./buildContext";
import { runsCommand } from "./entrypoint";
import { dockerfileIn, type ProjectPlace } from "./findDockerfile";
import { type HealthLabels, healthLabelsOf } from "./healthLabels";
import { type ImageConfig, readImageConfig } from "./imageConfig";

/** A Django project, as an image is built from it. */
export interface Project extends BuildContext {
  /** Folder relative to the program: an absolute path would differ between machines. */
  folder: string;
  /** Path of its Dockerfile, relative to the program as the folder is. */
  dockerfile: string;
  /** Stage of the Dockerfile; undefined for the last. */
  stage: string | undefined;
  /** What the Dockerfile says of its image. */
  config: ImageConfig;
  /** Whether the image's ENTRYPOINT runs the command that it is given. */
  entrypointRunsCommand: boolean;
  healthLabels: HealthLabels;
}

/** Reads a project's folder. Throws a `Problem` when it cannot be built. */
export function readProject(place: ProjectPlace, options: Omit<BuildOptions, "dockerfile" | "stage">): Project {
  const { folder, stage } = place;
  const name = dockerfileIn(place);
  const dockerfile = path.posix.join(folder, name);
  const config = readImageConfig(dockerfile, { buildArgs: options.buildArgs, stage });
  const context = readBuildContext(folder, { ...options, dockerfile: name, stage });
  return {
    folder,
    dockerfile,
    stage,
    config,
    entrypointRunsCommand: runsCommand(config.entrypoint, folder, context.files),
    healthLabels: healthLabelsOf(config, dockerfile),
    ...context,
  };
}
