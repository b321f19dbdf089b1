import path from "node:path";

import { postgresImage } from "../../../components/app/postgresImage";
import { Problem } from "../../../components/problem";
import type { Progress } from "../../terminal/progress";
import { docker, hasImage } from "../cluster/dockerCli";
import type { ClusterKind } from "../cluster/kinds";
import { copyImage } from "./copyImage";
import { buildDebianImage, type DebianImage } from "./debianImage";

/** The image that app/Dockerfile starts from. */
export const baseImage = "python:3.13-slim";
/** The image of a database in the cluster. */
export const databaseImage = postgresImage;

const entrypoint = path.join(__dirname, "postgres", "docker-entrypoint.sh");
const postgres = "/usr/lib/postgresql/17";

/** What stands in for an image where its public registry cannot be reached: the same versions from Debian's packages. */
export const standIns = {
  [baseImage]: {
    packages: ["python3", "python3-venv", "python3-pip", "ca-certificates"],
    trustsMachinesAuthorities: true,
    hooks: [
      `--customize-hook=ln -s python3 "$1/usr/bin/python"`,
      // In the official image, pip may install into the system's Python.
      `--customize-hook=rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED`,
    ],
    settings: ["CMD python3", "ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt"],
  },
  [databaseImage]: {
    packages: ["postgresql-17", "libnss-wrapper"],
    hooks: [
      // The official image's user, which the package then uses. Without the setting the package creates a database.
      `--essential-hook=echo postgres:x:999:999::/var/lib/postgresql:/bin/sh >>"$1/etc/passwd"`,
      `--essential-hook=echo postgres:x:999: >>"$1/etc/group"`,
      `--essential-hook=mkdir -p "$1/etc/postgresql-common"`,
      `--essential-hook=echo create_main_cluster = false >"$1/etc/postgresql-common/createcluster.conf"`,
      `--customize-hook=echo "listen_addresses = '*'" >>"$1/usr/share/postgresql/17/postgresql.conf.sample"`,
      `--customize-hook=copy-in ${entrypoint} /usr/local/bin`,
      `--customize-hook=chmod 3777 "$1/var/run/postgresql"`,
    ],
    settings: [
      `ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${postgres}/bin`,
      "ENV LANG=C.UTF-8",
      "ENV PGDATA=/var/lib/postgresql/data",
      "EXPOSE 5432",
      // Fast shutdown: at SIGTERM, the kubelet's default, Postgres waits until every client has disconnected.
      "STOPSIGNAL SIGINT",
      `ENTRYPOINT ["docker-entrypoint.sh"]`,
      `CMD ["postgres"]`,
    ],
  },
} satisfies Record<string, DebianImage>;

export type BaseImage = keyof typeof standIns;
export type ImageOrigin =
  "present" | "pulled" | `copied from the ${ClusterKind["name"]} sandbox` | "built from Debian's packages";

/**
 * Provides the cluster's daemon with an image: pulled, copied from another sandbox or, last, built.
 *
 * @param mmdebstrap path of the executable that builds images; undefined where this system has none
 * @returns where the image came from
 * @throws a `Problem` when there is no way to get the image
 */
export async function provideImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string | undefined,
  image: BaseImage,
  progress: Progress,
): Promise<ImageOrigin> {
  if (await hasImage(kind, environment, image)) {
    return "present";
  }
  progress.detail(`pulling ${image}`);
  if ((await docker(kind, environment, ["pull", "--quiet", image], { reject: false })) !== "") {
    return "pulled";
  }
  progress.detail(`looking for ${image} in other sandboxes`);
  const other = await copyImage(kind, environment, image);
  if (other !== undefined) {
    return `copied from the ${other} sandbox`;
  }
  if (mmdebstrap === undefined) {
    throw new Problem(
      `${image} could not be pulled, and a stand-in can only be built on a system with Debian's packages`,
      `run \`docker pull ${image}\` where a registry answers, then \`docker save\` and \`docker load\` it`,
    );
  }
  await buildDebianImage(kind, environment, mmdebstrap, image, standIns[image], progress);
  return "built from Debian's packages";
}
