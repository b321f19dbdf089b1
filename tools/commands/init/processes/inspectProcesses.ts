import path from "node:path";

import { readStages, type Stage } from "../../../../components/image/dockerfileStages";
import type { Found, ProcessFinding, ProcessFindings } from "../findings";
import { isWithin, readSmallFile } from "../readSmallFile";
import { bareCommand } from "./bareCommand";
import { commandsIn, portIn, programOf, serverOf } from "./commandWords";
import { readComposeFiles } from "./composeFiles";
import { isForDevelopers, isIdle, startsForDevelopers } from "./ends";
import { ofeliaJobs } from "./ofelia";
import { otherProcessOf, platformProcess, together } from "./otherProcesses";
import { emptyPlatform, type Platform, type PlatformLine, startedIn } from "./platforms/platform";
import { isOfPlatform, readPlatforms } from "./platforms/readPlatforms";
import { byRunner } from "./runner";
import type { Service } from "./service";
import { lineOf, type Roles, rolesOf, webNames } from "./webService";

/**
 * Reads the compose files of a project, and those of hosting platforms, such as a Procfile.
 *
 * @param folder the root of the build context
 * @param outer a folder around it that may hold the compose files, which then name the context. @default the same
 * @param manage absolute path of the folder with manage.py. @default the root
 */
export function inspectProcesses(folder: string, outer = folder, manage = folder): ProcessFindings {
  const { roles, services, unreadable } = readRoles(folder, outer);
  const { platform, unreadable: others } = platformOf(folder, outer, manage);
  const lines = new Map(platform.lines.map((each) => [each.name, each]));
  const relative = (file: string): string => path.relative(folder, path.join(outer, file)).split(path.sep).join("/");
  const like = roles?.web.command?.value;
  const line = (name: string): ProcessFinding | undefined => {
    const found = lines.get(name);
    return found && processOfLine(found, like);
  };
  const served = webLineOf(lines);
  const isForServers = isOfServers.test(served);
  const web = betterWeb(roles?.web, isForServers || roles === undefined ? line(served) : undefined);
  // What a platform says of its web process is of no other one.
  const hosted = roles === undefined || isOfPlatform(web?.where ?? "") ? platform : emptyPlatform();
  const build = roles?.web.build;
  const beside = together(
    (roles?.others ?? [])
      .filter((each) => !isIdle(lineOf(each)))
      .flatMap((each) => (roles === undefined ? [] : [otherProcessOf(each, roles.web, relative)])),
    [...lines.values()]
      .filter(
        ({ name, command }) =>
          name !== served && !/^(release|postdeploy)$/.test(name) && !isForDevelopers(name, command),
      )
      .filter(({ command }) => !runsServer(command))
      .map((each) => platformProcess(each, like)),
  );
  const hasOwnFile = roles?.web.environmentFiles.some((file) => readSmallFile(outer, file) !== undefined) === true;
  const found = <T>(value: T | undefined): Found<T> | undefined =>
    value === undefined ? undefined : { value, where: roles?.web.where ?? "" };
  return {
    web,
    others: beside,
    schedules: [...ofeliaJobs(services), ...platform.schedules],
    release: line("release") ?? line(afterDeployment) ?? (roles?.release && processOf(roles.release)),
    dockerfile: found(build?.dockerfile && relative(build.dockerfile)) ?? dockerfileOf(platform, folder),
    buildTarget: found(build?.target),
    buildArgs: found(Object.keys(build?.args ?? {}).length === 0 ? undefined : build?.args),
    secretBuildArgs: found(build === undefined || build.secretArgs.length === 0 ? undefined : build.secretArgs),
    buildSecrets: found(build === undefined || build.secrets.length === 0 ? undefined : build.secrets),
    port: portOf(web, roles?.web) ?? hosted.port,
    environment: environmentOf(roles?.web, platform),
    environmentFiles: hasOwnFile ? services.flatMap((each) => each.environmentFiles).map(relative) : [],
    exampleEnvironment: roles?.web.exampleEnvironment ?? new Map<string, Found<string>>(),
    services: (roles?.services ?? services).map(({ name, image, build: source, where, volumes }) => ({
      name,
      value: builtFrom(stagesOf(outer, source)) ?? image ?? path.posix.dirname(source?.dockerfile ?? ""),
      where,
      isKept: volumes.length > 0,
    })),
    volumes: roles?.web.volumes ?? platform.volumes,
    mounts: (roles?.web.mounted ?? []).flatMap(({ value, target, where }) =>
      target === undefined || isWithin(path.resolve(outer, value), manage) ? [] : [{ value: target, where }],
    ),
    mountsProject: mountOf(roles?.web, outer, { folder, manage }),
    healthcheck: roles?.web.healthcheck ?? healthUrl(hosted),
    unreadable: [...unreadable, ...others],
  };
}

