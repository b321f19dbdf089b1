import * as assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { Problem } from "../../../../../../components/problem";
import { projectRoot } from "../../../../../commands/init/settings/libraries/paths";
import { inspectSettings } from "../../../../../commands/init/settings/inspectSettings";
import { inspected, linesOf, manageFor, withProject } from "./project";

const application = (kind: string, settings: string) => `import os
from django.core.${kind} import get_${kind}_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "${settings}")
application = get_${kind}_application()
`;

describe("the folder of manage.py", () => {
  const inspectFiles = (files: Record<string, string>) => withProject(files, (folder) => inspectSettings(folder));

  it("is the one below the project", () => {
    const files = {
      "src/manage.py": manageFor("shop.settings"),
      "src/shop/settings.py": "DEBUG = True",
      "node_modules/x/manage.py": manageFor("x.settings"),
      "tools/manage.py": "from flask_script import Manager",
    };
    const found = inspectFiles(files);
    assert.equal(found.manageFolder, "src");
    assert.deepEqual(found.settingsModule, { value: "shop.settings", where: "src/manage.py:7" });
  });

  it("is the project itself where there is one, also with others below it", () => {
    const files = { "manage.py": manageFor("shop.settings"), "example/manage.py": manageFor("example.settings") };
    assert.equal(inspectFiles(files).manageFolder, ".");
  });

  it("has to be named where there are several", () => {
    const files = { "b/manage.py": manageFor("b.settings"), "a/manage.py": manageFor("a.settings") };
    withProject(files, (folder) => {
      assert.throws(
        () => inspectSettings(folder),
        (error) =>
          error instanceof Problem &&
          error.failed === `"${folder}" has 2 files manage.py: a/manage.py, b/manage.py` &&
          error.help === `name the folder of one, such as \`npm run init -- ${path.join(folder, "a")}\``,
      );
    });
  });

  it("is asked for where there is none", () => {
    withProject({ "app.py": "" }, (folder) => {
      assert.throws(
        () => inspectSettings(folder),
        (error) =>
          error instanceof Problem &&
          error.failed === `no manage.py was found in "${folder}" or up to 5 folders below it`,
      );
    });
  });
});

