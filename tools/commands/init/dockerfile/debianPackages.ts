/** Debian packages that a Python package needs. */
interface Needs {
  /** For its installation: it has no wheel for Linux, or only where its library is not needed. @default none */
  build?: string[];
  /** To be imported. @default none */
  runtime?: string[];
}

const compiler = ["gcc", "libc6-dev"];

/** Packages that have all they need in their wheels, such as Pillow, lxml and psycopg2-binary, are not here. */
const needs: Readonly<Record<string, Needs>> = {
  psycopg2: { build: [...compiler, "libpq-dev"], runtime: ["libpq5"] },
  psycopg2cffi: { build: [...compiler, "libpq-dev"], runtime: ["libpq5"] },
  "psycopg-c": { build: [...compiler, "libpq-dev"], runtime: ["libpq5"] },
  mysqlclient: { build: [...compiler, "default-libmysqlclient-dev", "pkg-config"], runtime: ["libmariadb3"] },
  "python-ldap": { build: [...compiler, "libldap-dev", "libsasl2-dev"], runtime: ["libldap2"] },
  pycairo: { build: [...compiler, "libcairo2-dev", "pkg-config"], runtime: ["libcairo2"] },
  cairosvg: { runtime: ["libcairo2"] },
  weasyprint: { runtime: ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"] },
  "python-magic": { runtime: ["libmagic1"] },
  pylibmc: { build: [...compiler, "libmemcached-dev", "zlib1g-dev"], runtime: ["libmemcached11t64"] },
  pygraphviz: { build: [...compiler, "libgraphviz-dev", "pkg-config"], runtime: ["graphviz"] },
  uwsgi: { build: compiler },
};

/**
 * Debian packages that a project needs in the stage that installs and in the one that runs.
 *
 * @param packages names of its Python packages
 */
export function debianPackages(
  packages: ReadonlySet<string>,
  needed: { geoDjango: boolean; spatialite: boolean; git: boolean },
): { build: string[]; runtime: string[] } {
  const found = [...packages].map((name) => needs[name]).filter((each) => each !== undefined);
  const build = found.flatMap((each) => each.build ?? []);
  const runtime = found.flatMap((each) => each.runtime ?? []);
  // psycopg itself is Python alone and loads the library.
  if (packages.has("psycopg") && !packages.has("psycopg-binary")) {
    runtime.push("libpq5");
  }
  if (needed.geoDjango) {
    // GEOS and PROJ come with it. The name ends in a number that changes with each release of Debian.
    runtime.push("'^libgdal[0-9]+$'");
  }
  if (needed.spatialite) {
    runtime.push("libsqlite3-mod-spatialite");
  }
  if (needed.git) {
    build.push("git");
  }
  const sorted = (names: string[]): string[] => [...new Set(names)].sort();
  return { build: sorted(build), runtime: sorted(runtime) };
}
