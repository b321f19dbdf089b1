import path from "node:path";

import semver from "semver";

import type { Found } from "../findings";
import { hasWheelsFor, pinsPython } from "./newestPython";
import { readText } from "./projectFiles";
import type { Source } from "./source";
import { readToml, table, text } from "./toml";

/** What a project gets where nothing speaks against it. */
export const defaultPython = "3.13";

/** The default first, for which most packages have wheels; then the newest. */
const preferred = [defaultPython, "3.14", "3.12", "3.11", "3.10", "3.9"];

/** The oldest and the newest Python of each Django release. @see https://docs.djangoproject.com/en/stable/faq/install/ */
const pythonsOfDjango: Readonly<Record<string, string>> = {
  "2.2": "3.5 - 3.9",
  "3.0": "3.6 - 3.9",
  "3.1": "3.6 - 3.9",
  "3.2": "3.6 - 3.10",
  "4.0": "3.8 - 3.10",
  "4.1": "3.8 - 3.11",
  "4.2": "3.8 - 3.12",
  "5.0": "3.10 - 3.12",
  "5.1": "3.10 - 3.13",
  "5.2": "3.10 - 3.14",
  "6.0": "3.12 - 3.14",
  "6.1": "3.12 - 3.14",
};

/** Whether a release of Django runs on none of the Pythons that are chosen from. */
export function isOldDjango(version: string | undefined): boolean {
  const found = semver.coerce(version);
  return found !== null && semver.lt(found, "2.2.0");
}

/** What is known of a project beside the files that name a Python. */
type Chosen = { source: Source; python?: string | undefined; wheels?: string[][] } | undefined;

/**
 * Finds the Python of a project: the one it names, or of those that its ranges, its Django and the wheels of its lock
 * file allow the default or else the newest.
 *
 * @param folder where its dependencies are declared, relative to the project
 * @returns undefined where nothing says it
 */
export function findPython(project: string, folder: string, chosen: Chosen): Found<string> | undefined {
  return named(project, folder) ?? ranged(project, folder, chosen);
}

/** A file that names one version. */
function named(project: string, folder: string): Found<string> | undefined {
  const folders = folder === "." ? ["."] : [folder, "."];
  for (const name of [".python-version", "runtime.txt"]) {
    for (const where of folders.map((each) => path.posix.join(each, name))) {
      const [line = ""] = (readText(project, where) ?? "").split("\n").filter((each) => !/^\s*(?:#|$)/.test(each));
      const value = /^(?:python-?|cpython-?)?(3\.\d+)(?:\.\d+)?\s*$/.exec(line.trim())?.[1];
      if (value !== undefined) {
        return { value, where };
      }
    }
  }
  const where = path.posix.join(folder, "Pipfile");
  const requires = table(readToml(project, where), "requires");
  const value = /^3\.\d+/.exec(text(requires["python_full_version"]) ?? text(requires["python_version"]) ?? "")?.[0];
  return value === undefined ? undefined : { value, where };
}

function ranged(project: string, folder: string, chosen: Chosen): Found<string> | undefined {
  const where = path.posix.join(folder, "pyproject.toml");
  const pyproject = readToml(project, where);
  const poetrys = table(pyproject, "tool", "poetry", "dependencies")["python"];
  const declared = text(table(pyproject, "project")["requires-python"]) ?? text(poetrys);
  const ranges: Found<string>[] = [];
  if (declared !== undefined) ranges.push({ value: declared, where });
  if (chosen?.python !== undefined) ranges.push({ value: chosen.python, where: chosen.source.where });
  const packages = chosen?.source.packages ?? new Map<string, string | undefined>();
  const djangos = pythonsOfDjango[/^\d+\.\d+/.exec(packages.get("django") ?? "")?.[0] ?? ""];
  const allowed = preferred.filter(
    (python) =>
      ranges.every(({ value }) => satisfies(python, value)) &&
      (djangos === undefined || semver.satisfies(`${python}.0`, djangos)),
  );
  const hasWheels = (python: string) => hasWheelsFor(python, packages) && haveWheels(python, chosen?.wheels ?? []);
  const best = allowed.find(hasWheels) ?? allowed[0];
  const isPinned = djangos !== undefined || pinsPython(packages);
  const first = ranges[0] ?? (isPinned ? { where: chosen?.source.where ?? "" } : undefined);
  return best === undefined || first === undefined ? undefined : { value: best, where: first.where };
}

/**
 * Whether a release of a minor version of Python satisfies a range.
 *
 * @param range as packages declare it, `>=3.10,<4.0`, or as Poetry has it, `^3.11 || 3.9.*`
 */
export function satisfies(python: string, range: string): boolean {
  return range.split("||").some((alternative) => {
    const parts = alternative
      .split(/[\s,]+(?=[<>=!~^\d])/)
      .map((part) => part.replaceAll(/\s/g, ""))
      .filter(Boolean);
    const isExcluded = parts.some((part) => new RegExp(`^!=${python.replace(".", "\\.")}(?:\\.\\*)?$`).test(part));
    const asked = parts
      .filter((part) => !part.startsWith("!="))
      .map(toSemver)
      .join(" ");
    return !isExcluded && (semver.validRange(asked) === null || semver.intersects(asked, `${python}.x`));
  });
}

/** `~=3.11` allows 3.12 and `~=3.11.2` does not; the others mean the same to semver. */
function toSemver(part: string): string {
  const compatible = /^~=(\d+)\.(\d+)(\.\d+)?/.exec(part);
  if (compatible !== null) {
    const [, major = "", minor = "", patch] = compatible;
    return patch === undefined ? `>=${major}.${minor} <${Number(major) + 1}` : `~${major}.${minor}${patch}`;
  }
  return part.replace(/^===?/, "").replaceAll("*", "x");
}

/** Whether each package that has wheels for Linux has one for a Python. */
function haveWheels(python: string, packages: readonly (readonly string[])[]): boolean {
  const minor = Number(python.split(".")[1]);
  return packages.every((files) => {
    const wheels = files.filter((file) => file.endsWith(".whl")).map((file) => file.slice(0, -4).split("-").slice(-3));
    const linux = wheels.filter(([, , platform = ""]) => /any|manylinux/.test(platform));
    const fits = ([versions = "", abi = ""]: string[]): boolean =>
      versions.split(".").some((version) => {
        const found = /^(?:py|cp)3(\d*)$/.exec(version);
        return (
          found !== null &&
          (version.startsWith("py") || abi === "abi3" ? Number(found[1]) <= minor : Number(found[1]) === minor)
        );
      });
    return linux.length === 0 || linux.some(fits);
  });
}
