import fs from "node:fs";
import path from "node:path";

import { shellWord } from "../advice";
import { Problem } from "../problem";
import { isFile, isFolder, statsOf } from "../statsOf";
import { composeDockerfile } from "./composeDockerfile";
import { hasStage, readStages, type Stage } from "./dockerfileStages";
import { clean } from "./places/copy";
import { readCopy } from "./places/copyInstruction";

/** What a config key says of the project that an image is built from. */
export interface ProjectPlace {
  /** Folder of the project and root of the build context, relative to the program. */
  folder: string;
  /** Dockerfile, relative to the folder; undefined to look for it. */
  dockerfile: string | undefined;
  /** Stage of the Dockerfile; undefined for the last. */
  stage: string | undefined;
}

export const usualDockerfile = "Dockerfile";

/** Where projects keep their Dockerfile, the likeliest place first; one for servers comes before one for development. */
const places = [
  usualDockerfile,
  "Containerfile",
  "dockerfile",
  "docker/Dockerfile",
  "docker/Containerfile",
  "docker/production/Dockerfile",
  "docker/prod/Dockerfile",
  "docker/django/Dockerfile",
  "docker/web/Dockerfile",
  "docker/app/Dockerfile",
  "compose/production/django/Dockerfile",
  "dockerfiles/Dockerfile",
  "dockerfiles/django/Dockerfile",
  "dockerfiles/web/Dockerfile",
  "dockerfiles/app/Dockerfile",
  ".docker/Dockerfile",
  "deploy/Dockerfile",
  "Dockerfile.prod",
  "Dockerfile.production",
  "docker/Dockerfile.prod",
  "docker/Dockerfile.production",
];

/** Names that tell one of several Dockerfiles apart, that of the web process first. */
const kinds = ["production", "prod", "django", "web", "app", "backend", "server", "api", "default"];

/** Rarer places, which may also hold the Dockerfile of nginx or of a frontend. */
const rarePlaces = [
  "docker/django/production/Dockerfile",
  "docker/production/django/Dockerfile",
  "docker/backend/Dockerfile",
  "docker/server/Dockerfile",
  "docker/api/Dockerfile",
  "deploy/docker/Dockerfile",
  "deployment/Dockerfile",
  "deployment/docker/Dockerfile",
  "build/Dockerfile",
  "build/docker/Dockerfile",
  "infra/Dockerfile",
  "infra/docker/Dockerfile",
  "ops/Dockerfile",
  "contrib/docker/Dockerfile",
  "tools/docker/Dockerfile",
  "src/docker/Dockerfile",
  ...["", "docker/", "dockerfiles/", "deploy/"].flatMap((folder) =>
    kinds.flatMap((kind) => [`${folder}${kind}.Dockerfile`, `${folder}Dockerfile.${kind}`]),
  ),
];

/**
 * The Dockerfile in a project's folder, relative to it: one in a usual place, else the one that a compose file builds,
 * else one of Python in a rarer place; undefined where there is none.
 */
export function findDockerfile(folder: string): string | undefined {
  const isThere = (place: string): boolean => isFile(path.join(folder, place));
  const usual = places.find(isThere);
  if (usual !== undefined) {
    return usual;
  }
  const built = composeDockerfile(folder);
  return built !== undefined && isThere(built)
    ? built
    : rarePlaces.find(
        (place) => isThere(place) && isOfProject(folder, fs.readFileSync(path.join(folder, place), "utf8")),
      );
}

/** What a Dockerfile of tools, such as those that deploy the project, has no word of. */
const ofDjango = /manage\.py|django/i;
const ofServers = /gunicorn|uwsgi|uvicorn|daphne|hypercorn|granian/i;
const ofDependencies = /requirements|pyproject|pipfile|poetry|\buv (sync|pip)/i;

/** Images of what passes requests on to the project's server, whose name its files may have. */
const proxies = /(^|\/)(nginx(-unprivileged)?|openresty|httpd|caddy|traefik|haproxy|envoy)([:@]|$)/;

/**
 * Whether a Dockerfile is of the project, and the folder has what it copies: an abandoned one names files that are gone.
 * One that copies nothing may have the code from the image that it begins with.
 */
