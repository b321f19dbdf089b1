import path from "node:path";

import { below, type Copy, type Has, join, originOf } from "./copy";
import { isOfSystem } from "./systemFolders";

/** A folder that something of the build context is copied to, in the image. */
interface Target {
  folder: string;
  /** Whether it gets files one by one, rather than what a folder has. */
  isOfFiles: boolean;
}

/**
 * The folders of an image that hold the project, outermost only, as absolute paths.
 *
 * A file that is copied alone makes its folder one of them only if that is where processes start: an entrypoint.sh in
 * /home/django does not make that folder one of the project's.
 *
 * @param workdir absolute path of the folder in which processes start
 * @param places absolute paths of what changes without a build
 * @param has whether the build context has a file
 */
export function rootsOf(
  copies: readonly Copy[],
  workdir: string | undefined,
  places: readonly string[],
  has: Has,
): { roots: string[]; ofSystem: string[] } {
  const holds = ({ folder, isOfFiles }: Target): boolean =>
    isOfFiles
      ? folder === workdir && places.some((place) => path.posix.dirname(place) === folder)
      : places.some((place) => place !== folder && isIn(folder, place));
  const all = targets(copies, has).map((target) => ({ ...target, folder: `/${target.folder}` }));
  const used = [...new Set(all.filter(holds).map(({ folder }) => folder))];
  const roots = used.filter((folder) => !isOfSystem(folder));
  return { roots: outermost(roots), ofSystem: used.filter(isOfSystem).sort() };
}

/** Whether a folder has a file; both are absolute. */
export const isIn = (folder: string, file: string): boolean => below(folder.slice(1), file.slice(1)) !== undefined;

const outermost = (folders: readonly string[]): string[] =>
  folders.filter((folder) => !folders.some((other) => other !== folder && isIn(other, folder))).sort();

function targets(copies: readonly Copy[], has: Has): Target[] {
  return copies.flatMap((copy) => {
    const { from, sources, target, isIntoFolder } = copy;
    const isFile = (entry: string): boolean =>
      from === undefined ? has(entry) : originOf(from, entry, "", has) !== undefined;
    const within = from === undefined ? [{ folder: "", isOfFiles: false }] : targets(from, has);
    const entries = sources.flatMap((source) => source.entries.map((entry) => ({ entry, inner: source.inner })));
    return entries.flatMap(({ entry, inner }): Target[] => {
      if (inner === undefined && isFile(entry)) {
        // It goes into the target, or becomes the target.
        return [{ folder: isIntoFolder ? target : parentOf(target), isOfFiles: true }];
      }
      return within.flatMap(({ folder, isOfFiles }) => {
        const rest = below(entry, folder);
        const isInIt = below(folder, entry) !== undefined;
        return rest === undefined && !isInIt ? [] : [{ folder: join(target, rest ?? ""), isOfFiles }];
      });
    });
  });
}

const parentOf = (place: string): string => path.posix.dirname(`/${place}`).slice(1);
