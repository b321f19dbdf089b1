import path from "node:path";

import type { Found, ProcessFinding, ProcessFindings } from "../findings";
import { isWithin, readSmallFile } from "../readSmallFile";
import { portIn, serverOf } from "./commandWords";
import { readComposeFiles } from "./composeFiles";
import { parseProcfile } from "./procfile";
import type { Service } from "./service";
import { type Roles, rolesOf } from "./webService";

/**
 * Reads the compose files and the Procfile of a project.
 *
 * @param folder the root of the build context
 * @param outer a folder around it that may hold the compose files, which then name the context. @default the same
 */
export function inspectProcesses(folder: string, outer = folder): ProcessFindings {
  const { roles, unreadable } = readRoles(folder, outer);
  const procfile = readProcfile(folder) ?? readProcfile(outer);
  const relative = (file: string): string => path.relative(folder, path.join(outer, file)).split(path.sep).join("/");
  const web = betterWeb(roles?.web, procfile?.get("web"));
  const build = roles?.web.build;
  const others = [
    ...(roles?.others ?? []).map(processOf),
    ...[...(procfile?.values() ?? [])].filter(({ name }) => name !== "web" && name !== "release"),
  ];
  const found = <T>(value: T | undefined): Found<T> | undefined =>
    value === undefined ? undefined : { value, where: roles?.web.where ?? "" };
  return {
    web,
    others: others.filter(({ name }, index) => others.findIndex((each) => each.name === name) === index),
    release: procfile?.get("release") ?? (roles?.release && processOf(roles.release)),
    dockerfile: found(build?.dockerfile && relative(build.dockerfile)),
    buildTarget: found(build?.target),
    buildArgs: found(Object.keys(build?.args ?? {}).length === 0 ? undefined : build?.args),
    buildSecrets: found(build === undefined || build.secrets.length === 0 ? undefined : build.secrets),
    port: portOf(web, roles?.web),
    environment: roles?.web.environment ?? new Map<string, Found<string>>(),
    services: (roles?.services ?? []).map(({ image = "", where }) => ({ value: image, where })),
    healthcheck: roles?.web.healthcheck,
    unreadable,
  };
}

/**
 * Folder that the compose files around a project build its image from, relative to where they are.
 *
 * @param outer the folder with the compose files
 * @param manageFolder absolute path of the folder with manage.py
 */
export function composeContext(outer: string, manageFolder: string): Found<string> | undefined {
  const { roles } = readRoles(manageFolder, outer);
  const context = roles?.web.build?.context;
  return roles === undefined || context === undefined ? undefined : { value: context, where: roles.web.where };
}

function readRoles(folder: string, outer: string): { roles: Roles | undefined; unreadable: string[] } {
  const { files, unreadable } = readComposeFiles(outer);
  const holds = (context: string): boolean => isWithin(path.join(outer, context), folder);
  return { roles: files.map((file) => rolesOf(file, holds)).find((roles) => roles !== undefined), unreadable };
}

function readProcfile(folder: string): Map<string, ProcessFinding> | undefined {
  const text = readSmallFile(folder, "Procfile");
  const lines = text === undefined ? [] : parseProcfile(text);
  return lines.length === 0
    ? undefined
    : new Map(lines.map(({ name, command, line }) => [name, { name, command, where: `Procfile:${line}` }]));
}

/** The development server of a compose file is for a developer's machine: a server that a Procfile names comes before it. */
function betterWeb(service: Service | undefined, line: ProcessFinding | undefined): ProcessFinding | undefined {
  const command = service?.command?.value;
  const isForDevelopers = command === undefined || serverOf(command)?.startsWith("runserver");
  return service === undefined || (line !== undefined && isForDevelopers) ? line : processOf(service);
}

function processOf({ name, command, where, entrypoint }: Service): ProcessFinding {
  const line = [entrypoint, command?.value].filter((part) => part !== undefined).join(" ");
  return { name, command: line === "" ? undefined : line, where: command?.where ?? where };
}

function portOf(web: ProcessFinding | undefined, service: Service | undefined): Found<number> | undefined {
  const named = portIn(web?.command ?? "");
  return named === undefined ? service?.ports[0] : { value: named, where: web?.where ?? "" };
}
