import { posix as path } from "node:path";

import type { Machine } from "../interpreter/machine";
import {
  callable,
  derived,
  labelled,
  none,
  object,
  text,
  textOf,
  unknown,
  type Names,
  type Value,
} from "../interpreter/values";

const folderName = "\u{E000}";

/** The project's folder in paths: where that is in an image, only its Dockerfile knows. Settings may name what is above it. */
export const projectRoot = `/${[folderName, folderName, folderName, folderName].join("/")}`;

/** Whether a path is in the project's folder or in one above it. */
export const isFromProject = (place: string): boolean => place.split("/")[1] === folderName;

/** Whether a text has such a path in it. */
export const hasProjectPath = (text: string): boolean => text.includes(`/${folderName}`);

/** A path that is made of the project's folder, relative to that, which may begin with `..`; undefined for another one. */
export function inProject(place: string): string | undefined {
  return isFromProject(place) ? path.relative(projectRoot, place) || "." : undefined;
}

/**
 * A `pathlib.Path`, or what packages have in its place.
 *
 * @param from variables that it was made of
 */
function pathObject(machine: Machine, place: string, from: Names): Value {
  const same = callable(() => pathObject(machine, place, from));
  const join = callable(({ positional }) => joined(machine, [text(place), ...positional]));
  const reads = callable(() => {
    machine.record.opens(place, from);
    return unknown;
  });
  const above = (levels: number): Value => {
    const folders = Array.from({ length: levels }).reduce<string>((folder) => path.dirname(folder), place);
    return pathObject(machine, folders, from);
  };
  const attributes: Record<string, Value> = {
    parents: object({ item: (index) => (index.kind === "number" ? above(index.number + 1) : unknown) }),
    name: text(path.basename(place)),
    resolve: same,
    absolute: same,
    expanduser: same,
    joinpath: join,
    path: join,
    as_posix: callable(() => text(place)),
    __str__: callable(() => text(place)),
    read_text: reads,
    read_bytes: reads,
    open: reads,
  };
  return object({
    label: "path",
    path: place,
    attribute: (name) => (name === "parent" ? above(1) : Object.hasOwn(attributes, name) ? attributes[name] : unknown),
    call: ({ positional }) => joined(machine, [text(place), ...positional]),
    divide: (other) => joined(machine, [text(place), other]),
    subtract: (levels) => (levels.kind === "number" ? above(levels.number) : unknown),
  });
}

function joined(machine: Machine, parts: readonly Value[]): Value {
  const place = joinedText(parts);
  const { from } = derived(none, ...parts);
  return derived(place === undefined ? unknown : pathObject(machine, place, from), ...parts);
}

function joinedText(parts: readonly Value[]): string | undefined {
  const texts = parts.map((part) => (part.kind === "text" || part.kind === "object" ? textOf(part) : undefined));
  const known = texts.filter((each) => each !== undefined);
  // As in Python, a path from the root leaves out what stands before it.
  const from = known.findLastIndex((each) => each.startsWith("/"));
  return known.length < texts.length || known.length === 0 ? undefined : path.join(...known.slice(Math.max(from, 0)));
}

/** The class `Path`. */
export const pathClass = (machine: Machine): Value =>
  object({
    label: "Path",
    call: ({ positional }) => joined(machine, positional.length === 0 ? [text(".")] : positional),
    attribute: (name) => labelled(`pathlib.Path.${name}`),
  });

export const pathlibModule = (machine: Machine): Value =>
  object({
    label: "pathlib",
    attribute: (name) => (/^(Pure)?(Posix)?Path$/.test(name) ? pathClass(machine) : labelled(`pathlib.${name}`)),
  });

/** `os.path`. */
export function osPathModule(): Value {
  const onText = (change: (place: string) => string): Value =>
    callable(({ positional: [value = none] }) => {
      const place = value.kind === "text" || value.kind === "object" ? textOf(value) : undefined;
      return derived(place === undefined ? unknown : text(change(place)), value);
    });
  const same = onText((place) => place);
  const attributes: Record<string, Value> = {
    join: callable(({ positional }) => {
      const place = joinedText(positional);
      return derived(place === undefined ? unknown : text(place), ...positional);
    }),
    dirname: onText((place) => path.dirname(place)),
    basename: onText((place) => path.basename(place)),
    normpath: onText((place) => path.normalize(place)),
    abspath: onText((place) => path.normalize(place)),
    realpath: onText((place) => path.normalize(place)),
    expanduser: same,
  };
  return object({
    label: "os.path",
    attribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name] : labelled(`os.path.${name}`)),
  });
}