describe("the settings of a project", () => {
  it("compare what is no None with None", () => {
    const settings = `import os
from pathlib import Path
def path_of(name, default=None):
    if name not in os.environ:
        return default if default is None else Path(default).resolve()
    return Path(os.environ[name])
MEDIA_ROOT = path_of("UPLOADS", Path("/srv") / "media")
`;
    assert.equal(inspected(settings).mediaRoot?.value, "/srv/media");
  });

  it("of startproject have no variables, and the applications beside them", () => {
    const found = inspected(
      `
import os
BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET_KEY = 'abc'
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = ['django.contrib.admin']
MIDDLEWARE = ['django.middleware.security.SecurityMiddleware']
ROOT_URLCONF = 'shop.urls'
WSGI_APPLICATION = 'shop.wsgi.application'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE_DIR, 'db.sqlite3')}}
STATIC_URL = '/static/'
`,
      {
        "shop/wsgi.py": application("wsgi", "shop.settings"),
        "shop/asgi.py": application("asgi", "shop.settings"),
      },
    );
    assert.deepEqual(found, {
      manageFolder: ".",
      settingsModule: { value: "shop.settings", where: "manage.py:7" },
      unknownModule: undefined,
      productionModule: undefined,
      keyVariables: [],
      keyVariable: undefined,
      moduleWithoutKey: undefined,
      inspectedModule: "shop.settings",
      wsgi: { value: "shop.wsgi:application", where: "shop/wsgi.py:4" },
      asgi: { value: "shop.asgi:application", where: "shop/asgi.py:4" },
      needsAsgi: undefined,
      variables: [],
      debugVariable: undefined,
      debugValues: undefined,
      allowedHosts: undefined,
      csrfTrustedOrigins: undefined,
      database: { value: "sqlite", where: "shop/settings.py:11" },
      databaseEngine: "django.db.backends.sqlite3",
      enginePath: "",
      databaseInDebug: undefined,
      databaseIsConfigurable: false,
      databaseIsWritten: true,
      databaseVariables: {},
      knowsPostgres: false,
      celeryApp: undefined,
      celeryBeat: undefined,
      needsDatabaseScheduler: false,
      redis: undefined,
      redisVariables: [],
      fixedServers: [],
      otherBroker: undefined,
      otherHosts: [],
      sqliteFile: { value: `${projectRoot}/db.sqlite3`, where: "shop/settings.py:11" },
      otherDatabases: [],
      queues: [],
      cronJobs: [],
      fixedFiles: [],
      versionsRead: [],
      absentModules: [],
      sslRedirect: undefined,
      databaseSsl: undefined,
      fixedHosts: { value: { hosts: [], madeWith: [], debug: true }, where: "shop/settings.py:6" },
      fixedHostsInDebug: { value: { hosts: [], madeWith: [], debug: true }, where: "shop/settings.py:6" },
      staticFilesElsewhere: undefined,
      usesGeoDjango: undefined,
      staticRoot: undefined,
      servesStaticFiles: undefined,
      servesStaticFilesInDebug: undefined,
      mediaRoot: undefined,
      mediaVariable: undefined,
      fileField: undefined,
      keepsFilesElsewhere: false,
      installedApps: ["django.contrib.admin"],
      importsFromSrc: false,
      namesSettings: true,
      unreadable: [],
    });
  });

  it("of the example are found", () => {
    const found = inspectSettings("app");
    assert.deepEqual(found.settingsModule, { value: "config.settings", where: "manage.py:10" });
    assert.equal(found.debugVariable?.value, "DEBUG");
    assert.deepEqual(found.allowedHosts?.value, { variable: "ALLOWED_HOSTS", separator: "," });
    assert.deepEqual(found.databaseVariables, { url: "DATABASE_URL" });
    assert.equal(found.servesStaticFiles?.value, true);
    assert.deepEqual(
      found.variables.filter(({ isRequired }) => isRequired).map(({ name }) => name),
      ["SECRET_KEY"],
    );
  });

  const split = {
    "manage.py": manageFor("config.settings.local"),
    "config/__init__.py": "",
    "config/settings/__init__.py": "",
    "config/settings/env.py": "import environ\nenv = environ.Env()\n",
    "config/settings/base.py": `
from .env import env
DJANGO_APPS = ["django.contrib.admin", "django.contrib.gis"]
THIRD_PARTY_APPS = ["channels"]
LOCAL_APPS = ["shop.apps.Shop"]
INSTALLED_APPS = DJANGO_APPS + THIRD_PARTY_APPS + LOCAL_APPS
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
NAME = env("NAME", default="shop")
MEDIA_ROOT = "media"
`,
    "config/settings/local.py": "from .base import *\nDEBUG = True\nSECRET_KEY = 'x'\nLOCAL = env('LOCAL')\n",
    "config/settings/production.py": `
from .base import *  # noqa
from .base import MIDDLEWARE, env
DEBUG = False
SECRET_KEY = env("SECRET_KEY")
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
INSTALLED_APPS = ["daphne", *INSTALLED_APPS]
STATIC_ROOT = "static"
`,
  };

  it("have no apps in src where that is their package, or where manage.py is beside them in a folder of it", () => {
    const settings = (...apps: string[]): string => `DEBUG = True\nINSTALLED_APPS = ${JSON.stringify(apps)}\n`;
    const packaged = {
      "manage.py": manageFor("src.settings"),
      "src/__init__.py": "",
      "src/settings.py": settings("src.desk"),
      "src/desk/__init__.py": "",
    };
    const below = {
      "src/web/manage.py": manageFor("shop.settings"),
      "src/web/shop/__init__.py": "",
      "src/web/shop/settings.py": settings("desk"),
      "src/web/desk/__init__.py": "",
    };
    const found = [packaged, below].map((files) => withProject(files, (each) => inspectSettings(each)));
    assert.deepEqual(
      found.map(({ importsFromSrc }) => importsFromSrc),
      [false, false],
    );
  });

  it("have apps in src, which is on Python's path with manage.py in it alone", () => {
    const files = (folder: string): Record<string, string> => ({
      [`${folder}manage.py`]: manageFor("shop.settings"),
      [`${folder}shop/__init__.py`]: "",
      [`${folder}shop/settings.py`]: 'INSTALLED_APPS = ["desk.apps.Desk"]\n',
      "src/desk/__init__.py": "",
    });
    const found = ["", "src/"].map((folder) => withProject(files(folder), (each) => inspectSettings(each)));
    assert.deepEqual(
      found.map(({ importsFromSrc }) => importsFromSrc),
      [true, false],
    );
  });

  it("that are split are those for servers, with what they import", () => {
    const found = withProject(split, (folder) => inspectSettings(folder));
    assert.equal(found.settingsModule?.value, "config.settings.local");
    assert.deepEqual(found.productionModule, {
      value: "config.settings.production",
      where: "config/settings/production.py",
    });
    assert.deepEqual(linesOf(found), ["NAME=shop", "SECRET_KEY!"]);
    assert.deepEqual(found.installedApps, [
      "daphne",
      "django.contrib.admin",
      "django.contrib.gis",
      "channels",
      "shop.apps.Shop",
    ]);
    assert.deepEqual(found.servesStaticFiles, { value: true, where: "config/settings/base.py:7" });
    assert.deepEqual(found.staticRoot, { value: true, where: "config/settings/production.py:8" });
    assert.deepEqual(found.mediaRoot, { value: "media", where: "config/settings/base.py:9" });
    assert.equal(found.usesGeoDjango?.value, true);
    assert.equal(found.needsAsgi?.value, true);
  });

  it("that are split are those that the caller names", () => {
    const found = withProject(split, (folder) => inspectSettings(folder, { settingsModule: "config.settings.local" }));
    assert.equal(found.inspectedModule, "config.settings.local");
    assert.deepEqual(linesOf(found), ["NAME=shop", "LOCAL!"]);
  });

  it("that wsgi.py names win over what is called production", () => {
    const files = {
      ...split,
      "config/settings/staging.py": "from .base import *",
      "config/wsgi.py": application("wsgi", "config.settings.staging"),
    };
    const found = withProject(files, (folder) => inspectSettings(folder));
    assert.deepEqual(found.productionModule, { value: "config.settings.staging", where: "config/wsgi.py:4" });
  });

  it("are those of wsgi.py where the asgi.py of another package, such as of workers, names its own", () => {
    const files = {
      "manage.py": manageFor("shop.settings"),
      "shop/settings.py": "SECRET_KEY = 'x'\n",
      "shop/wsgi.py": application("wsgi", "shop.settings"),
      "tasks/settings.py": "from shop.settings import *\n",
      "tasks/asgi.py": application("asgi", "tasks.settings"),
    };
    const found = withProject(files, (folder) => inspectSettings(folder));
    assert.deepEqual([found.inspectedModule, found.wsgi?.value], ["shop.settings", "shop.wsgi:application"]);
  });

  it("that are for servers and have no key, which a file there adds, are not taken where others have one", () => {
    const production = "from .base import *\ntry:\n    from .local_secrets import *\nexcept ImportError:\n    pass\n";
    const files = { ...split, "config/settings/production.py": production };
    const found = withProject(files, (folder) => inspectSettings(folder));
    const unused = { value: "config.settings.production", where: "config/settings/production.py" };
    assert.deepEqual([found.inspectedModule, found.productionModule], ["config.settings.local", undefined]);
    assert.deepEqual(found.moduleWithoutKey, unused);
    const keyless = { ...files, "config/settings/local.py": "from .base import *\n" };
    const { inspectedModule, moduleWithoutKey } = withProject(keyless, (folder) => inspectSettings(folder));
    assert.deepEqual([inspectedModule, moduleWithoutKey], [unused.value, undefined]);
  });

  it("that django-split-settings puts together are read, as a variable chooses them", () => {
    const found = inspected("", {
      "shop/settings.py": `
from os import environ
from split_settings.tools import include, optional
environ.setdefault("DJANGO_ENV", "development")
include("parts/common.py", f"environments/{environ['DJANGO_ENV']}.py", optional("parts/none*.py"))
`,
      "shop/parts/common.py": "from decouple import config\nSECRET_KEY = config('SECRET_KEY')\n",
      "shop/environments/development.py": "DEBUG = True\n",
      "shop/environments/production.py": "DEBUG = False\nALLOWED_HOSTS = [config('DOMAIN')]\n",
    });
    assert.deepEqual(linesOf(found), ["DJANGO_ENV=development", "SECRET_KEY!", "DOMAIN!"]);
    assert.deepEqual(found.debugVariable?.value, "DJANGO_ENV");
    assert.deepEqual(found.debugValues?.value, "development,production");
  });

  it("with a class for each environment are those of the class that manage.py names", () => {
    const manage = manageFor("shop.settings").replace(
      "    from django",
      "    os.environ.setdefault('DJANGO_CONFIGURATION', 'Prod')\n    from django",
    );
    const found = inspected(
      `
from configurations import Configuration, values
class Base(Configuration):
    ALLOWED_HOSTS = values.ListValue([])
    INSTALLED_APPS = values.ListValue(["django.contrib.gis"])
class Prod(Base):
    DEBUG = values.BooleanValue(False)
    INSTALLED_APPS = Base.INSTALLED_APPS.default + ["shop"]
`,
      { "manage.py": manage },
    );
    assert.deepEqual(found.installedApps, ["django.contrib.gis", "shop"]);
    assert.equal(found.debugVariable?.value, "DJANGO_DEBUG");
    assert.deepEqual(found.allowedHosts?.value, { variable: "DJANGO_ALLOWED_HOSTS", separator: "," });
  });

  it("are read whole, however long a class with comments is", () => {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `    # of ${index}\n    A${index} = os.environ["A${index}"]\n`,
    );
    const found = inspected(`import os\nclass Values:\n${lines.join("\n")}\nLAST = os.environ["LAST"]\n`);
    assert.deepEqual([found.variables.length, found.unreadable], [1001, []]);
    assert.deepEqual(found.variables.at(-2), { ...found.variables[0], name: "A999", where: "shop/settings.py:3001" });
    assert.equal(found.variables.at(-1)?.where, "shop/settings.py:3003");
  });

  it("are read whole, however many modules asgi.py imports", () => {
    const names = Array.from({ length: 100 }, (_, index) => `part${index}`);
    const files = {
      "shop/asgi.py": `${names.map((name) => `from shop import ${name}\n`).join("")}${application("asgi", "shop.settings")}`,
      ...Object.fromEntries(names.map((name) => [`shop/${name}.py`, "import os\n"])),
    };
    const found = inspected("import os\nNAME = os.environ['NAME']\n", files);
    assert.deepEqual([linesOf(found), found.asgi?.value], [["NAME!"], "shop.asgi:application"]);
  });

  it("need ASGI where asgi.py routes websockets, or where there is no wsgi.py", () => {
    const routed = "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n";
    const wsgi = { "shop/wsgi.py": application("wsgi", "shop.settings") };
    const plain = { "shop/asgi.py": application("asgi", "shop.settings") };
    assert.deepEqual(inspected("", { ...wsgi, "shop/asgi.py": routed }).needsAsgi?.where, "shop/asgi.py:2");
    assert.deepEqual(inspected("", plain).needsAsgi?.where, "shop/asgi.py:4");
    assert.equal(inspected("", { ...wsgi, ...plain }).needsAsgi, undefined);
  });

  it("have static files served by WhiteNoise around the application, by a bucket or by a view", () => {
    const wrapped = "from whitenoise import WhiteNoise\napplication = WhiteNoise(get_wsgi_application())\n";
    const bucket = 'STORAGES = {"staticfiles": {"BACKEND": "storages.backends.s3.S3Storage"}}';
    const view = `from django.conf import settings
from django.views.static import serve
urlpatterns = [re_path("^static/(?P<path>.*)$", serve, {"document_root": settings.STATIC_ROOT})]
`;
    assert.equal(inspected("", { "shop/wsgi.py": wrapped }).servesStaticFiles?.where, "shop/wsgi.py:2");
    assert.equal(inspected(bucket).servesStaticFiles?.where, "shop/settings.py:1");
    const withView = inspected('ROOT_URLCONF = "shop.urls"', { "shop/urls.py": view });
    assert.equal(withView.servesStaticFiles?.where, "shop/urls.py");
    const own = `from django.views.static import serve
def packaged(request, path):
    if not settings.PACKAGED:
        raise Http404
    return serve(request, path, document_root=settings.STATIC_ROOT)
urlpatterns = [re_path("^static/(?P<path>.*)$", packaged)]
`;
    assert.equal(inspected('ROOT_URLCONF = "shop.urls"', { "shop/urls.py": own }).servesStaticFiles, undefined);
  });
});

