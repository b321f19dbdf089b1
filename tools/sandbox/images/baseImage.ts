import path from "node:path";

import { postgresImage } from "../../../components/app/postgresImage";
import type { Progress } from "../../terminal/progress";
import { copyImage } from "./copyImage";
import { docker } from "../cluster/dockerCli";
import type { ClusterKind } from "../cluster/kinds";
import { buildStandIn, type StandIn } from "./standIn";

/** The base of app/Dockerfile, and what a database in the cluster runs. */
export const baseImage = "python:3.13-slim";
export const databaseImage = postgresImage;

const entrypoint = path.join(__dirname, "postgres", "docker-entrypoint.sh");
const postgres = "/usr/lib/postgresql/17";

/** Images of the public registry and what stands in for each where that cannot be reached: Debian has the same versions. */
export const standIns = {
  [baseImage]: {
    packages: ["python3", "python3-venv", "python3-pip", "ca-certificates"],
    trustsMachinesAuthorities: true,
    hooks: [
      `--customize-hook=ln -s python3 "$1/usr/bin/python"`,
      // As in the image that this stands in for, pip installs where it is told to.
      `--customize-hook=rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED`,
    ],
    settings: ["CMD python3", "ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt"],
  },
  [databaseImage]: {
    packages: ["postgresql-17", "libnss-wrapper"],
    hooks: [
      // The official image's user; the package takes one that is there, and would make a database where it is not told.
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
      // Its fast shutdown: what the kubelet would send else waits for every client to leave.
      "STOPSIGNAL SIGINT",
      `ENTRYPOINT ["docker-entrypoint.sh"]`,
      `CMD ["postgres"]`,
    ],
  },
} satisfies Record<string, StandIn>;

export type BaseImage = keyof typeof standIns;
export type ImageOrigin =
  "present" | "pulled" | `copied from the ${ClusterKind["name"]} sandbox` | "built from Debian's packages";

/** Sees to it that the cluster's daemon has an image; says where it came from. */
export async function provideImage(
  kind: ClusterKind,
  environment: NodeJS.ProcessEnv,
  mmdebstrap: string | undefined,
  image: BaseImage,
  progress: Progress,
): Promise<ImageOrigin> {
  const ask = async (...args: string[]): Promise<string> => await docker(kind, environment, args, { reject: false });
  if ((await ask("image", "inspect", "--format", "{{.Id}}", image)) !== "") {
    return "present";
  }
  progress.detail(`pulling ${image}`);
  if ((await ask("pull", "--quiet", image)) !== "") {
    return "pulled";
  }
  progress.detail(`looking for ${image} in other sandboxes`);
  const other = await copyImage(kind, environment, image);
  if (other !== undefined) {
    return `copied from the ${other} sandbox`;
  }
  if (mmdebstrap === undefined) {
    throw new Error(
      `${image} could not be pulled, and a stand-in can only be built on a system with Debian's packages; run \`docker pull ${image}\` where a registry answers, then \`docker save\` and \`docker load\` it.`,
    );
  }
  await buildStandIn(kind, environment, mmdebstrap, image, standIns[image], progress);
  return "built from Debian's packages";
}
