import path from "node:path";

import type { ProjectPlace } from "../image/findDockerfile";
import { matching } from "./checks";
import { optional, type PlainConfig, required } from "./reader";

/** An absolute path would differ between machines, and with it what is deployed. */
const relativePath = /^(?![/~])(?![A-Za-z]:)[^\p{Cc}\\]+$/u;
const stageName = /^[A-Za-z][A-Za-z0-9_.-]*$/;

/** The project that is deployed. The tools read this, too. */
export function readProjectPlace(config: PlainConfig): ProjectPlace {
  return {
    folder: projectFolder(
      required(
        config,
        "project",
        matching(relativePath, {
          allowed: "the folder of a Django project, relative to the one with Pulumi.yaml, with forward slashes",
          example: "../shop",
        }),
      ),
    ),
    dockerfile: optional(
      config,
      "dockerfile",
      matching(relativePath, {
        allowed: "the path of a Dockerfile, relative to the project, with forward slashes",
        example: "docker/Dockerfile",
      }),
    ),
    stage: optional(
      config,
      "buildTarget",
      matching(stageName, { allowed: "the name of a stage of the Dockerfile", example: "production" }),
    ),
  };
}

/** A folder in one form, however it is written: `./app/` is `app`. */
export function projectFolder(text: string): string {
  return path.posix.normalize(text).replace(/(?<=.)\/+$/, "");
}
