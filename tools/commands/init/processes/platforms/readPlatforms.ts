import path from "node:path";

import { isWithin, readSmallFile } from "../../readSmallFile";
import { readAppJson } from "./appJson";
import { readDigitalOcean } from "./digitalOcean";
import { readFly } from "./fly";
import { readHeroku } from "./heroku";
import type { Platform } from "./platform";
import { readProcfile } from "./procfile";
import { readRailway } from "./railway";
import { readRender } from "./render";

type Read = (text: string, file: string, hasProject: (folder: string) => boolean) => Platform | undefined;

/** The files in which hosting platforms are told how to run a project, in the order in which they are taken. */
const files = new Map<string, Read>([
  ["Procfile", readProcfile],
  ["heroku.yml", readHeroku],
  ["fly.toml", readFly],
  ["render.yaml", readRender],
  ["railway.json", readRailway],
  ["railway.toml", readRailway],
  [".do/app.yaml", readDigitalOcean],
  [".do/deploy.template.yaml", readDigitalOcean],
  ["app.json", readAppJson],
]);

/** Whether something was found in such a file, by where that was. */
export const isOfPlatform = (where: string): boolean => files.has(where.replace(/:\d+$/, ""));

/**
 * Reads them in a folder: a project may have several, of which each adds what those before it do not say.
 *
 * @param manage absolute path of the folder with manage.py
 * @returns no platform where there is none of them
 */
export function readPlatforms(
  folder: string,
  manage: string,
): { platform: Platform | undefined; unreadable: string[] } {
  const unreadable: string[] = [];
  const hasProject = (root: string): boolean => isWithin(path.resolve(folder, root), manage);
  const platforms = [...files].flatMap(([file, read]) => {
    const text = readSmallFile(folder, file);
    const platform = text === undefined ? undefined : read(text, file, hasProject);
    if (text !== undefined && platform === undefined) {
      unreadable.push(file);
    }
    return platform ?? [];
  });
  const [first, ...others] = platforms;
  return { platform: first && others.reduce(added, first), unreadable };
}

/** One that runs nothing but a release gets the processes of the next one, and the other way round. */
function added(first: Platform, next: Platform): Platform {
  const isRelease = ({ name }: { name: string }): boolean => name === "release";
  const [release, others] = [first.lines.filter(isRelease), first.lines.filter((each) => !isRelease(each))];
  return {
    lines: [
      ...(others.length > 0 ? others : next.lines.filter((each) => !isRelease(each))),
      ...(release.length > 0 ? release : next.lines.filter(isRelease)),
    ],
    schedules: [...first.schedules, ...next.schedules],
    environment: first.environment.size > 0 ? first.environment : next.environment,
    port: first.port ?? next.port,
    healthPath: first.healthPath ?? next.healthPath,
    dockerfile: first.dockerfile ?? next.dockerfile,
    volumes: first.volumes.length > 0 ? first.volumes : next.volumes,
  };
}
