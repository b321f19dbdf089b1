import assert from "node:assert/strict";

import { planDockerfile } from "../../../../../commands/init/dockerfile/planDockerfile";
import { dependencies, found, settings } from "./helpers";

describe("what serves a project", () => {
  const serving = (packages: string[], changes = {}): unknown => {
    const { server, application, additions } = planDockerfile(settings(changes), dependencies(packages));
    return { server, application, additions };
  };
  const needsAsgi = found(true as const);
  const servesStaticFiles = found(true as const);

  it("is gunicorn with WhiteNoise where the project has nothing", () => {
    assert.deepEqual(serving(["django"]), {
      server: "gunicorn",
      application: "shop.wsgi:application",
      additions: ["gunicorn==27.0.1", "whitenoise==6.12.0"],
    });
  });

  it("is the project's own gunicorn, and no WhiteNoise where the settings have it", () => {
    assert.deepEqual(serving(["django", "gunicorn", "whitenoise"], { servesStaticFiles }), {
      server: "gunicorn",
      application: "shop.wsgi:application",
      additions: [],
    });
  });

  it("is the ASGI server that the project has", () => {
    for (const server of ["daphne", "uvicorn", "hypercorn", "granian"]) {
      assert.deepEqual(serving(["django", server], { servesStaticFiles }), {
        server,
        application: "shop.asgi:application",
        additions: server === "uvicorn" ? ["websockets==15.0.1"] : [],
      });
    }
  });

  it("is uvicorn with websockets where the project needs ASGI and has no server", () => {
    assert.deepEqual(serving(["django", "channels"], { needsAsgi, servesStaticFiles }), {
      server: "uvicorn",
      application: "shop.asgi:application",
      additions: ["uvicorn==0.54.0", "websockets==15.0.1"],
    });
  });

  it("is Django's own application where the project has no wsgi.py, with the settings in the image", () => {
    const plan = planDockerfile(settings({ wsgi: undefined, asgi: undefined }), dependencies(["django"]));
    assert.equal(plan.application, "django.core.wsgi:get_wsgi_application()");
    assert.equal(plan.settingsModule, "shop.settings");
  });
});

describe("Debian packages of an image", () => {
  const packages = (names: string[], changes = {}, more = {}): unknown => {
    const { buildPackages, runtimePackages } = planDockerfile(settings(changes), dependencies(names, more));
    return { build: buildPackages, runtime: runtimePackages };
  };

  it("are none where wheels have all that is needed", () => {
    const names = ["django", "pillow", "lxml", "psycopg2-binary", "psycopg", "psycopg-binary"];
    assert.deepEqual(packages(names), { build: [], runtime: [] });
  });

  it("are compiler and headers in the first stage and libraries in the last", () => {
    assert.deepEqual(packages(["psycopg2", "mysqlclient"]), {
      build: ["default-libmysqlclient-dev", "gcc", "libc6-dev", "libpq-dev", "pkg-config"],
      runtime: ["libmariadb3", "libpq5"],
    });
    assert.deepEqual(packages(["psycopg"]), { build: [], runtime: ["libpq5"] });
  });

  it("are GDAL for GeoDjango and git for what is cloned", () => {
    const gis = { usesGeoDjango: found(true) };
    assert.deepEqual(packages(["django"], gis, { needsGit: true }), {
      build: ["git"],
      runtime: ["'^libgdal[0-9]+$'"],
    });
  });

  it("are SpatiaLite, too, where it is the database of GeoDjango", () => {
    const databaseEngine = "django.contrib.gis.db.backends.spatialite";
    assert.deepEqual(packages(["django"], { usesGeoDjango: found(true), databaseEngine }), {
      build: [],
      runtime: ["'^libgdal[0-9]+$'", "libsqlite3-mod-spatialite"],
    });
  });
});

describe("the static files of a project", () => {
  const plan = (changes = {}) =>
    planDockerfile(settings({ staticRoot: found(true), ...changes }), dependencies(["django"]));

  it("are collected in the image, unless that would upload them", () => {
    assert.notEqual(plan().collectStatic, undefined);
    assert.equal(plan({ staticFilesElsewhere: found(true) }).collectStatic, undefined);
  });
});

describe("setuptools", () => {
  it("is installed beside packages for a Python whose environments have it, and pip", () => {
    const needed = (python: string, packages = ["django"], changes = {}): boolean =>
      planDockerfile(settings(), dependencies(packages, { python: found(python), ...changes })).needsSetuptools;
    assert.deepEqual([needed("3.11"), needed("3.12")], [true, false]);
    assert.deepEqual([needed("3.11", ["setuptools"]), needed("3.11", [], { tool: found("uv") })], [false, false]);
  });
});
