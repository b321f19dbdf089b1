import path from "node:path";

import { readStages } from "../../../../components/image/dockerfileStages";
import type { Found, ProcessFinding, ProcessFindings } from "../findings";
import { isWithin, readSmallFile } from "../readSmallFile";
import { bareCommand } from "./bareCommand";
import { portIn, serverOf } from "./commandWords";
import { readComposeFiles } from "./composeFiles";
import { isForDevelopers, startsForDevelopers } from "./ends";
import { ofeliaJobs } from "./ofelia";
import { otherProcessOf, procfileProcess, together } from "./otherProcesses";
import { parseProcfile, type ProcfileLine } from "./procfile";
import { byRunner } from "./runner";
import type { Service } from "./service";
import { lineOf, type Roles, rolesOf } from "./webService";

/**
 * Reads the compose files and the Procfile of a project.
 *
 * @param folder the root of the build context
 * @param outer a folder around it that may hold the compose files, which then name the context. @default the same
 */
export function inspectProcesses(folder: string, outer = folder): ProcessFindings {
  const { roles, services, unreadable } = readRoles(folder, outer);
  const procfile = readProcfile(folder) ?? readProcfile(outer);
  const relative = (file: string): string => path.relative(folder, path.join(outer, file)).split(path.sep).join("/");
  const like = roles?.web.command?.value;
  const line = (name: string): ProcessFinding | undefined => {
    const found = procfile?.get(name);
    return found && processOfLine(found, like);
  };
  const web = betterWeb(roles?.web, line("web"));
  const build = roles?.web.build;
  const others = together(
    (roles?.others ?? []).flatMap((each) => (roles === undefined ? [] : [otherProcessOf(each, roles.web, relative)])),
    [...(procfile?.values() ?? [])]
      .filter(({ name, command }) => name !== "web" && name !== "release" && !isForDevelopers(name, command))
      .map((each) => procfileProcess(each, like)),
  );
  const found = <T>(value: T | undefined): Found<T> | undefined =>
    value === undefined ? undefined : { value, where: roles?.web.where ?? "" };
  return {
    web,
    others,
    schedules: ofeliaJobs(services),
    release: line("release") ?? (roles?.release && processOf(roles.release)),
    dockerfile: found(build?.dockerfile && relative(build.dockerfile)),
    buildTarget: found(build?.target),
    buildArgs: found(Object.keys(build?.args ?? {}).length === 0 ? undefined : build?.args),
    buildSecrets: found(build === undefined || build.secrets.length === 0 ? undefined : build.secrets),
    port: portOf(web, roles?.web),
    environment: roles?.web.environment ?? new Map<string, Found<string>>(),
    services: (roles?.services ?? services).map(({ name, image, build: source, where, volumes }) => ({
      name,
      value: builtFrom(outer, source) ?? image ?? path.posix.dirname(source?.dockerfile ?? ""),
      where,
      isKept: volumes.length > 0,
    })),
    volumes: roles?.web.volumes ?? [],
    mountsProject: mountOf(roles?.web, outer, folder),
    healthcheck: roles?.web.healthcheck,
    unreadable,
  };
}

/** The image that a service's own image is made of, which says what it is. */
function builtFrom(outer: string, build: Service["build"]): string | undefined {
  const text = build === undefined ? undefined : readSmallFile(outer, build.dockerfile);
  if (build === undefined || text === undefined) {
    return undefined;
  }
  let stage = readStages(text, { buildArgs: build.args, stage: build.target }).built;
  while (stage?.base !== undefined) {
    stage = stage.base;
  }
  return stage?.image;
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

interface RolesInFiles {
  /** Of the first file with a service that serves the project. */
  roles: Roles | undefined;
  /** All of that file, else of all files. */
  services: Service[];
  unreadable: string[];
}

function readRoles(folder: string, outer: string): RolesInFiles {
  const { files, unreadable } = readComposeFiles(outer);
  const holds = (context: string): boolean => isWithin(path.join(outer, context), folder);
  const all = files.map((file) => ({ file, roles: rolesOf(file, holds) }));
  const found = all.find(({ roles }) => roles !== undefined);
  const services = (found === undefined ? files : [found.file]).flatMap((file) => [...file.services.values()]);
  return { roles: found?.roles, services, unreadable };
}

function readProcfile(folder: string): Map<string, ProcfileLine> | undefined {
  const text = readSmallFile(folder, "Procfile");
  const lines = text === undefined ? [] : parseProcfile(text);
  return lines.length === 0 ? undefined : new Map(lines.map((line) => [line.name, line]));
}

const processOfLine = ({ name, command, line }: ProcfileLine, like: string | undefined): ProcessFinding => ({
  name,
  command: byRunner(bareCommand(command), like),
  where: `Procfile:${line}`,
});

/** The development server of a compose file is for a developer's machine: a server that a Procfile names comes before it. */
function betterWeb(service: Service | undefined, line: ProcessFinding | undefined): ProcessFinding | undefined {
  const command = service?.command?.value;
  const isDevelopers = command === undefined || serverOf(command)?.startsWith("runserver");
  const isForServers = line?.command !== undefined && !startsForDevelopers(line.command);
  return service === undefined || (isForServers && isDevelopers) ? line : processOf(service);
}

function processOf(service: Service): ProcessFinding {
  const { name, command, where } = service;
  const line = lineOf(service);
  return { name, command: line === "" ? undefined : bareCommand(line), where: command?.where ?? where };
}

/** Where a service has a folder as a volume, or one around it. */
function mountOf(service: Service | undefined, outer: string, folder: string): Found<true> | undefined {
  const mount = service?.mounted.find(({ value }) => isWithin(path.resolve(outer, value), folder));
  return mount && { value: true, where: mount.where };
}

function portOf(web: ProcessFinding | undefined, service: Service | undefined): Found<number> | undefined {
  const named = portIn(web?.command ?? "");
  return named === undefined ? service?.ports[0] : { value: named, where: web?.where ?? "" };
}
