import path from "node:path";

import type { ImageConfig } from "../imageConfig";
import { ignoreFileNames } from "../ignoreFile";
import { buildsFrontend } from "./buildCommands";
import { type Copy, type Has, isUnpacked, placesIn } from "./copy";
import { isFrontendSource, isOfInstallation, isStaticFile } from "./fileKinds";
import type { BuildStep, Contents } from "./stageContents";

/** What decides whether a change of a file has to be built. */
export interface ReasonArgs {
  folder: string;
  dockerfile: string;
  config: Pick<ImageConfig, "entrypoint"> & Partial<Pick<ImageConfig, "command">>;
  contents: Contents;
  has: Has;
  /** Absolute places of a file in the image. */
  placesOf: (file: string) => string[];
  /** Whether a step finds the project's sources. */
  seesSources: (step: BuildStep) => boolean;
}

/** Why the image has to be built for a change of a file; undefined if nothing of the build says so. */
export type Reasons = (file: string, options: { debug: boolean }) => string | undefined;

/** Whether a build step finds most of some files. */
export function seesMost(files: readonly string[], has: Has): (step: BuildStep) => boolean {
  const known = new Map<readonly Copy[], boolean>();
  return ({ copies }) => {
    const before = known.get(copies);
    const sees = before ?? files.filter((file) => finds(copies, file, has)).length * 2 > files.length;
    known.set(copies, sees);
    return sees;
  };
}

const finds = (copies: readonly Copy[], file: string, has: Has): boolean => placesIn(copies, file, has).length > 0;

export function buildReasons(args: ReasonArgs): Reasons {
  const { contents, has, placesOf, seesSources } = args;
  const { steps, allCopies } = contents;
  const ofBuild = filesOfBuild(args);
  const scripts = scriptNames(args.config);
  const readsCollected = runsUwsgi(args.config);
  const early = steps.filter((step) => step.copies.length > 0 && !seesSources(step));
  const running = (isIt: (command: BuildStep["commands"][number]) => boolean): BuildStep[] =>
    steps.filter(({ commands }) => commands.some(isIt));
  const collecting = running(({ words }) => words.some((word) => /collect_?static|build_?static/i.test(word)));
  const translating = running(({ words }) => words.includes("compilemessages"));
  const bundling = running(buildsFrontend);
  const finding = (file: string, those: readonly BuildStep[]): BuildStep | undefined =>
    those.find(({ copies }) => finds(copies, file, has));
  const isReadEarly = (file: string): boolean => {
    // Of what runs in the image, a tool that makes stylesheets reads only the names of classes.
    const isOfPages = /\.(py|html?)$/.test(file) && placesOf(file).length > 0;
    return finding(file, isOfPages ? early.filter((step) => !bundling.includes(step)) : early) !== undefined;
  };

  return (file, { debug }) => {
    if (ofBuild.has(file)) {
      return "it says how the image is built";
    }
    if (isOfInstallation(file, has) && (placesOf(file).length > 0 || finding(file, steps) !== undefined)) {
      return "it says what is installed in the image";
    }
    if (isUnpacked(allCopies, file)) {
      return "the build unpacks it";
    }
    if (placesOf(file).some((place) => scripts.has(path.posix.basename(place)))) {
      return "it is the image's ENTRYPOINT";
    }
    if (isReadEarly(file)) {
      return "a build step reads it";
    }
    if (isFrontendSource(file) && finding(file, bundling) !== undefined) {
      return "a build step makes stylesheets or scripts of it";
    }
    if (file.endsWith(".po") && finding(file, translating) !== undefined) {
      return "compilemessages reads it while the image is built";
    }
    if ((!debug || readsCollected) && isStaticFile(file) && finding(file, collecting) !== undefined) {
      return "collectstatic copies it while the image is built";
    }
    return contents.unknown.some(({ copy }) => finds([copy], file, has))
      ? "its place in the image is not known"
      : undefined;
  };
}

/** Whether uWSGI may serve static files, which it does from the folder that they are collected in, whatever Django's debug mode is. */
const runsUwsgi = ({ entrypoint = [], command = [] }: ReasonArgs["config"]): boolean =>
  [...entrypoint, ...command].some((word) => /(^|[\s/])uwsgi(\s|$)/.test(word));

function filesOfBuild({ folder, dockerfile }: ReasonArgs): ReadonlySet<string> {
  const name = path.relative(folder, dockerfile).replaceAll("\\", "/");
  return new Set([name, ...ignoreFileNames(name)]);
}

/** Names of the scripts that an ENTRYPOINT runs. A script that runs manage.py gets the new one with its next process. */
function scriptNames({ entrypoint = [] }: ReasonArgs["config"]): ReadonlySet<string> {
  const names = entrypoint.flatMap((word) => word.split(/\s+/)).map((word) => path.posix.basename(word));
  return new Set(names.filter((name) => name !== "manage.py"));
}
