import path from "node:path";

import { readStages } from "../../../components/image/dockerfileStages";
import { findBrowserBuild } from "./browserBuild";
import { inspectDependencies } from "./dependencies/inspectDependencies";
import type { Findings } from "./decision/decision";
import type { Found, OtherProcess, ProcessFinding, ProcessFindings, SettingsFindings } from "./findings";
import { hasFile, withProject } from "./image/forServers";
import { type ImageFacts, readImageFacts } from "./image/imageFacts";
import { madeFiles } from "./image/madeFiles";
import { comparedIn, readStart, type Start } from "./image/start";
import type { Place } from "./locate";
import { commandLineOf, commandsIn, serverOf } from "./processes/commandWords";
import { doesNothing, endsByItself, isIdle, stageOfDevelopers } from "./processes/ends";
import { inspectProcesses } from "./processes/inspectProcesses";
import { isOfPlatform } from "./processes/platforms/readPlatforms";
import { readSmallFile } from "./readSmallFile";
import { inspectSettings } from "./settings/inspectSettings";
import { ModuleFiles } from "./settings/project/modules";
import { type EnvFindings, readEnvFiles } from "./variables/envFiles";

/**
 * Reads everything about a project that decides on its stack's config. Nothing of the project is run.
 *
 * @param debug whether the stack turns debug on: then the settings are those that manage.py names, unless the project's
 *   files name others
 * @param dockerfile the one that the stack's file names. @default what is found
 */
export function inspect({ project, outer, manage }: Place, debug: boolean, dockerfile?: Found<string>): Findings {
  const inFiles = inspectProcesses(project, outer, manage);
  const manageFolder = path.relative(project, manage).split(path.sep).join("/") || ".";
  const manageFile = path.posix.join(manageFolder, "manage.py");
  const inStack = dockerfile === undefined ? inFiles : { ...inFiles, dockerfile };
  const processes =
    dockerfile === undefined ? ofServers(project, manageFile, withProject(project, manageFile, inStack)) : inStack;
  const facts = readImageFacts(project, processes);
  const ofImage = facts?.command === undefined ? undefined : readStart(project, facts.command, facts.dockerfile, facts);
  // An image whose CMD is a worker, a shell or a step before the start has no command for the web process.
  const isOther =
    facts?.command !== undefined &&
    ofImage !== undefined &&
    (isNoServer(facts.command, ofImage) || isReplaced(facts.command, ofImage, processes.web));
  const image = facts && isOther ? { ...facts, command: undefined } : facts;
  const env = ofCompose(readEnvFiles(project, manageFolder), project, processes);
  const served = image?.command === undefined ? processes.web : { command: image.command, where: image.dockerfile };
  const commandSettings =
    found(settingsOf(served?.command ?? ""), served?.where ?? "") ??
    (processes.environment.has(settingsVariable) || env.values.some(({ name }) => name === settingsVariable)
      ? undefined
      : found(settingsOption(processes.release?.command ?? ""), processes.release?.where ?? ""));
  const namedSettings =
    commandSettings ??
    processes.environment.get(settingsVariable) ??
    env.values.find(({ name }) => name === settingsVariable) ??
    found(image?.config.environment.get(settingsVariable), image?.dockerfile ?? "");
  // One that only the image has, as its Dockerfile makes it, cannot be read.
  const made = madeFiles(project, image);
  const modules = new ModuleFiles(project, manageFolder, made);
  const isThere = namedSettings !== undefined && modules.has(namedSettings.value);
  const named = isThere ? namedSettings.value : undefined;
  const written = {
    ...Object.fromEntries(image?.config.environment ?? []),
    ...Object.fromEntries(env.values.map(({ name, value }) => [name, value])),
    ...Object.fromEntries([...processes.environment].map(([name, { value }]) => [name, value])),
  };
  const start = (line: string | undefined, where: string) =>
    line === undefined ? undefined : readStart(project, line, where, image);
  const starts = {
    entrypoint: start(image?.entrypoint, image?.dockerfile ?? ""),
    image: isOther ? undefined : ofImage,
    process: start(processes.web?.command, processes.web?.where ?? ""),
  };
  const known = { manageFolder, written, made, inScripts: comparedIn(Object.values(starts)) };
  const first = inspectSettings(project, { ...known, settingsModule: named });
  const own = first.settingsModule?.value;
  const started = [image?.entrypoint, image?.command ?? processes.web?.command];
  const isOfServer = started.some(isServed) && isNamedByServer(first);
  const isOwnUsed = named === undefined && debug && image !== undefined && own !== first.inspectedModule && !isOfServer;
  const others = processes.others.map((each) => withOwnCommand(each, project));
  const settings = isOwnUsed ? inspectSettings(project, { ...known, settingsModule: own }) : first;
  const hasProject = image === undefined || hasFile(project, image, processes, manageFile);
  const { sslRedirect, databaseSsl } = settings;
  const isMeant = (each: Found<{ isWithoutDebug: boolean }> | undefined): boolean =>
    !(debug && each?.value.isWithoutDebug === true);
  return {
    settings: {
      ...settings,
      sslRedirect: isMeant(sslRedirect) ? sslRedirect : undefined,
      databaseSsl: isMeant(databaseSsl) ? databaseSsl : undefined,
    },
    dependencies: inspectDependencies(
      project,
      manageFolder,
      image?.copied.map(({ source }) => source),
      settings.inspectedModule?.split(".").at(-1),
    ),
    processes: { ...processes, others },
    env,
    image,
    mountedAlone: hasProject ? undefined : processes.mountsProject,
    isWithoutProject: !hasProject && processes.mountsProject === undefined,
    browserBuild: findBrowserBuild(project, manageFolder),
    start: starts,
    startOf: new Map(
      others.flatMap(({ name, command, where }) => {
        const own = start(command, where);
        return own === undefined ? [] : [[name, own] as const];
      }),
    ),
    namedSettings,
    commandSettings,
  };
}

