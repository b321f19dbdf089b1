import path from "node:path";

import { type Matcher, matcherOf, PatternError } from "../ignorePattern";

/** What a COPY, an ADD or a bind mount takes from the build context or from another stage. */
export interface Copy {
  /** What the other stage has; undefined for the build context. */
  from: readonly Copy[] | undefined;
  sources: readonly Source[];
  /** Relative to the root, without a slash at its end. */
  target: string;
  /** Whether a file goes into the target under its own name, rather than becoming the target. */
  isIntoFolder: boolean;
  /** Patterns of `--exclude`. */
  excludes: readonly Matcher[];
  /** Whether an archive is unpacked, as ADD does. */
  unpacks: boolean;
}

/** All paths are relative to the root of the build context or of a stage, without a slash at either end. */
export interface Source {
  /** Matches each component of a file or folder that is copied, where a folder stands for what is in it. */
  components: readonly Matcher[];
  /** With `--parents`: what of it is copied, with the folders that it is in; undefined without. */
  inner: Matcher | undefined;
  /** Whether a wildcard names it. */
  isPattern: boolean;
  /** The files and folders that it names, as far as they are known. */
  entries: readonly string[];
}

/** Files of the build context; one that is asked for counts as there. */
export type Has = (file: string) => boolean;

/** Reads a source as it is written. @param known what a pattern may match */
export function sourceOf(written: string, hasParents: boolean, known: () => readonly string[]): Source {
  const pivot = hasParents ? written.indexOf("/./") : -1;
  const head = clean(hasParents ? written.slice(0, Math.max(pivot, 0)) : written);
  const names = head === "" ? [] : head.split("/");
  const components = names.map((name) => matcherFor(name.replace(/\*+/g, "*")));
  const inner = hasParents ? clean(pivot < 0 ? written : written.slice(pivot + 3)) : "";
  const isPattern = /[*?[\\]/.test(head);
  return {
    components,
    inner: hasParents && inner !== "" ? withParents(matcherFor(inner)) : undefined,
    isPattern,
    entries: isPattern ? [...new Set(known().flatMap((file) => entryIn(components, file) ?? []))] : [head],
  };
}

/** The places of a file of the build context, relative to the root. */
export function placesIn(copies: readonly Copy[], file: string, has: Has): string[] {
  const places = copies.flatMap((copy) => {
    const copied = copy.from === undefined ? [file] : placesIn(copy.from, file, has);
    return copied.flatMap((each) => copy.sources.flatMap((source) => targetOf(copy, source, each) ?? []));
  });
  const isThere: Has = (each) => each === file || has(each);
  // A later instruction may put another file there.
  return [...new Set(places)].filter((place) => originOf(copies, place, file, isThere) === file);
}

/** The file of the build context that a place has at the end. @param asked counts as there; none if empty */
export function originOf(copies: readonly Copy[], place: string, asked: string, has: Has): string | undefined {
  for (const copy of [...copies].reverse()) {
    for (const source of [...copy.sources].reverse()) {
      for (const candidate of candidates(copy, source, place, asked, has)) {
        const origin = copy.from === undefined ? candidate : originOf(copy.from, candidate, asked, has);
        if (origin !== undefined && has(origin)) {
          return origin;
        }
      }
    }
  }
  return undefined;
}

/** What a source may have that goes to a place. */
function candidates(copy: Copy, source: Source, place: string, asked: string, has: Has): string[] {
  const rest = below(copy.target, place);
  if (rest === undefined) {
    return [];
  }
  const known = source.entries.flatMap((entry) => [join(entry, rest), entry]);
  // What is new is not among the entries of a pattern.
  const isNew = source.isPattern && asked !== "";
  const added = !isNew ? [] : copy.from === undefined ? [asked] : placesIn(copy.from, asked, has);
  return [...added, ...known].filter((each) => targetOf(copy, source, each) === place);
}

/** Where a file goes; undefined for one that the source does not have. */
function targetOf({ target, isIntoFolder, excludes, unpacks }: Copy, source: Source, file: string): string | undefined {
  const entry = entryIn(source.components, file);
  const rest = entry === undefined ? undefined : below(entry, file);
  if (rest === undefined) {
    return undefined;
  }
  const name = rest === "" ? path.posix.basename(file) : rest;
  const isUnpacked = unpacks && rest === "" && isArchive(file);
  if (isUnpacked || excludes.some((matches) => matches(name)) || source.inner?.(rest) === false) {
    return undefined;
  }
  return join(target, rest === "" && !isIntoFolder ? "" : name);
}

/** Whether a file is an archive that one of the instructions unpacks. */
export const isUnpacked = (copies: readonly Copy[], file: string): boolean =>
  isArchive(file) &&
  copies.some(({ unpacks, sources }) => unpacks && sources.some((each) => entryIn(each.components, file) === file));

const isArchive = (file: string): boolean => /\.(tar|tgz|tbz2?|txz|tar\.(gz|bz2|xz|zst))$/i.test(file);

/** The path that a file is below of, or is, and that has each component. */
function entryIn(components: readonly Matcher[], file: string): string | undefined {
  if (components.length === 0) {
    return "";
  }
  const names = file.split("/").slice(0, components.length);
  const isMatch = names.length === components.length && names.every((name, at) => components[at]?.(name));
  return isMatch ? names.join("/") : undefined;
}

/** A path relative to a folder that it is in, empty for the folder itself; undefined for one that is elsewhere. */
export function below(folder: string, file: string): string | undefined {
  if (folder === "" || folder === file) {
    return folder === file ? "" : file;
  }
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
}

export const join = (...names: string[]): string => names.filter((name) => name !== "").join("/");

/** As BuildKit does, a path never leads out of the root. */
export const clean = (written: string): string => path.posix.resolve("/", written).slice(1);

/** A pattern of `--exclude` and of `--parents` names what is in a folder, too. */
export function withParents(matches: Matcher): Matcher {
  return (file) => file.split("/").some((_, at, names) => matches(names.slice(0, at + 1).join("/")));
}

/** A pattern that Docker refuses matches nothing: the build says why. */
export function matcherFor(pattern: string): Matcher {
  if (!/[*?[\\]/.test(pattern)) {
    return (file) => file === pattern;
  }
  const orNone = (matches: () => boolean): boolean => {
    try {
      return matches();
    } catch (error) {
      if (error instanceof PatternError) {
        return false;
      }
      throw error;
    }
  };
  let matcher: Matcher | undefined;
  return (file) => orNone(() => (matcher ??= matcherOf(pattern))(file));
}
