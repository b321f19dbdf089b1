import type { OtherProcess } from "../findings";
import { bareCommand } from "./bareCommand";
import { commandLineOf } from "./commandWords";
import { endsByItself } from "./ends";
import type { ProcfileLine } from "./procfile";
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
    endsByItself: endsByItself(line) || (restart === "no" && workersIn(line).length === 0),
    healthcheck: service.healthcheck,
  };
}

/** A command in a folder: only a shell can change to one. */
const inFolder = (command: string, folder: string | undefined): string =>
  folder === undefined ? command : `cd ${commandLineOf([folder])} && exec ${command}`;

/** A line of a Procfile, @param like what compose runs in the same image */
export function procfileProcess({ name, command, line }: ProcfileLine, like: string | undefined): OtherProcess {
  return {
    name,
    command: byRunner(bareCommand(command), like),
    where: `Procfile:${line}`,
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

/** Those of a compose file, and lines of a Procfile that none of them stands for. */
export function together(services: OtherProcess[], lines: OtherProcess[]): OtherProcess[] {
  const known = new Set(services.flatMap(({ command }) => workersIn(command ?? "")));
  const more = lines.filter(({ name, command }) => {
    const own = workersIn(command ?? "");
    const isThere = own.length > 0 && own.every((worker) => known.has(worker));
    return !isThere && !services.some((service) => service.name === name);
  });
  return [...services, ...more];
}
