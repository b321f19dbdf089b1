import fs from "node:fs";
import path from "node:path";

import { readStages } from "../dockerfileStages";
import type { ImageConfig } from "../imageConfig";
import { type Copy, type Has, placesIn } from "./copy";
import { installingStep, runsFromFolder } from "./installed";
import { buildReasons, seesMost } from "./needsBuild";
import { isIn, rootsOf } from "./roots";
import { readContents, type UnknownCopy } from "./stageContents";

/** What decides where an image has the files of its build context. */
export interface PlacesArgs {
  /** Root of the build context. */
  folder: string;
  /** Path of the Dockerfile, relative to the same folder as `folder` is. */
  dockerfile: string;
  /** Stage that the image is made of; undefined for the last. */
  stage: string | undefined;
  buildArgs: Readonly<Record<string, string>>;
  /** Files and links of the build context. */
  files: readonly string[];
  config: Pick<ImageConfig, "entrypoint"> & Partial<Pick<ImageConfig, "command">>;
}

/** Where an image has the files of its build context. Their paths are relative to it, those of the image absolute. */
export interface ImagePlaces {
  /** Folders that hold the project, outermost only, such as /app: what a pod needs a writable copy of. */
  roots: string[];
  /** Where the image has a file, also one that is new; none if it does not have it. */
  placesOf: (file: string) => string[];
  /**
   * Why the image has to be built for a change of a file, rather than the file put in its places: a clause, such as
   * "a build step reads it". Undefined if that is enough, and for a file that is not in the image.
   *
   * @param debug whether Django's debug mode is on, with which it serves static files from where they are
   */
  needsBuild: (file: string, options: { debug: boolean }) => string | undefined;
}

/** Why an image is no place for single files. */
export interface NoPlaces {
  /** A clause. */
  refused: string;
  /** A clause in lower case that says what to do. */
  help: string;
}

/**
 * Reads off a Dockerfile where the image has the files of its build context.
 *
 * What a RUN moves or removes after the files are copied is not known, nor is the folder that a base image's WORKDIR
 * names. A project that is installed as a package is refused, unless its processes run from its folder all the same.
 */
export function imagePlaces(args: PlacesArgs): ImagePlaces | NoPlaces {
  const { dockerfile, files, stage, buildArgs } = args;
  const stages = readStages(fs.readFileSync(dockerfile, "utf8"), { buildArgs, stage });
  const known = new Set(files);
  const has: Has = (file) => known.has(file);
  const contents = readContents(stages, files, has);
  const asked = new Map<string, string[]>();
  const placesOf = (file: string): string[] => {
    const places = asked.get(file) ?? placesIn(contents.copies, file, has).map((place) => `/${place}`);
    asked.set(file, places);
    return places;
  };
  const modules = files.filter((file) => file.endsWith(".py"));
  const copied = modules.filter((file) => placesOf(file).length > 0);
  const seesSources = seesMost(copied.length > 0 ? copied : modules, has);

  const name = path.posix.basename(dockerfile);
  const installing = installingStep(contents.steps, files, has, seesSources);
  const installs: NoPlaces = {
    refused: `line ${installing?.line ?? 0} of ${name} installs the project as a package, which a changed file does not reach`,
    help: "install it with `--editable`, or its dependencies only",
  };
  const unknown = unknownSources(contents.unknown, modules, has);
  if (unknown !== undefined) {
    return {
      refused: `line ${unknown.line} of ${name} copies the project to a folder that ${name} does not tell`,
      help: "write `WORKDIR /app` before that line",
    };
  }
  if (copied.length === 0) {
    return installing !== undefined
      ? installs
      : { refused: `${name} copies no Python file of the project into the image`, help: "copy it with `COPY . .`" };
  }
  const reasonOf = buildReasons({ ...args, contents, has, placesOf, seesSources });
  const places = files.filter((file) => reasonOf(file, { debug: true }) === undefined).flatMap(placesOf);
  const { roots, ofSystem } = rootsOf(contents.copies, stages.built?.workdir, places, has);
  const isInRoot = (place: string): boolean => roots.some((root) => isIn(root, place));
  const ofModules = copied.flatMap(placesOf);
  const hasMost = (isThere: (place: string) => boolean): boolean =>
    ofModules.filter(isThere).length * 2 > ofModules.length;
  if (!hasMost(isInRoot)) {
    const folder = ofSystem.findLast((each) => hasMost((place) => isIn(each, place)));
    return {
      refused: `${name} copies the project into ${folder === undefined ? "no folder of its own" : `${folder}, a folder of the base image's own`}`,
      help: "copy it into one such as /app, and write `WORKDIR /app`",
    };
  }
  if (installing !== undefined && !(stages.built !== undefined && runsFromFolder(ofModules, stages.built))) {
    return installs;
  }
  return {
    roots,
    placesOf,
    needsBuild: (file, options) => {
      const outside = placesOf(file).find((place) => !isInRoot(place));
      return reasonOf(file, options) ?? (outside && `${outside} in the image is outside of ${roots.join(" and ")}`);
    },
  };
}

/** The first copy to an unknown place that has most of the project. */
function unknownSources(
  unknown: readonly UnknownCopy[],
  modules: readonly string[],
  has: Has,
): UnknownCopy | undefined {
  const copiesMost = (copy: Copy): boolean =>
    modules.filter((file) => placesIn([copy], file, has).length > 0).length * 2 > modules.length;
  return unknown.find(({ copy }) => copiesMost(copy));
}