describe("files of settings", () => {
  it("may have a byte order mark, Windows' line ends or Latin-1", () => {
    const settings = '\uFEFFimport os\r\nNAME = "café"\r\nA = os.environ["A"]\r\n';
    for (const encoding of ["utf8", "latin1"] as const) {
      const content = Buffer.from(encoding === "utf8" ? settings : settings.slice(1), encoding);
      const files = { "manage.py": manageFor("shop.settings"), "shop/settings.py": content };
      const found = withProject(files, (folder) => inspectSettings(folder));
      assert.deepEqual(
        found.variables.map(({ name, where }) => [name, where]),
        [["A", "shop/settings.py:3"]],
      );
    }
  });

  it("are told where they have errors, and read as far as they go", () => {
    const found = inspected('import os\nA = os.environ["A"]\nB = = 1\nif A\n    C = 2\nD = os.environ["D"]\n');
    assert.deepEqual(linesOf(found), ["A!", "D!"]);
    assert.deepEqual(found.unreadable, ["shop/settings.py:3", "shop/settings.py:4"]);
  });

  it("are no error for a `yield` without a value", () => {
    const found = inspected("def f():\n    try:\n        yield\n    finally:\n        pass\n");
    assert.deepEqual(found.unreadable, []);
  });

  it("are read through links within the project, and not out of it", () => {
    withProject({ "secret.py": "import os\nA = os.environ['OUTSIDE']\n" }, (outside) => {
      withProject(
        { "manage.py": manageFor("shop.settings"), "real.py": "import os\nA = os.environ['A']" },
        (folder) => {
          mkdirSync(path.join(folder, "shop"));
          symlinkSync("../real.py", path.join(folder, "shop/settings.py"));
          symlinkSync(path.join(outside, "secret.py"), path.join(folder, "shop/outside.py"));
          assert.deepEqual(linesOf(inspectSettings(folder)), ["A!"]);
          writeFileSync(path.join(folder, "real.py"), "from .outside import *\n");
          const found = inspectSettings(folder);
          assert.deepEqual([linesOf(found), found.unreadable], [[], ["shop/outside.py"]]);
        },
      );
    });
  });

  it("end also where functions call themselves and modules import one another", () => {
    const found = inspected(
      "import os\nfrom . import other\ndef f(x):\n    return f(x + 1)\nA = f(1)\nB = os.environ['B']\n",
      {
        "shop/other.py": "from .settings import *\nimport os\nC = os.environ['C']\n",
      },
    );
    assert.deepEqual(linesOf(found), ["C!", "B!"]);
  });
});

describe("a project without settings", () => {
  it("has a manage.py and nothing else to tell", () => {
    const found = withProject({ "manage.py": manageFor("gone.settings") }, (folder) => inspectSettings(folder));
    assert.deepEqual(
      [found.manageFolder, found.settingsModule, found.inspectedModule, found.variables],
      [".", undefined, undefined, []],
    );
  });
});
