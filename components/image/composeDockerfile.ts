import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

const names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/** Larger files are no compose files. */
const largest = 1024 * 1024;

/**
 * The Dockerfile that the compose file in a project's folder builds from that folder, relative to it; undefined where
 * there is none, or more than one.
 */
export function composeDockerfile(folder: string): string | undefined {
  const file = names.map((name) => path.join(folder, name)).find(isReadable);
  const found = new Set(file === undefined ? [] : servicesIn(file).flatMap((service) => dockerfileOf(service)));
  return found.size === 1 ? [...found][0] : undefined;
}

function isReadable(file: string): boolean {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= largest;
}

function servicesIn(file: string): unknown[] {
  try {
    const content: unknown = parse(fs.readFileSync(file, "utf8"), { merge: true, logLevel: "silent" });
    return isObject(content) && isObject(content["services"]) ? Object.values(content["services"]) : [];
  } catch {
    return [];
  }
}

/** None for a service that is built from another folder, or by compose's own variables. */
function dockerfileOf(service: unknown): string[] {
  const build = isObject(service) ? service["build"] : undefined;
  const { context = ".", dockerfile } = isObject(build) ? build : {};
  const isHere = typeof context === "string" && path.posix.normalize(`${context}/`) === "./";
  return isHere && typeof dockerfile === "string" && !dockerfile.includes("$")
    ? [path.posix.normalize(dockerfile)]
    : [];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
