/** A requirement as packages declare it, such as `Django[argon2]>=5.2,<6 ; python_version >= "3.10"`. */
export interface Requirement {
  /** Normalized as PyPI does: `django`. */
  name: string;
  extras: string[];
  /** `>=5.2,<6`; empty where every version is allowed. */
  versions: string;
  /** Where it is not from an index: `git+https://…`, `file:…`. */
  url: string | undefined;
}

/** A name as PyPI compares names. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

// The grammar of PEP 508, whose names, extras and version numbers are regular.
const shape =
  /^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?:@\s*(?<url>\S+)|\(?(?<versions>[^;)]*)\)?)/;

/** Reads one requirement; undefined for a text that is none, and for one of another system than Linux. */
export function parseRequirement(text: string): Requirement | undefined {
  const groups = shape.exec(text.trim())?.groups;
  if (groups?.["name"] === undefined || isOfAnotherSystem(text)) {
    return undefined;
  }
  const versions = (groups["versions"] ?? "").replaceAll(/\s/g, "");
  if (versions !== "" && !/^(?:[<>=!~]=?=?[^,]+,?)+$/.test(versions)) {
    return undefined;
  }
  return {
    name: normalizeName(groups["name"]),
    extras: (groups["extras"] ?? "")
      .split(",")
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ""),
    versions,
    url: groups["url"],
  };
}

/** A marker that is one comparison, which Linux does not meet: `; sys_platform == "win32"`. */
export function isOfAnotherSystem(text: string): boolean {
  const marker = /;\s*(sys_platform|platform_system|os_name)\s*(==|!=)\s*["']([^"']*)["']\s*$/.exec(text);
  const [, , operator, value = ""] = marker ?? [];
  const isLinux = ["linux", "Linux", "posix"].includes(value);
  return marker !== null && isLinux === (operator === "!=");
}

/** The one version that a requirement allows; undefined where it allows several. */
export const exactVersion = (versions: string): string | undefined => /^===?([^*,]+)$/.exec(versions)?.[1];

/** Extras by the packages that they bring, where it matters for an image which of them are there. */
const packagesOfExtras: Readonly<Record<string, string>> = {
  "psycopg[binary]": "psycopg-binary",
  "psycopg[c]": "psycopg-c",
  "channels[daphne]": "daphne",
  "celery[redis]": "redis",
  "django[argon2]": "argon2-cffi",
};

/** The packages that a requirement names: itself and those of its extras. */
export function packagesOf({ name, extras }: Requirement): string[] {
  const brought = extras.map((extra) => packagesOfExtras[`${name}[${extra.toLowerCase()}]`]);
  return [name, ...brought.filter((each) => each !== undefined)];
}
