import fs from "node:fs";
import path from "node:path";

import { Problem } from "../problem";
import { isFile } from "../statsOf";
import { type Matcher, matcherOf, PatternError } from "./ignorePattern";

interface Line {
  /** The pattern, with no `!`. */
  text: string;
  /** Whether it takes back what earlier lines exclude. */
  isException: boolean;
  matches: Matcher;
}

/** Which lines match a path or a folder that it is in. */
export type Matches = readonly boolean[];

/** Where a Dockerfile's ignore file may be, relative to the build context: the first that is there counts. */
export const ignoreFileNames = (dockerfile: string): string[] => [`${dockerfile}.dockerignore`, ".dockerignore"];

/** Path of the ignore file of a build context; undefined where there is none. */
export const findIgnoreFile = (folder: string, dockerfile: string): string | undefined =>
  ignoreFileNames(dockerfile)
    .map((name) => path.join(folder, name))
    .find(isFile);

/** A `.dockerignore`, read as Docker reads it. https://docs.docker.com/build/concepts/context/#dockerignore-files */
export class IgnoreFile {
  /** Patterns of the exceptions. */
  readonly exceptions: readonly string[];

  private constructor(
    private readonly lines: readonly Line[],
    /** Path of the file; undefined where there is none. */
    readonly name?: string,
  ) {
    this.exceptions = lines.filter(({ isException }) => isException).map(({ text }) => text);
  }

  /** One that goes with the Dockerfile, a path relative to the folder, comes before one that goes with the folder. */
  static of(folder: string, dockerfile: string): IgnoreFile {
    const found = findIgnoreFile(folder, dockerfile);
    return found === undefined ? new IgnoreFile([]) : IgnoreFile.parse(fs.readFileSync(found, "utf8"), found);
  }

  /** @param name of the file, for the `Problem` that is thrown for a line that Docker refuses */
  static parse(text: string, name: string): IgnoreFile {
    const lines = text.replace(/^\u{FEFF}/u, "").split("\n");
    return new IgnoreFile(
      lines.flatMap((line, index) => readLine(line, `Line ${index + 1} of ${name}`) ?? []),
      name,
    );
  }

  /** With exceptions at its end. */
  with(exceptions: readonly string[]): IgnoreFile {
    const more = exceptions.map((text) => ({ text, isException: true, matches: (each: string) => each === text }));
    return new IgnoreFile([...this.lines, ...more], this.name);
  }

  /**
   * Whether a path is excluded: the last matching line decides.
   *
   * @param parent what matches the folder that it is in; undefined at the top
   */
  check(file: string, parent?: Matches): { isExcluded: boolean; matches: Matches } {
    let isExcluded = false;
    const matches = this.lines.map(({ isException, matches: match }, index) => {
      // Docker asks only lines that would change the result, and remembers the others as if they did not match.
      const isMatch = parent?.[index] === true || (isException === isExcluded && match(file));
      isExcluded = isMatch ? !isException : isExcluded;
      return isMatch;
    });
    return { isExcluded, matches };
  }
}

/** As Go trims, which leaves a byte order mark. */
const blanks = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const around = new RegExp(`^${blanks}|${blanks}$`, "gu");
const trim = (text: string): string => text.replace(around, "");

/** As Go cleans a path. */
const clean = (text: string): string => path.posix.normalize(text).replace(/(?<=.)\/$/, "");

/** Undefined for a comment and an empty line. */
function readLine(line: string, place: string): Line | undefined {
  const written = trim(line);
  if (line.startsWith("#") || written === "") {
    return undefined;
  }
  const isNegated = written.startsWith("!");
  const named = trim(isNegated ? written.slice(1) : written);
  const relative = named === "" ? "" : clean(named).replace(/^\/(?=.)/, "");
  const pattern = clean(trim(isNegated ? `!${relative}` : relative));
  const isException = pattern.startsWith("!");
  const text = isException ? pattern.slice(1) : pattern;
  const refused = (why: string): Problem =>
    new Problem(
      `${place} is \`${written}\`, a pattern that Docker refuses: ${why}`,
      "correct the line; a \\ before a character makes it a plain one",
    );
  if (text === "") {
    throw refused("nothing follows the !");
  }
  const orRefused = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw error instanceof PatternError ? refused(error.message) : error;
    }
  };
  const matcher = orRefused(() => matcherOf(text));
  return { text, isException, matches: (file) => orRefused(() => matcher(file)) };
}