/** The stage that a service's image is made of, and those that it is from, which say what it is. */
function stagesOf(outer: string, build: Service["build"]): Stage[] {
  const text = build === undefined ? undefined : readSmallFile(outer, build.dockerfile);
  const stages: Stage[] = [];
  if (build !== undefined && text !== undefined) {
    let stage = readStages(text, { buildArgs: build.args, stage: build.target }).built;
    for (; stage !== undefined; stage = stage.base) {
      stages.push(stage);
    }
  }
  return stages;
}

const builtFrom = (stages: readonly Stage[]): string | undefined => stages.at(-1)?.image;

/** What the page in the browser is built in, and served from: its context may be the root of a monorepo. */
const ofBrowser = /(^|\/)(node|bun|deno|nginx|nginx-unprivileged|caddy|httpd)([:@]|$)/;

/** Servers that a project has an image of its own of, which it may build from its root. */
const ofServers =
  /(^|\/)(postgres|postgresql|postgis|timescaledb|pgvector|mysql|mariadb|redis|valkey|mongo|mongodb|rabbitmq|elasticsearch|opensearch)([:@-]|$)/;

/** What installs or runs a project of Python in such an image; Python alone is what npm compiles packages with. */
const ofProject = /manage\.py|gunicorn|uvicorn|\b(pip3?|pipenv|poetry|uv)\b/;

/** Whether what is built is no image of the project, though its context has it. */
function isOfOthers(outer: string, build: NonNullable<Service["build"]>): boolean {
  const stages = stagesOf(outer, build);
  const steps = stages.flatMap((stage) => stage.steps);
  const base = builtFrom(stages) ?? "";
  return (ofBrowser.test(base) || ofServers.test(base)) && !steps.some(({ text }) => ofProject.test(text));
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
  const isBuilt = ({ build }: Service): boolean =>
    build !== undefined && isWithin(path.join(outer, build.context), folder) && !isOfOthers(outer, build);
  const isMounted = (service: Service): boolean =>
    service.build === undefined &&
    serverOf(lineOf(service)) !== undefined &&
    mountOf(service, outer, { folder, manage: folder }) !== undefined;
  const foundBy = (hasProject: (service: Service) => boolean) =>
    files.map((file) => ({ file, roles: rolesOf(file, hasProject) })).find(({ roles }) => roles !== undefined);
  // An image from elsewhere serves a developer beside one that is built.
  const found = foundBy(isBuilt) ?? foundBy((service) => isBuilt(service) || isMounted(service));
  const services = (found === undefined ? files : [found.file]).flatMap((file) => [...file.services.values()]);
  return { roles: found?.roles, services, unreadable };
}

/** What hosting platforms are told in the project; where that is nothing, around it. */
function platformOf(folder: string, outer: string, manage: string): { platform: Platform; unreadable: string[] } {
  const own = readPlatforms(folder, manage);
  const { platform = emptyPlatform(), unreadable } = own.platform === undefined ? readPlatforms(outer, manage) : own;
  const below = path.relative(outer, folder).split(path.sep).join("/");
  return {
    platform: own.platform !== undefined || below === "" ? platform : startedIn(platform, below),
    unreadable,
  };
}