/**
 * The stage that serves, where the last one is for developers and serves nothing: one to log in to, or that tests.
 */
function ofServers(project: string, file: string, named: ProcessFindings): ProcessFindings {
  const last = named.buildTarget === undefined ? readImageFacts(project, named) : undefined;
  const text = last && readSmallFile(project, last.dockerfile);
  const { all, built } = readStages(text ?? "", { buildArgs: named.buildArgs?.value ?? {} });
  const serves = (facts: ImageFacts | undefined): boolean =>
    [facts?.entrypoint, facts?.command].some(
      (line) => line !== undefined && readStart(project, line, facts?.dockerfile ?? "", facts).serves,
    );
  if (last === undefined || built === undefined || !stageOfDevelopers.test(built.name) || serves(last)) {
    return named;
  }
  const found: Found<string> = { value: last.dockerfile, where: named.dockerfile?.where ?? last.dockerfile };
  const ways = all
    .filter(({ name }) => name !== "" && !stageOfDevelopers.test(name))
    .toReversed()
    .map(({ name }) => ({ ...named, dockerfile: found, buildTarget: { value: name, where: last.dockerfile } }));
  return (
    ways.find((each) => {
      const facts = readImageFacts(project, each);
      return facts !== undefined && serves(facts) && hasFile(project, facts, each, file);
    }) ?? named
  );
}

/**
 * What the files of variables say and show, those first that compose would have. Of several in a folder, such as
 * `local.env` and `staging.env`, those are meant that compose names.
 */
function ofCompose(
  env: EnvFindings,
  project: string,
  { exampleEnvironment, environmentFiles }: ProcessFindings,
): EnvFindings {
  const named = environmentFiles.filter((file) => readSmallFile(project, file) !== undefined);
  const folders = new Set(named.map((file) => path.posix.dirname(file)));
  const isOther = (file: string): boolean =>
    folders.has(path.posix.dirname(file)) && !named.includes(file) && path.posix.basename(file) !== ".env";
  const own = [...exampleEnvironment].map(([name, { value, where }]) => ({ name, value, where }));
  const values = env.values.filter(({ where }) => !isOther(fileOf(where)));
  return { ...env, values, examples: [...own, ...env.examples.filter(({ name }) => !exampleEnvironment.has(name))] };
}

const isNoServer = (command: string, { serves, workers }: Start): boolean =>
  !serves && (workers.length > 0 || endsByItself(command) || doesNothing(command) || isIdle(command));

/**
 * Whether compose has a server in place of a program of the image. A script that cannot be read may start one, and compose
 * may have one that developers want.
 */
const isReplaced = (command: string, { serves }: Start, web: ProcessFinding | undefined): boolean =>
  !serves &&
  /^[\w-]+$/.test(command) &&
  web !== undefined &&
  !isOfPlatform(web.where) &&
  isServed(web.command) &&
  web.command?.includes("--reload") !== true;

const settingsVariable = "DJANGO_SETTINGS_MODULE";

/** The settings that a server's command line names: `gunicorn --env DJANGO_SETTINGS_MODULE=shop.live`. */
function settingsOf(line: string): string | undefined {
  const words = commandsIn(line).find((each) => serverOf(commandLineOf(each)) !== undefined) ?? [];
  const named = words.flatMap((word) => /^(?:--env=)?DJANGO_SETTINGS_MODULE=([\w.]+)$/.exec(word)?.[1] ?? []);
  return named.at(-1) ?? settingsOption(line);
}

/** Those that a command of Django names: `manage.py migrate --settings shop.live`. */
function settingsOption(line: string): string | undefined {
  const words = commandsIn(line).flat();
  const named = words.flatMap((word, at) => {
    const [, value] = /^--settings=(.+)$/.exec(word) ?? [];
    return value ?? (words[at - 1] === "--settings" ? word : []);
  });
  return named.find((value) => /^\w+(\.\w+)*$/.test(value));
}

/** Whether a command runs a server, which takes the settings that wsgi.py or asgi.py name, and not manage.py. */
function isServed(line: string | undefined): boolean {
  const server = line === undefined ? undefined : serverOf(line);
  return server !== undefined && !server.startsWith("runserver");
}

/** Whether wsgi.py or asgi.py name the settings, and not only their own name says that they are for servers. */
const isNamedByServer = ({ productionModule, wsgi, asgi }: SettingsFindings): boolean =>
  [wsgi, asgi].some((each) => each !== undefined && fileOf(each.where) === fileOf(productionModule?.where ?? ""));

const fileOf = (where: string): string => where.replace(/:\d+$/, "");

const found = (value: string | undefined, where: string): Found<string> | undefined =>
  value === undefined ? undefined : { value, where };

/** A process that compose builds by a Dockerfile of its own may have its command there. */
function withOwnCommand(each: OtherProcess, project: string): OtherProcess {
  if (each.command !== undefined || each.image === undefined) {
    return each;
  }
  const { dockerfile, target } = each.image;
  const own = readImageFacts(project, {
    dockerfile: found(dockerfile, each.where),
    buildTarget: found(target, each.where),
    buildArgs: undefined,
  });
  return own?.dockerfile === dockerfile ? { ...each, command: own.command, where: dockerfile } : each;
}
