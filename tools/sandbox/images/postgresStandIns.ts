import path from "node:path";

import { postgresImageOf } from "../../../components/app/postgresImage";
import { type DebianImage, debianRelease } from "./debianImage";

const entrypoint = path.join(__dirname, "postgres", "docker-entrypoint.sh");

/** Debian's releases by the Postgres that each has. */
const releases: Record<number, string> = { 13: "bullseye", 15: "bookworm", 17: debianRelease };

/** What stands in for Postgres' images. */
export const postgresStandIns: Record<string, DebianImage> = Object.fromEntries(
  Object.entries(releases).map(([major, release]) => [postgresImageOf(Number(major)), standInOf(major, release)]),
);

function standInOf(major: string, release: string): DebianImage {
  return {
    ...(release !== debianRelease && { release }),
    packages: [`postgresql-${major}`, "libnss-wrapper"],
    hooks: [
      // The official image's user, which the package then uses. Without the setting the package creates a database.
      `--essential-hook=echo postgres:x:999:999::/var/lib/postgresql:/bin/sh >>"$1/etc/passwd"`,
      `--essential-hook=echo postgres:x:999: >>"$1/etc/group"`,
      `--essential-hook=mkdir -p "$1/etc/postgresql-common"`,
      `--essential-hook=echo create_main_cluster = false >"$1/etc/postgresql-common/createcluster.conf"`,
      `--customize-hook=echo "listen_addresses = '*'" >>"$1/usr/share/postgresql/${major}/postgresql.conf.sample"`,
      `--customize-hook=chmod 3777 "$1/var/run/postgresql"`,
    ],
    copies: [{ file: entrypoint, folder: "/usr/local/bin" }],
    settings: [
      `ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${major}/bin`,
      "ENV LANG=C.UTF-8",
      "ENV PGDATA=/var/lib/postgresql/data",
      "EXPOSE 5432",
      // Fast shutdown: at SIGTERM, the kubelet's default, Postgres waits until every client has disconnected.
      "STOPSIGNAL SIGINT",
      `ENTRYPOINT ["docker-entrypoint.sh"]`,
      `CMD ["postgres"]`,
    ],
  };
}
