import path from "node:path";

import { isWorker, onlyMigrates, serverOf } from "./commandWords";
import type { ComposeFile } from "./compose";
import type { Service } from "./service";

const webNames = /^(web|django|app|backend|api|server|site|www|wsgi|asgi|gunicorn|uwsgi)$/;
const likeWeb = /web|django|app|backend|api|server|site/;
const otherNames =
  /worker|celery|beat|flower|huey|rq|dramatiq|qcluster|scheduler|cron|migrat|nginx|caddy|traefik|proxy|frontend|node|vite|webpack|css|js$|docs|test|mailpit|mailhog/;

/** What the services of a compose file are to a Django project. */
export interface Roles {
  web: Service;
  /** Those that run the same image and end once they have created the tables. */
  release: Service | undefined;
  /** Others that run the same image. */
  others: Service[];
  /** Images that are not the project's. */
  services: Service[];
}

/**
 * Tells the services of a compose file apart.
 *
 * @param holds whether a build context holds the project
 * @returns undefined where none serves the project
 */
export function rolesOf({ services }: ComposeFile, holds: (context: string) => boolean): Roles | undefined {
  const all = [...services.values()];
  const built = all.filter(({ build }) => build !== undefined && holds(build.context));
  const images = new Set(built.flatMap(({ image }) => image ?? []));
  const own = all.filter((service) => built.includes(service) || images.has(service.image ?? ""));
  const [web] = own
    .map((service) => ({ service, score: score(service) }))
    .filter(({ score: points }) => points > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ service }) => service);
  if (web === undefined) {
    return undefined;
  }
  const isSameImage = ({ build, image }: Service): boolean =>
    (image !== undefined && image === web.image) ||
    (build !== undefined &&
      build.context === web.build?.context &&
      build.dockerfile === web.build.dockerfile &&
      build.target === web.build.target);
  const rest = own.filter((service) => service !== web);
  const release = rest.find((service) => isSameImage(service) && onlyMigrates(service.command?.value ?? ""));
  const others = rest.filter((service) => service !== release && isOther(service, isSameImage(service)));
  return {
    web,
    release,
    others,
    services: all.filter(({ build, image }) => build === undefined && image !== undefined && !images.has(image)),
  };
}

/** A service that runs the project's code: with the web service's image, or one that is built for tasks. */
function isOther({ name, command }: Service, isSameImage: boolean): boolean {
  return isSameImage
    ? command !== undefined || otherNames.test(name)
    : isWorker(command?.value ?? "") || /worker|celery|beat/.test(name);
}

/** How much a service looks as if it served the project; 0 or less for one that does not. */
function score({ name, command, ports, build }: Service): number {
  const line = command?.value ?? "";
  if (isWorker(line) || onlyMigrates(line)) {
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
