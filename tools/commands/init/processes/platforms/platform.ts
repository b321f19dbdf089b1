import type { Found, ScheduleFinding } from "../../findings";

/** A command that a hosting platform runs. */
export interface PlatformLine {
  /** Name of its process: `web` serves, and `release` runs before a version is served. */
  name: string;
  command: string;
  where: string;
}

/** How a hosting platform runs a project, as one file says it. */
export interface Platform {
  lines: PlatformLine[];
  schedules: ScheduleFinding[];
  /** Variables with values that stand in the file. */
  environment: Map<string, Found<string>>;
  /** Where the web process listens. */
  port: Found<number> | undefined;
  /** The path by which it is asked whether it works. */
  healthPath: Found<string> | undefined;
  dockerfile: Found<string> | undefined;
  /** Folders of the web process that are volumes. */
  volumes: Found<string>[];
}

/** Commands that start around a folder, for one that starts in it: `cd back && ...`, `python back/manage.py`. */
export function startedIn({ lines, schedules, ...rest }: Platform, folder: string): Platform {
  const name = folder.replace(/[^\w/]/g, "\\$&");
  const enters = new RegExp(`\\bcd +(?:\\./)?${name}/? *(?:&&|;) *`, "g");
  const option = new RegExp(
    `(?<=(?:--(?:chdir|pythonpath|app-dir|working-dir|workdir|directory)[= ]|PYTHONPATH=))(?:\\./)?${name}/?(?=\\s|$)`,
    "g",
  );
  const path = new RegExp(`(?<=^|[\\s="'])(?:\\./)?${name}/(?=\\S)`, "g");
  const inside = <T extends { command: string }>(each: T): T => ({
    ...each,
    command: each.command.replace(enters, "").replace(option, ".").replace(path, ""),
  });
  return { lines: lines.map(inside), schedules: schedules.map(inside), ...rest };
}

export const emptyPlatform = (): Platform => ({
  lines: [],
  schedules: [],
  environment: new Map(),
  port: undefined,
  healthPath: undefined,
  dockerfile: undefined,
  volumes: [],
});

/** Variables for a platform itself, for what it builds with, and the port that it chooses. */
const ofPlatform =
  /^(PORT|(PYTHON|NODE|NPM|POETRY|UV|PIP|RUBY)_VERSION|(FLY|RENDER|RAILWAY|NIXPACKS|HEROKU)_.*|PRIMARY_REGION|DISABLE_COLLECTSTATIC)$/;

/** A variable of a file, unless its value is a reference to something of the platform's. */
export function variable(name: unknown, value: unknown, where: string): [string, Found<string>][] {
  const isValue = typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  return typeof name === "string" && isValue && !ofPlatform.test(name) && !/\$\{|\{\{/.test(String(value))
    ? [[name, { value: String(value), where }]]
    : [];
}

/** A command line, or several that run one after the other; none for anything else. */
export function line(name: string, command: unknown, where: string): PlatformLine[] {
  const all = (Array.isArray(command) ? command : [command]).filter(
    (each): each is string => typeof each === "string" && each.trim() !== "",
  );
  return all.length === 0 ? [] : [{ name, command: all.map((each) => each.trim()).join(" && "), where }];
}

/** A value with where it stands; undefined where it is no text. */
export const textAt = (value: unknown, where: string): Found<string> | undefined =>
  typeof value === "string" && value !== "" ? { value, where } : undefined;

export const portAt = (value: unknown, where: string): Found<number> | undefined =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65536 ? { value, where } : undefined;
