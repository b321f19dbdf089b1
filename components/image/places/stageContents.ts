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
  unknown: readonly UnknownCopy[];
}

interface StageContents {
  copies: readonly Copy[];
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
  const unknown: UnknownCopy[] = [];
  const allCopies: Copy[] = [];

  const read = (stage: Stage): StageContents => {
    const before = known.get(stage);
    if (before !== undefined) {
      return before;
    }
    const base = stage.base && read(stage.base);
    const contents = {
      copies: base?.copies ?? [],
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
        const copy = copyOf(instruction, stage, contents);
        if (instruction.target === undefined && copy !== undefined) {
          unknown.push({ line: step.line, copy });
        } else if (copy !== undefined) {
          contents.copies = [...contents.copies, copy];
          allCopies.push(copy);
        }
        addTarget(contents, instruction, copy);
        break;
      }
      case "RUN": {
        const mounts = readMounts(step, escape).flatMap((mount) => copyOf(mount, stage, contents) ?? []);
        const commands = shellCommands(step);
        steps.push({ line: step.line, commands, copies: [...contents.copies, ...mounts] });
        commands.flatMap(madeFolders).forEach((folder) => {
          addFolder(contents, folder);
        });
        break;
      }
    }
  };

  /** Undefined for what is not of the build context. */
  const copyOf = (instruction: CopyInstruction, stage: Stage, { folders }: StageContents): Copy | undefined => {
    const { from, sources, target = "", namesFolder, hasParents, excludes, unpacks } = instruction;
    const other = from === undefined ? undefined : stageNamed(all.slice(0, all.indexOf(stage)), from, true);
    if (from !== undefined && other === undefined) {
      return undefined;
    }
    const copies = other && read(other).copies;
    const known = (): readonly string[] =>
      copies === undefined ? files : files.flatMap((file) => placesIn(copies, file, has));
    return {
      from: copies,
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
  ): void => {
    const entries = copy?.sources.flatMap((source) => source.entries) ?? [];
    const isFolder = (entry: string): boolean =>
      copy?.from === undefined
        ? files.some((file) => file !== entry && below(entry, file) !== undefined)
        : [...known.values()].some(({ copies, folders }) => copies === copy.from && folders.has(entry));
    if (target !== undefined) {
      const isFilled = copy?.isIntoFolder === true || namesFolder || entries.some(isFolder);
      addFolder(contents, `/${isFilled ? target : path.posix.dirname(target)}`);
    }
  };

  return { copies: built === undefined ? [] : read(built).copies, allCopies, steps, unknown };
}

/** A folder is there with those that it is in. */
function addFolder({ folders }: StageContents, place: string | undefined): void {
  for (let folder = clean(place ?? "/"); folder !== "" && folder !== "."; folder = path.posix.dirname(folder)) {
    folders.add(folder);
  }
}
