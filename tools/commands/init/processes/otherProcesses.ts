import path from "node:path";

import type { OtherProcess } from "../findings";
import { bareCommand } from "./bareCommand";
import { baseName, commandLineOf, commandsIn } from "./commandWords";
import { endsByItself } from "./ends";
import type { PlatformLine } from "./platforms/platform";
import { byRunner } from "./runner";
import type { Service } from "./service";
import { isSameImage, lineOf } from "./webService";
import { workersIn } from "./workers";

/** A service of a compose file that runs beside the web service. */
export function otherProcessOf(service: Service, web: Service, relative: (file: string) => string): OtherProcess {
  const { name, command, build, where, environment, ports, replicas, graceSeconds, restart, workingFolder } = service;
  const line = lineOf(service);
  return {
    name,
    command: line === "" ? undefined : inFolder(bareCommand(line), workingFolder),
    where: command?.where ?? where,
    image:
      build === undefined || isSameImage(service, web)
        ? undefined
        : { dockerfile: relative(build.dockerfile), target: build.target },
    replacesEntrypoint: service.replacesEntrypoint === true,
    environment,
    ports,
    replicas,
    graceSeconds,
    endsByItself: endsByItself(line) || (restart === "no" && workersIn(line).length === 0 && !isNamedAsWorker(name)),
    healthcheck: service.healthcheck,
  };
}

/** Developers want one that fails to stay away, too. */
const isNamedAsWorker = (name: string): boolean => /worker|celery|beat|huey|dramatiq|qcluster/.test(name);

/** A command in a folder: only a shell can change to one. */
const inFolder = (command: string, folder: string | undefined): string =>
  folder === undefined ? command : `cd ${commandLineOf([folder])} && exec ${command}`;

/** A process of a hosting platform, @param like what compose runs in the same image */
export function platformProcess({ name, command, where }: PlatformLine, like: string | undefined): OtherProcess {
  return {
    name,
    command: byRunner(bareCommand(command), like),
    where,
    image: undefined,
    replacesEntrypoint: false,
    environment: new Map(),
    ports: [],
    replicas: undefined,
    graceSeconds: undefined,
    endsByItself: endsByItself(command),
    healthcheck: undefined,
  };
}

/** A script of Python, and what it is told to do. */
interface Work {
  script: string;
  rest: string;
}

/** What a command line has manage.py or a script of Python do, whatever starts it: `python manage.py`, `/app/manage.py`. */
function workOf(line: string | undefined): Work | undefined {
  const words = commandsIn(line ?? "").flat();
  const manage = words.findIndex((word) => /^(manage\.py|django-admin)$/.test(baseName(word)));
  const at = manage === -1 ? words.findIndex((word) => word.endsWith(".py")) : manage;
  const script = manage === -1 ? path.posix.normalize(words[at] ?? "") : "manage.py";
  return at === -1 ? undefined : { script, rest: commandLineOf(words.slice(at + 1)) };
}

/** A path may begin in the root of the project or of the image, and two scripts may have one name. */
const isSameWork = (one: Work, other: Work): boolean =>
  one.rest === other.rest &&
  (`/${one.script}`.endsWith(`/${other.script}`) || `/${other.script}`.endsWith(`/${one.script}`));

/** Those of a compose file, and those of a hosting platform that none of them stands for. */
export function together(services: OtherProcess[], lines: OtherProcess[]): OtherProcess[] {
  const known = new Set(services.flatMap(({ command }) => workersIn(command ?? "")));
  const servicesWork = services.flatMap(({ command }) => workOf(command) ?? []);
  const more = lines.filter(({ name, command }) => {
    const own = workersIn(command ?? "");
    const isThere = own.length > 0 && own.every((worker) => known.has(worker));
    const work = workOf(command);
    const isSame = work !== undefined && servicesWork.some((each) => isSameWork(each, work));
    return !isThere && !isSame && !services.some((service) => service.name === name);
  });
  return [...services, ...more];
}
