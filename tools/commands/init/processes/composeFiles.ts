import fs from "node:fs";
import path from "node:path";

import { isMysql, isPostgres } from "../decision/images";
import { type ComposeFile, readCompose } from "./compose";
import { stageOfDevelopers } from "./ends";
import { exampleEnds, type Service } from "./service";

/** Folders beside the project's own that hold compose files. */
const folders = [".", "compose", "docker", "docker/compose", "deploy", "deployment"];

const example = exampleEnds.join("|");
const base = /^(docker-)?compose\.ya?ml$/;
/** In the order in which they are taken: what runs on servers comes before what runs on a developer's machine. */
const kinds = [
  /^((docker-)?compose[._-])?(prod|production|deploy|server)\.ya?ml$/,
  /^(prod|production|deploy|server)[._-](docker-)?compose\.ya?ml$/,
  base,
  /^((docker-)?compose[._-])?(local|dev|development)\.ya?ml$/,
  // One for each database, of which a stack runs the first.
  /^(docker-)?compose[._-](postgres|postgresql|pg|psql)\.ya?ml$/,
  /^(docker-)?compose[._-](sqlite3?)\.ya?ml$/,
  /^(docker-)?compose[._-](mysql|mariadb)\.ya?ml$/,
  // What is copied to a file that git leaves out.
  new RegExp(`^(docker-)?compose([._-](${example})\\.ya?ml|\\.ya?ml\\.(${example}))$`),
];

/** Compose files below a folder, those of servers first. */
export function composeFilesOf(folder: string): string[] {
  const names = folders.flatMap((place) => namesIn(path.join(folder, place)).map((name) => ({ place, name })));
  return kinds.flatMap((kind) =>
    names
      .filter(({ place, name }) => kind.test(name) && (place === "." || name.includes("compose")))
      .map(({ place, name }) => path.posix.join(place, name)),
  );
}

/**
 * The compose files of a folder, each with its services as they run: a file for servers that leaves out what a service is
 * built from is meant to be laid over `compose.yaml`, unless it runs images from a registry and needs nothing else.
 */
export function readComposeFiles(folder: string): { files: ComposeFile[]; unreadable: string[] } {
  const names = composeFilesOf(folder);
  const read = names.map((name) => ({ name, file: readCompose(folder, name) }));
  const files = read.flatMap(({ file }) => file ?? []);
  const below = files.find(({ file }) => base.test(path.posix.basename(file)));
  return {
    files: files.map((file) => (file === below || below === undefined ? file : laidOver(below, file))),
    unreadable: read.filter(({ file }) => file === undefined).map(({ name }) => name),
  };
}

function laidOver(below: ComposeFile, above: ComposeFile): ComposeFile {
  const services = new Map<string, Service>();
  const isAlone = standsAlone(above);
  for (const [name, service] of above.services) {
    const other = below.services.get(name);
    const isOwn = service.build !== undefined || other === undefined;
    services.set(name, isOwn ? service : isAlone ? builtAs(other, service) : over(other, service));
  }
  const own = [...above.services.values()];
  const isComplete = own.every(({ needs }) => needs.every((name) => above.services.has(name)));
  const isWhole = isAlone || (isComplete && own.some(({ build }) => build !== undefined));
  const rest = isWhole ? [] : [...below.services].filter(([name]) => !services.has(name));
  return { file: above.file, services: new Map([...services, ...rest]) };
}

/** Whether a file needs no other one: each service says what it is made of, and a database server is among them. */
function standsAlone({ services }: ComposeFile): boolean {
  const all = [...services.values()];
  return (
    all.every(({ build, image }) => build !== undefined || image !== undefined) &&
    all.some(({ name, image = "" }) => [isPostgres, isMysql].some((isServer) => isServer({ name, value: image })))
  );
}

/** A service that runs an image of a registry, with what another file builds that from; developers may have a stage of their own. */
const builtAs = ({ build }: Service, service: Service): Service => ({
  ...service,
  build: build && { ...build, target: stageOfDevelopers.test(build.target ?? "") ? undefined : build.target },
});

function over(below: Service, above: Service): Service {
  const defined = Object.fromEntries(
    Object.entries(above).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as Partial<Service>;
  return {
    ...below,
    ...defined,
    environment: new Map([...below.environment, ...above.environment]),
    environmentFiles: [...below.environmentFiles, ...above.environmentFiles],
    exampleEnvironment: new Map([...below.exampleEnvironment, ...above.exampleEnvironment]),
    labels: new Map([...below.labels, ...above.labels]),
  };
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}
