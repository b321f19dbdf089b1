import fs from "node:fs";

import { readBuild } from "../../../components/config/image";
import { readProjectPlace } from "../../../components/config/project";
import { leftOut } from "../../../components/image/contextEntries";
import type { ProjectPlace } from "../../../components/image/findDockerfile";
import { findIgnoreFile } from "../../../components/image/ignoreFile";
import type { AppChoice } from "../../app/onApp";
import { isNoSource } from "../../live/notSources";
import { type Context, Sources } from "../../live/sources";
import { likelyDockerfile } from "../../stack/likelyDockerfile";
import type { StackConfig } from "../../stack/stackConfig";
import { pathIn } from "./pathIn";

/** A project whose saves are followed. */
export interface FollowedProject {
  /** The app that it is of. */
  app: string;
  folder: string;
  sources: Sources;
  /** Whether a path, relative to the folder, is of no source, with everything in it. */
  isLeftOut: (name: string) => boolean;
  /** What decides on that: another text, and others are left out. */
  ignoreRules: string;
}

/** An app, and what the stack's file says of it. */
export type ConfiguredApp = Pick<AppChoice, "app" | "config">;

/**
 * Reads which files are of an app's project.
 *
 * @param findDockerfile of the project. @default also one that is not there yet
 * @throws a `Problem` for what cannot be built
 */
export function followedProject(
  { app, config }: ConfiguredApp,
  findDockerfile: (place: ProjectPlace) => string = likelyDockerfile,
): FollowedProject {
  const place = readProjectPlace(config);
  const context = { folder: place.folder, builder: builderOf(config), dockerfile: findDockerfile(place) };
  const isExcluded = leftOut(context.folder, context.builder, context.dockerfile);
  return {
    app,
    folder: place.folder,
    sources: new Sources(context),
    isLeftOut: (name) => isNoSource(name) || isExcluded(name),
    ignoreRules: rulesOf(context),
  };
}

/** The lines that leave files out of a build context. */
function rulesOf({ folder, dockerfile }: Pick<Context, "folder" | "dockerfile">): string {
  const found = findIgnoreFile(folder, dockerfile);
  return found === undefined ? folder : `${found}\n${fs.readFileSync(found, "utf8")}`;
}

/** Whether a path is in a project, and in none of which an image has it. */
export function isLeftOutOf(projects: readonly Pick<FollowedProject, "folder" | "isLeftOut">[], name: string): boolean {
  const places = projects.map(({ folder, isLeftOut }) => ({ within: pathIn(folder, name), isLeftOut }));
  const known = places.filter(({ within }) => within !== undefined);
  return known.length > 0 && known.every(({ within = "", isLeftOut }) => within !== "" && isLeftOut(within));
}

/** Until it is decided, what most have. */
export function builderOf(config: StackConfig): "docker" | "docker-build" {
  const { builder } = readBuild(config);
  return builder === "auto" ? "docker-build" : builder;
}
