import { readBuild } from "../../../components/config/image";
import { readProjectPlace } from "../../../components/config/project";
import { dockerfileIn } from "../../../components/image/findDockerfile";
import { type ImagePlaces, imagePlaces, type NoPlaces } from "../../../components/image/places/imagePlaces";
import { readProject } from "../../../components/image/project";
import { targets } from "../../../components/targets/target";
import { Sources } from "../../live/sources";
import type { Choice } from "../../stack/session";
import type { PulumiCli } from "../../stack/stack";
import type { StackConfig } from "../../stack/stackConfig";
import type { Config } from "../../stack/stackFiles";

/** A project whose saves are followed. */
export interface WatchedProject {
  folder: string;
  sources: Sources;
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

/** Reads what a stack's config says of its project. Throws a `Problem` for what cannot be built. */
export function watchedProject(config: StackConfig): WatchedProject {
  const place = readProjectPlace(config);
  const places = config.text("liveReload") === "true" ? placesIn(config) : undefined;
  const release = config.text("release");
  const context = { folder: place.folder, builder: builderOf(config), dockerfile: dockerfileIn(place) };
  return {
    folder: place.folder,
    sources: new Sources(context),
    places: places === undefined || "refused" in places ? undefined : places,
    debug: config.text("debug") === "true",
    hasRelease: release === undefined ? config.text("database") === "postgres" : release !== "none",
  };
}

/** What `npm run watch` adds to a stack's config: a save reaches the pods, where they can take it. Says why they cannot. */
export function liveConfig({ config, target }: Choice): Config {
  if (targets[target].pulls) {
    console.error(`Target ${target} is shared: its pods run what their image has, so what is saved is deployed`);
    return {};
  }
  const places = placesIn(config);
  if (places !== undefined && "refused" in places) {
    console.error(`Saves cannot reach the pods, so they are deployed: ${places.refused}; ${places.help}`);
    return {};
  }
  return places === undefined ? {} : { liveReload: "true" };
}

/** Undefined for what the program refuses, which says why. */
function placesIn(config: StackConfig): ImagePlaces | NoPlaces | undefined {
  try {
    const build = readBuild(config);
    const project = readProject(readProjectPlace(config), { ...build, builder: builderOf(config) });
    return imagePlaces({ ...project, buildArgs: build.buildArgs });
  } catch {
    return undefined;
  }
}

/** Until it is decided, what most have. */
function builderOf(config: StackConfig): "docker" | "docker-build" {
  const { builder } = readBuild(config);
  return builder === "auto" ? "docker-build" : builder;
}
