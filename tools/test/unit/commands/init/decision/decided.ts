import path from "node:path";

import { commandOf, type Decision, type Missing, nameOf } from "../../../../../commands/init/decision/decision";
import { decide } from "../../../../../commands/init/decision/decide";
import { inspect } from "../../../../../commands/init/inspect";
import { locate } from "../../../../../commands/init/locate";
import { project as firstApp } from "../../../../../stack/stackConfig";
import { inFolder } from "../folder";
import { manageFor } from "../settings/project";

/** A project whose settings are one file. */
export interface Project {
  settings?: string;
  /** Its Dockerfile; undefined for none. @default one that copies everything to /app */
  dockerfile?: string | undefined;
  files?: Record<string, string>;
  /** Folder of manage.py and the settings. @default the project's own */
  manageFolder?: string;
}

const dockerfile = 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8000\nCMD ["gunicorn", "shop.wsgi"]\n';

/** Runs a test with what is decided for a project, and its settings by their names. */
export async function decidedFor(
  project: Project,
  test: (values: Record<string, string>, decision: Decision) => void,
): Promise<void> {
  const { settings = "", files = {}, manageFolder = "." } = project;
  const at = (file: string): string => path.posix.join(manageFolder, file);
  const own = "dockerfile" in project ? project.dockerfile : dockerfile;
  const all = {
    [at("manage.py")]: manageFor("shop.settings"),
    [at("shop/__init__.py")]: "",
    [at("shop/settings.py")]: `import os\n${settings}`,
    ...(own !== undefined && { Dockerfile: own }),
    ...files,
  };
  await inFolder(all, (folder) => {
    const decision = decide({ value: "../shop", where: "as you asked" }, inspect(locate(folder), true), {
      target: "sandbox",
      debug: true,
      has: () => false,
    });
    const values = [...decision.settings, ...decision.secrets].map((each) => [nameOf(each), each.value]);
    test(Object.fromEntries(values) as Record<string, string>, decision);
  });
}

/** The commands that set what could not be known of the first app. */
export const commandsOf = (missing: readonly Missing[]): string[] => missing.map((each) => commandOf(each, firstApp));

/** Those settings that begin with a name. */
export function below(key: string, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.startsWith(`${key}.`))
      .map(([name, value]) => [name.slice(key.length + 1), value]),
  );
}