function isOfProject(folder: string, text: string): boolean {
  const { all, escape } = readStages(text);
  const own = all.filter((stage) => !proxies.test(imageOf(stage)));
  const steps = own.flatMap((stage) => stage.steps);
  const copies = steps.filter(({ keyword }) => keyword === "COPY" || keyword === "ADD");
  const rest = steps.filter((step) => !copies.includes(step));
  const said = [...own.map(imageOf), ...rest.map((step) => step.text)].join("\n");
  const sources = copies
    .map((step) => readCopy(step, escape))
    .flatMap(({ from, sources: names }) => (from === undefined ? names : []));
  const isPattern = (name: string): boolean => /[*?[]/.test(name);
  const isCode = (name: string): boolean => isPattern(name) || hasManage(path.join(folder, clean(name)));
  const needsDjango = ofDjango.test(said) || ofServers.test(said) || copies.some((step) => ofDjango.test(step.text));
  const isPythons =
    /python|\bpip3? install/i.test(said) &&
    (sources.some(isCode) || (sources.length === 0 && ofDependencies.test(said)));
  return (
    (needsDjango || isPythons) &&
    sources.every((name) => isPattern(name) || fs.existsSync(path.join(folder, clean(name))))
  );
}

/** The image that a stage is from in the end. */
const imageOf = ({ image, base }: Stage): string => (base === undefined ? (image ?? "") : imageOf(base));

/** Whether a folder has a manage.py, or one of its folders. */
function hasManage(folder: string): boolean {
  const folders = isFolder(folder) ? fs.readdirSync(folder) : [];
  return ["", ...folders].some((name) => isFile(path.join(folder, name, "manage.py")));
}

/**
 * Finds the Dockerfile of a project.
 *
 * @returns its path relative to the folder
 * @throws a `Problem` when there is no such folder, Dockerfile or stage
 */
export function dockerfileIn({ folder, dockerfile, stage }: ProjectPlace): string {
  if (!isFolder(folder)) {
    throw new Problem(
      `Config key "project" is "${folder}", ${whyNoFolder(folder)}: allowed is the folder of a Django project, relative to this one`,
      folder === exampleFolder
        ? `run \`git checkout -- ${folder}\` to get the example back, or \`pulumi config set project ../FOLDER\``
        : `run \`pulumi config set project ${nearestFolder(folder)}\``,
    );
  }
  if (dockerfile !== undefined && !isFile(path.join(folder, dockerfile))) {
    const found = findDockerfile(folder);
    throw new Problem(
      `Config key "dockerfile" is "${dockerfile}", and ${path.join(folder, dockerfile)} is no file: allowed is the path of a Dockerfile, relative to the project`,
      found === undefined
        ? "run `pulumi config set dockerfile PATH`"
        : `run \`pulumi config rm dockerfile\`, which leaves ${path.join(folder, found)}`,
    );
  }
  const name = dockerfile ?? findDockerfile(folder);
  if (name === undefined) {
    throw new Problem(
      `${folder} has no Dockerfile, which says how the image of your project is built`,
      folder === exampleFolder
        ? `run \`git checkout -- ${folder}\` to get the example back, or \`npm run init -- FOLDER\` with the folder of your project`
        : `run \`npm run init -- ${shellWord(folder)}\`, which writes one, or \`pulumi config set dockerfile PATH\``,
    );
  }
  if (stage !== undefined && !hasStage(path.join(folder, name), stage)) {
    throw new Problem(
      `Config key "buildTarget" is "${stage}", and ${path.join(folder, name)} has no such stage`,
      "run `pulumi config rm buildTarget`, which leaves the last one",
    );
  }
  return name;
}

function whyNoFolder(place: string): string {
  const stats = statsOf(place, fs.lstatSync);
  if (stats?.isSymbolicLink() === true) {
    return fs.existsSync(place) ? "a link to a file" : "a link that leads nowhere";
  }
  return stats === undefined ? "and there is no such folder" : "a file";
}

/** The folder that holds a file of a project, such as its manage.py. */
function nearestFolder(place: string): string {
  const above = path.posix.dirname(place);
  return isFile(place) && isFile(path.join(above, "manage.py")) && above !== "." ? shellWord(above) : "../FOLDER";
}

/** The project that comes with the program. */
export const exampleFolder = "app";
