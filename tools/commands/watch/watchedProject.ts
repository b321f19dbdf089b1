import fs from "node:fs";
import path from "node:path";

import { releaseLineOf } from "../../../components/app/start";
import { readBuild } from "../../../components/config/image";
import { readProjectPlace } from "../../../components/config/project";
import { leftOut, listContext } from "../../../components/image/contextEntries";
import { dockerfileIn } from "../../../components/image/findDockerfile";
import { findIgnoreFile } from "../../../components/image/ignoreFile";
import { readImageConfig } from "../../../components/image/imageConfig";
import { type ImagePlaces, imagePlaces, type NoPlaces } from "../../../components/image/places/imagePlaces";
import { targets } from "../../../components/targets/target";
import { isNoSource } from "../../live/notSources";
import { type Context, Sources } from "../../live/sources";
import type { Choice } from "../../stack/session";
import type { PulumiCli } from "../../stack/stack";
import type { StackConfig } from "../../stack/stackConfig";

/** A project whose saves are followed. */
export interface WatchedProject {
  folder: string;
  sources: Sources;
  /** Whether a path, relative to the folder, is of no source, with everything in it. */
  isLeftOut: (name: string) => boolean;
  /** What decides on that: another text, and others are left out. */
  ignoreRules: string;
  /** Where its sources are in its pods; undefined where they are only in its image. */
  places: ImagePlaces | undefined;
  /** Whether Django's DEBUG is on. */
  debug: boolean;
  /** Whether something runs before processes change. */
  hasRelease: boolean;
}

/** A stack, and the project that is deployed to it. */
export interface WatchedStack {
  stack: string;
  cli: PulumiCli;
  project: WatchedProject;
}

/**
 * Reads what a stack's config says of its project.
 *
 * @param places of its sources in pods that take saves; undefined where they take none
 * @throws a `Problem` for what cannot be built
 */
export function watchedProject(config: StackConfig, places: ImagePlaces | undefined): WatchedProject {
  const place = readProjectPlace(config);
  const database = config.text("database") === "postgres" ? "postgres" : "sqlite";
  const databaseStorage = config.text("databaseStorage");
  const context = { folder: place.folder, builder: builderOf(config), dockerfile: dockerfileIn(place) };
  const isExcluded = leftOut(context.folder, context.builder, context.dockerfile);
  return {
    folder: place.folder,
    sources: new Sources(context),
    isLeftOut: (name) => isNoSource(name) || isExcluded(name),
    ignoreRules: rulesOf(context),
    places,
    debug: config.get("debug") === "true",
    hasRelease: releaseLineOf({ release: config.text("release"), database, databaseStorage }) !== undefined,
  };
}

/** The lines that leave files out of a build context. */
function rulesOf({ folder, dockerfile }: Pick<Context, "folder" | "dockerfile">): string {
  const found = findIgnoreFile(folder, dockerfile);
  return found === undefined ? folder : `${found}\n${fs.readFileSync(found, "utf8")}`;
}

/** Where the sources of a stack's project are in its pods; undefined where pods cannot take a save, which is said. */
export function livePlaces({ config, target }: Choice): ImagePlaces | undefined {
  if (targets[target].pulls) {
    console.error(`Target ${target} is shared: its pods run what their image has, so what is saved is deployed`);
    return undefined;
  }
  const places = placesIn(config);
  if (places !== undefined && "refused" in places) {
    console.error(`Saves cannot reach the pods, so they are deployed: ${places.refused}; ${places.help}`);
    return undefined;
  }
  return places;
}

/** Undefined for what the program refuses, which says why. */
function placesIn(config: StackConfig): ImagePlaces | NoPlaces | undefined {
  try {
    const { buildArgs } = readBuild(config);
    const place = readProjectPlace(config);
    const { folder, stage } = place;
    const name = dockerfileIn(place);
    const dockerfile = path.posix.join(folder, name);
    // The contents are not read: a branch may be switched just now.
    const entries = listContext(folder, builderOf(config), name);
    const files = entries.filter(({ kind }) => kind !== "folder").map((entry) => entry.path);
    const image = readImageConfig(dockerfile, { buildArgs, stage });
    return imagePlaces({ folder, dockerfile, stage, buildArgs, files, config: image });
  } catch {
    return undefined;
  }
}

/** Until it is decided, what most have. */
function builderOf(config: StackConfig): "docker" | "docker-build" {
  const { builder } = readBuild(config);
  return builder === "auto" ? "docker-build" : builder;
}
