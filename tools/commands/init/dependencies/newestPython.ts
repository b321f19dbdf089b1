import semver from "semver";

/** The newest Python that has wheels of a package below a version; those of later versions have them for newer ones. */
const newest: Readonly<Record<string, readonly [below: string, python: string][]>> = {
  "psycopg2-binary": [
    ["2.9.5", "3.10"],
    ["2.9.9", "3.11"],
    ["2.9.10", "3.12"],
    ["2.9.11", "3.13"],
  ],
  "psycopg-binary": [
    ["3.1.12", "3.11"],
    ["3.2.2", "3.12"],
  ],
  pillow: [
    ["10.0.1", "3.11"],
    ["10.4.0", "3.12"],
  ],
};

/** Whether packages are pinned to versions that have no wheels for every Python: without wheels they need a compiler. */
export function pinsPython(packages: ReadonlyMap<string, string | undefined>): boolean {
  return limitsOf(packages).length > 0;
}

/** Whether the pinned versions of packages that are compiled have wheels for a minor version of Python. */
export function hasWheelsFor(python: string, packages: ReadonlyMap<string, string | undefined>): boolean {
  return limitsOf(packages).every((limit) => semver.lte(`${python}.0`, `${limit}.0`));
}

function limitsOf(packages: ReadonlyMap<string, string | undefined>): string[] {
  return Object.entries(newest).flatMap(([name, limits]) => {
    // The extra `binary` has the version of psycopg itself.
    const written = packages.get(name) ?? (name === "psycopg-binary" ? packages.get("psycopg") : undefined);
    const version = packages.has(name) ? semver.coerce(written) : null;
    const limit = version === null ? undefined : limits.find(([below]) => semver.lt(version, below));
    return limit === undefined ? [] : [limit[1]];
  });
}
