import path from "node:path";

import { serverOf } from "./commandWords";
import type { ComposeFile } from "./compose";
import { isForDevelopers, onlyMigrates, startsMoreThanWorkers } from "./ends";
import type { Service } from "./service";
import { workersIn } from "./workers";

export const webNames = /^(web|django|app|backend|api|server|site|www|wsgi|asgi|gunicorn|uwsgi)$/;
const likeWeb = /web|django|app|backend|api|server|site/;
const otherNames =
  /worker|celery|beat|flower|huey|dramatiq|qcluster|scheduler|migrat|nginx|caddy|traefik|proxy|frontend|webpack|mailpit|mailhog|(^|[_-])(rq|cron(jobs?)?|node(js)?|vite|css|js|docs|(py)?tests?)([_-]|$)/;

/** What the services of a compose file are to a Django project. */
export interface Roles {
  web: Service;
  /** Those that run the same image and end once they have created the tables. */
  release: Service | undefined;
  /** Others that run the same image. */
  others: Service[];
  /** Those whose image is not the project's. */
  services: Service[];
}

/**
 * Tells the services of a compose file apart.
 *
 * @param hasProject whether a service runs what holds the project
 * @returns undefined where none serves the project
 */
export function rolesOf({ services }: ComposeFile, hasProject: (service: Service) => boolean): Roles | undefined {
  const all = [...services.values()];
  const built = all.filter(hasProject);
  const images = new Set(built.flatMap(({ image }) => image ?? []));
  const own = forServers(all.filter((service) => built.includes(service) || images.has(service.image ?? "")));
  const [web] = own
    .map((service) => ({ service, score: score(service) }))
    .filter(({ score: points }) => points > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ service }) => service);
  if (web === undefined) {
    return undefined;
  }
  const rest = own.filter((service) => service !== web);
  const awaited = new Set(all.flatMap(({ waitsForEndOf }) => waitsForEndOf));
  const ofImage = rest.filter((service) => isSameImage(service, web));
  const release =
    ofImage.find((service) => onlyMigrates(lineOf(service))) ??
    ofImage.find(({ name, command }) => command !== undefined && awaited.has(name));
  // Compose may start a server several times, for a proxy or for a profile, where a stack has replicas of one.
  const isReplica = (service: Service): boolean =>
    isSameImage(service, web) && lineOf(service) !== "" && lineOf(service) === lineOf(web);
  const others = rest.filter(
    (service) => service !== release && !isReplica(service) && isOther(service, isSameImage(service, web)),
  );
  const isOfProject = (service: Service): boolean =>
    service === web || service === release || others.includes(service) || isSameImage(service, web);
  return {
    web,
    release,
    others,
    services: all.filter((service) => !isOfProject(service) && !isForDevelopers(service.name, lineOf(service))),
  };
}

const variant = /([-_]|^)(dev|development|prod|production)$|^(dev|development|prod|production)[-_]/;
/** Profiles of compose that somebody asks for to work on the project. */
const profileForDevelopers =
  /^(dev|develop|development|debug|tests?|testing|e2e|tools?|docs?|lint|cli|commands?|manage|scripts?|one-?off)$/;

/**
 * Services without those of a developer's machine, where a file has `web-dev` beside `web-prod` or `web`, or has what
 * serves in no profile and what developers ask for in one.
 */
function forServers(services: readonly Service[]): Service[] {
  const bareNames = new Set(services.filter((each) => !isDevelopers(each)).map(bareName));
  const isAskedFor = ({ profiles }: Service): boolean =>
    profiles.length > 0 && profiles.every((profile) => profileForDevelopers.test(profile));
  const hasOthers = services.some((service) => !isAskedFor(service) && score(service) > 0);
  const hasProduction = services.some((service) => isOfProduction(service) && score(service) > 0);
  return services.filter(
    (service) =>
      !(hasOthers && isAskedFor(service)) &&
      !(isDevelopers(service) && (hasProduction || bareNames.has(bareName(service)))),
  );
}

const bareName = ({ name }: Service): string => name.replace(variant, "");
const isDevelopers = ({ name }: Service): boolean => /dev/.test(variant.exec(name)?.[0] ?? "");
const isOfProduction = ({ name }: Service): boolean => /prod/.test(variant.exec(name)?.[0] ?? "");

/** Whether two services run one image. */
export function isSameImage({ build, image }: Service, web: Service): boolean {
  return (
    (image !== undefined && image === web.image) ||
    (build !== undefined &&
      build.context === web.build?.context &&
      build.dockerfile === web.build.dockerfile &&
      build.target === web.build.target)
  );
}

/** What a service runs, as one line. */
export const lineOf = ({ entrypoint, command }: Service): string =>
  [entrypoint, command?.value].filter((part) => part !== undefined).join(" ");

/** A service that runs the project's code: with the web service's image, or one that is built for tasks. */
function isOther(service: Service, isOfSameImage: boolean): boolean {
  const { name } = service;
  const line = lineOf(service);
  if (isForDevelopers(name, line)) {
    return false;
  }
  return isOfSameImage
    ? line !== "" || otherNames.test(name)
    : workersIn(line).length > 0 || /worker|celery|beat|flower|huey|(^|_|-)rq|dramatiq|qcluster/.test(name);
}

/** How much a service looks as if it served the project; 0 or less for one that does not. */
function score(service: Service): number {
  const { name, ports, build } = service;
  const line = lineOf(service);
  // One container may serve, and work on tasks beside that.
  const mayServe = serverOf(line) !== undefined || (webNames.test(name) && startsMoreThanWorkers(line));
  const isWorker = workersIn(line).length > 0 && !mayServe;
  if (isWorker || onlyMigrates(line) || isForDevelopers(name, line)) {
    return 0;
  }
  const dockerfile = path.posix.basename(build?.dockerfile ?? "").toLowerCase();
  return [
    serverOf(line) === undefined ? 0 : 5,
    webNames.test(name) ? 4 : likeWeb.test(name) ? 2 : 0,
    ports.length > 0 ? 1 : 0,
    otherNames.test(name) || /node|front|nginx/.test(dockerfile) ? -4 : 1,
  ].reduce((sum, points) => sum + points, 0);
}
