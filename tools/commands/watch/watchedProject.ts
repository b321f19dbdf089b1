import path from "node:path";

import { releaseLineOf } from "../../../components/app/start";
import { readBuild } from "../../../components/config/image";
import { readProjectPlace } from "../../../components/config/project";
import { listContext } from "../../../components/image/contextEntries";
import { dockerfileIn } from "../../../components/image/findDockerfile";
import { readImageConfig } from "../../../components/image/imageConfig";
import { type ImagePlaces, imagePlaces, type NoPlaces } from "../../../components/image/places/imagePlaces";
import { targets } from "../../../components/targets/target";
import type { AppOfStack } from "../../app/appWords";
import type { Choice } from "../../stack/session";
import type { PulumiCli } from "../../stack/stack";
import type { StackConfig } from "../../stack/stackConfig";
import { builderOf, type ConfiguredApp, type FollowedProject, followedProject } from "./followedProject";
import type { OtherProjects } from "./otherProjects";

/** A project whose saves reach the pods, where these can take them. */
export interface WatchedProject extends FollowedProject {
  /** Where its sources are in its pods; undefined where they are only in its image. */
  places: ImagePlaces | undefined;
  /** Whether Django's DEBUG is on. */
  debug: boolean;
  /** Whether something runs before processes change. */
  hasRelease: boolean;
}

/** A stack, and the projects that are deployed to it. */
export interface WatchedStack extends AppOfStack {
  cli: PulumiCli;
  project: WatchedProject;
  /** Those of the stack's other apps. */
  others: OtherProjects;
}

/**
 * Reads what a stack's config says of an app's project.
 *
 * @param places of its sources in pods that take saves; undefined where they take none
 * @throws a `Problem` for what cannot be built
 */
export function watchedProject({ app, config }: ConfiguredApp, places: ImagePlaces | undefined): WatchedProject {
  const database = config.text("database") === "postgres" ? "postgres" : "sqlite";
  const databaseStorage = config.text("databaseStorage");
  return {
    ...followedProject({ app, config }, dockerfileIn),
    places,
    debug: config.get("debug") === "true",
    hasRelease: releaseLineOf({ release: config.text("release"), database, databaseStorage }) !== undefined,
  };
}

/** Where the sources of an app's project are in its pods; undefined where pods cannot take a save, which is said. */
export function livePlaces({ config, target }: Pick<Choice, "config" | "target">): ImagePlaces | undefined {
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
