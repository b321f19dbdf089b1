import path from "node:path";

import { type Stage, stageNamed, type Stages, type Step } from "../dockerfileStages";
import { madeFolders } from "./buildCommands";
import { below, clean, type Copy, type Has, placesIn, sourceOf } from "./copy";
import { type CopyInstruction, readCopy, readMounts } from "./copyInstruction";
import { type ShellCommand, shellCommands } from "./shellCommands";

/** A RUN, with what it finds of the build context. */
export interface BuildStep {
  line: number;
  commands: ShellCommand[];
  /** What was copied before, and what is mounted. */
  copies: readonly Copy[];
}

/** A COPY or ADD to a place that the Dockerfile does not tell. */
export interface UnknownCopy {
  line: number;
  copy: Copy;
}

/** What the stages that an image is made of take from the build context. */
export interface Contents {
  /** Those that lead into the image, in order. */
  copies: readonly Copy[];
  /** Those of all these stages, in no order. */
  allCopies: readonly Copy[];
  steps: readonly BuildStep[];
  /** Those of the stage that the image is made of. */
  unknown: readonly UnknownCopy[];
}

interface StageContents {
  copies: readonly Copy[];
  unknown: readonly UnknownCopy[];
  /** Folders that are known, relative to the root. */
  folders: Set<string>;
}

/** Those of the usual base images. */
const usualFolders =
  "bin etc home media mnt opt root run srv tmp usr usr/bin usr/local usr/local/bin usr/local/lib usr/src var var/lib var/www";

/** @param files of the build context */
export function readContents({ all, built, escape }: Stages, files: readonly string[], has: Has): Contents {
  const known = new Map<Stage, StageContents>();
  const steps: BuildStep[] = [];
  const allCopies: Copy[] = [];

  const read = (stage: Stage): StageContents => {
    const before = known.get(stage);
    if (before !== undefined) {
      return before;
    }
    const base = stage.base && read(stage.base);
    const contents: StageContents = {
      copies: base?.copies ?? [],
      unknown: base?.unknown ?? [],
      folders: new Set(base?.folders ?? ["", ...usualFolders.split(" ")]),
    };
    known.set(stage, contents);
    for (const step of stage.steps) {
      readStep(step, stage, contents);
    }
    addFolder(contents, stage.workdir);
    return contents;
  };

  const readStep = (step: Step, stage: Stage, contents: StageContents): void => {
    addFolder(contents, step.workdir);
    switch (step.keyword) {
      case "COPY":
      case "ADD": {
        const instruction = readCopy(step, escape);
        const other = otherOf(instruction, stage);
        const copy = other === "elsewhere" ? undefined : copyOf(instruction, contents, other);
        if (copy !== undefined) {
          allCopies.push(copy);
        }
        if (copy !== undefined && instruction.target === undefined) {
          contents.unknown = [...contents.unknown, { line: step.line, copy }];
        } else if (copy !== undefined) {
          contents.copies = [...contents.copies, copy];
        }
        addTarget(contents, instruction, copy, other);
        break;
      }
      case "RUN": {
        const mounts = readMounts(step, escape).flatMap((mount) => {
          const other = otherOf(mount, stage);
          return other === "elsewhere" ? [] : [copyOf(mount, contents, other)];
        });
        const commands = shellCommands(step);
        steps.push({
          line: step.line,
          commands,
          copies: mounts.length === 0 ? allOf(contents) : [...allOf(contents), ...mounts],
        });
        commands.flatMap(madeFolders).forEach((folder) => {
          addFolder(contents, folder);
        });
        break;
      }
    }
  };

  /** What something is taken from: a stage, another image, or undefined for the build context. */
  const otherOf = ({ from }: CopyInstruction, stage: Stage): StageContents | "elsewhere" | undefined => {
    if (from === undefined) {
      return undefined;
    }
    const other = stageNamed(all.slice(0, all.indexOf(stage)), from, true);
    return other === undefined ? "elsewhere" : read(other);
  };

  const copyOf = (instruction: CopyInstruction, { folders }: StageContents, other: StageContents | undefined): Copy => {
    const { sources, written = "", namesFolder, hasParents, excludes, unpacks } = instruction;
    // A base image that names no folder has the top of the file system.
    const target = instruction.target ?? clean(written);
    const from = other && allOf(other);
    const known = (): readonly string[] =>
      from === undefined ? files : files.flatMap((file) => placesIn(from, file, has));
    return {
      from,
      sources: sources.map((each) => sourceOf(each, hasParents, known)),
      target,
      isIntoFolder: namesFolder || folders.has(target),
      excludes,
      unpacks,
    };
  };

  const addTarget = (
    contents: StageContents,
    { target, namesFolder }: CopyInstruction,
    copy: Copy | undefined,
    other: StageContents | "elsewhere" | undefined,
  ): void => {
    const entries = copy?.sources.flatMap((source) => source.entries) ?? [];
    const isFolder = (entry: string): boolean =>
      other === undefined
        ? files.some((file) => file !== entry && below(entry, file) !== undefined)
        : other !== "elsewhere" && other.folders.has(entry);
    if (target !== undefined) {
      const isFilled = copy?.isIntoFolder === true || namesFolder || entries.some(isFolder);
      addFolder(contents, `/${isFilled ? target : path.posix.dirname(target)}`);
    }
  };

  const { copies, unknown } = built === undefined ? { copies: [], unknown: [] } : read(built);
  return { copies, allCopies, steps, unknown };
}

const allOf = ({ copies, unknown }: StageContents): readonly Copy[] =>
  unknown.length === 0 ? copies : [...copies, ...unknown.map(({ copy }) => copy)];

/** A folder is there with those that it is in. */
function addFolder({ folders }: StageContents, place: string | undefined): void {
  for (let folder = clean(place ?? "/"); folder !== "" && folder !== "."; folder = path.posix.dirname(folder)) {
    folders.add(folder);
  }
}