function dockerfileOf({ dockerfile }: Platform, folder: string): Found<string> | undefined {
  const value = dockerfile && path.posix.normalize(dockerfile.value);
  return value === undefined || readSmallFile(folder, value) === undefined
    ? undefined
    : { value, where: dockerfile?.where ?? "" };
}

const healthUrl = ({ healthPath }: Platform): Found<string> | undefined =>
  healthPath && { value: `http://localhost${healthPath.value}`, where: healthPath.where };

/** What Scalingo runs once a version is there, as it knows no `release`. */
const afterDeployment = "postdeploy";

/** Heroku's name for the line that serves, and those that begin as it does for another platform: `web-prod`. */
const isOfServers = /^web([-_]|$)/;

/**
 * The line that serves the project: on a developer's machine it may have another name than Heroku's. A server of another
 * name may be one beside it, such as that of websockets.
 */
function webLineOf(lines: ReadonlyMap<string, PlatformLine>): string {
  const serving = [...lines.values()].filter(({ name, command }) => {
    const server = serverOf(command);
    return server !== undefined && (webNames.test(name) || isOfServers.test(name) || server.startsWith("runserver"));
  });
  const [only, ...others] = serving;
  return lines.has("web") || only === undefined || others.length > 0 ? "web" : only.name;
}

/** Whether a line starts what a stack has beside the project, or has no place for. */
const runsServer = (command: string): boolean => ofMachine.test(programOf(commandsIn(command)[0] ?? []));
const ofMachine =
  /^(redis-server|valkey-server|postgres|mysqld|mongod|rabbitmq-server|memcached|elasticsearch|opensearch|meilisearch|minio|mailpit|mailhog|caddy|nginx|ngrok|stripe|docker|docker-compose|podman)$/;

const processOfLine = ({ name, command, where }: PlatformLine, like: string | undefined): ProcessFinding => ({
  name,
  command: byRunner(bareCommand(command), like),
  where,
});

/** The development server of a compose file is for a developer's machine: a server that a hosting platform is told comes before it. */
function betterWeb(service: Service | undefined, line: ProcessFinding | undefined): ProcessFinding | undefined {
  const own = service && processOf(service);
  const isDevelopers = own?.command === undefined || servesDevelopers(own.command);
  const isForServers = line?.command !== undefined && !startsForDevelopers(line.command);
  return own === undefined || (isForServers && isDevelopers) ? line : own;
}

const servesDevelopers = (line: string): boolean =>
  serverOf(line)?.startsWith("runserver") === true || startsForDevelopers(line);

/** What compose says, unless that is for a developer's machine: a hosting platform is told of servers. */
function environmentOf(service: Service | undefined, { environment }: Platform): Map<string, Found<string>> {
  if (service === undefined) {
    return environment;
  }
  const isDevelopers = servesDevelopers(lineOf(service));
  return new Map([...service.environment, ...(isDevelopers ? environment : [])]);
}

function processOf(service: Service): ProcessFinding {
  const { name, command, where } = service;
  const line = bareCommand(lineOf(service));
  return { name, command: line === "" || isIdle(line) ? undefined : line, where: command?.where ?? where };
}

/** Which folder a service has as a volume that has manage.py, relative to the root of the project. */
function mountOf(
  service: Service | undefined,
  outer: string,
  { folder, manage }: { folder: string; manage: string },
): ProcessFindings["mountsProject"] {
  const mount = service?.mounted.find(({ value }) => isWithin(path.resolve(outer, value), manage));
  const relative = path.relative(folder, path.resolve(outer, mount?.value ?? "."));
  return mount && { ...mount, value: relative === "" || relative.startsWith("..") ? "." : relative };
}

function portOf(web: ProcessFinding | undefined, service: Service | undefined): Found<number> | undefined {
  const named = portIn(web?.command ?? "");
  return named === undefined ? service?.ports[0] : { value: named, where: web?.where ?? "" };
}
