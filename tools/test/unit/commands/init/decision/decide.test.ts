import assert from "node:assert/strict";

import type { Decision } from "../../../../../commands/init/decision/decision";
import { decide } from "../../../../../commands/init/decision/decide";
import { inspect } from "../../../../../commands/init/inspect";
import { locate } from "../../../../../commands/init/locate";
import { inFolder } from "../folder";
import { commandsOf } from "./decided";
import { manageFor } from "../settings/project";

const unnamed = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n";
const wsgi = `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n${unnamed}`;
const databases = {
  sqlite: "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n",
  url: "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n",
  mysql:
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'HOST': os.environ['DB_HOST'], 'PASSWORD': os.environ['DB_PASSWORD']}}\n",
  names:
    "DATABASES = {'default': {'ENGINE': os.environ.get('SQL_ENGINE', 'django.db.backends.sqlite3'), 'NAME': os.environ.get('SQL_DATABASE', 'db'), 'HOST': os.environ.get('SQL_HOST', 'localhost')}}\n",
};

interface Case {
  settings?: string;
  dockerfile?: string | undefined;
  files?: Record<string, string | Buffer>;
  target?: "sandbox" | "minikube" | "cluster";
  debug?: boolean;
  set?: string[];
}

const dockerfile = 'FROM python:3.13-slim\nCOPY . .\nEXPOSE 8000\nCMD ["gunicorn", "shop.wsgi"]\n';

async function decided(each: Case, test: (decision: Decision, values: Record<string, string>) => void): Promise<void> {
  const { settings = databases.sqlite, files = {}, target = "sandbox", debug = true, set = [] } = each;
  const own = "dockerfile" in each ? each.dockerfile : dockerfile;
  const all = {
    "manage.py": manageFor("shop.settings"),
    "shop/__init__.py": "",
    "shop/wsgi.py": wsgi,
    "shop/settings.py": `import os\n${settings}`,
    ...(own !== undefined && { Dockerfile: own }),
    ...files,
  };
  await inFolder(all, (folder) => {
    const decision = decide({ value: "../shop", where: "as you asked" }, inspect(locate(folder), debug), {
      target,
      debug,
      has: (key) => set.includes(key),
    });
    const named = ({ key, name, value }: { key: string; name?: string; value: string }): [string, string] => [
      name === undefined ? key : `${key}.${name}`,
      value,
    ];
    test(decision, Object.fromEntries([...decision.settings, ...decision.secrets].map(named)));
  });
}

const migrate = "python manage.py migrate --noinput";

describe("what init decides", () => {
  it("needs three keys for a project with SQLite and an image that says the rest", async () => {
    await decided({}, ({ missing, notes }, values) => {
      assert.deepEqual(values, { project: "../shop", database: "sqlite", release: migrate });
      assert.deepEqual([missing, notes], [[], []]);
    });
  });

  const redirects: [title: string, settings: string, debug: boolean, off: string | undefined, notes: number][] = [
    [
      "is turned off by its variable",
      "SECURE_SSL_REDIRECT = os.environ.get('SSL', 'yes') == 'yes'\n",
      true,
      "False",
      0,
    ],
    ["is told where it has none", "SECURE_SSL_REDIRECT = True\n", true, undefined, 1],
    ["is left where debug is on", "SECURE_SSL_REDIRECT = not os.environ.get('DEBUG')\n", true, undefined, 0],
    ["is told where debug is off", "SECURE_SSL_REDIRECT = not os.environ.get('DEBUG')\n", false, undefined, 1],
  ];
  for (const [title, settings, debug, off, count] of redirects) {
    it(`a redirect to https ${title}`, async () => {
      const all = `${databases.sqlite}DEBUG = bool(os.environ.get('DEBUG'))\n${settings}`;
      await decided({ settings: all, debug }, ({ notes }, values) => {
        assert.equal(values["env.SSL"], off);
        assert.deepEqual(
          notes,
          Array(count).fill(
            "SECURE_SSL_REDIRECT (shop/settings.py:4) leads each request to https, which a cluster of one's own does not serve: read it from a variable, such as SERVED_OVER_HTTPS, which a stack with a certificate gives",
          ),
        );
      });
      await decided({ settings: all, debug, target: "cluster", set: ["databaseUrl"] }, ({ notes }, values) => {
        assert.deepEqual([values["env.SSL"], notes], [undefined, []]);
      });
    });
  }

  it("turns a redirect to https off where a file of the project has it for servers, and leaves one that is off", async () => {
    const settings = `${databases.sqlite}SECURE_SSL_REDIRECT = os.environ.get('SSL', 'no') == 'yes'\n`;
    for (const [written, given] of [
      ["yes", "False"],
      ["never", "never"],
    ]) {
      await decided({ settings, files: { ".env": `SSL=${written ?? ""}\n` } }, (_decision, values) => {
        assert.equal(values["env.SSL"], given);
      });
    }
    await decided({ settings, files: { ".env": "SSL=yes\n" }, target: "cluster" }, (_decision, values) => {
      assert.equal(values["env.SSL"], "yes");
    });
  });

  it("tells of hosts in the text of the settings, unless this machine is among them", async () => {
    const settings = `${databases.sqlite}ALLOWED_HOSTS = ["shop.example", "www.shop.example"]\n`;
    await decided({ settings }, ({ notes }) => {
      assert.deepEqual(notes, [
        "ALLOWED_HOSTS (shop/settings.py:3) is shop.example, www.shop.example in the text of the settings, and the page is asked for by another host: read it from the variable ALLOWED_HOSTS",
      ]);
    });
    for (const hosts of ["['*']", "['localhost', 'shop.example']"]) {
      await decided({ settings: `${databases.sqlite}ALLOWED_HOSTS = ${hosts}\n` }, ({ notes }) => {
        assert.deepEqual(notes, [], hosts);
      });
    }
  });

  it("tells of no MySQL where the stack's Postgres takes its place", async () => {
    const settings = `TYPE = os.environ.get("DB_TYPE", "mysql")
assert TYPE in {"mysql", "postgresql"}
DATABASES = {"default": {"ENGINE": f"django.db.backends.{TYPE}", "HOST": os.environ.get("DB_HOST")}}
`;
    const files = {
      "requirements.txt": "django\npsycopg\nmysqlclient\n",
      "compose.yaml":
        "services: { db: { image: mysql }, pg: { image: postgres }, web: { build: ., environment: { DB_HOST: db } } }",
    };
    await decided({ settings, files }, ({ notes }, values) => {
      assert.equal(values["env.DB_HOST"], "$(PGHOST)");
      assert.deepEqual(notes, ["Not run: db (the stack's Postgres takes its place)"]);
    });
  });

  it("leaves out a build argument that has a secret of a .env file, and tells of it", async () => {
    const files = {
      ".env": "GIT_TOKEN=hidden\nMODE=small\n",
      "compose.yaml":
        "services: { web: { build: { context: ., args: [TOKEN=$GIT_TOKEN, 'MODE=$MODE', SECRET_KEY=build, GONE=$GONE] } } }",
    };
    await decided({ files }, ({ settings, notes }) => {
      assert.deepEqual(
        settings.filter(({ key }) => key === "buildArgs").map(({ name, value }) => [name, value]),
        [
          ["MODE", "small"],
          ["SECRET_KEY", "build"],
        ],
      );
      assert.deepEqual(notes, [
        "Build argument TOKEN (compose.yaml:1) is left out, as the image's history would show its secret: read it in the Dockerfile with `RUN --mount=type=secret,id=TOKEN`, and set it with `pulumi config set --secret --path buildSecrets.TOKEN VALUE`",
      ]);
    });
  });

  it("tells of a MySQL that the settings name in their text", async () => {
    const settings = "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'HOST': 'db'}}\n";
    await decided({ settings, files: { "requirements.txt": "mysqlclient\n" } }, ({ notes }) => {
      assert.deepEqual(notes, [
        "MySQL (shop/settings.py:2): a stack runs no MySQL server, and the settings name one in their text: read it from variables, unless the pods can reach it",
      ]);
    });
  });

  it("tells of what Node.js makes for browsers, which the Dockerfile that is written does not", async () => {
    const files = { "requirements.txt": "django\n", "package.json": '{"scripts": {"build": "vite build"}}' };
    await decided({ dockerfile: undefined, files }, ({ notes }) => {
      assert.deepEqual(notes, [
        "The Dockerfile has no Node.js, and package.json has a script that makes files for browsers: run `npm install` and `npm run build` in its folder before `npm run up`, or add a stage that does",
      ]);
    });
    await decided({ files }, ({ notes }) => {
      assert.deepEqual(notes, []);
    });
    for (const text of ["{", '{"scripts": {"lint": "eslint ."}}']) {
      await decided({ dockerfile: undefined, files: { ...files, "package.json": text } }, ({ notes }) => {
        assert.deepEqual(notes, [], text);
      });
    }
  });

  it("tells of a version of the project that the settings read, which the Dockerfile that is written does not install", async () => {
    const settings = `${databases.sqlite}
import importlib.metadata
from importlib.metadata import PackageNotFoundError, version
DJANGO, RELEASE = version("Django"), importlib.metadata.version("shop")
try:
    OTHER = version("other")
except PackageNotFoundError:
    OTHER = ""
`;
    const files = { "requirements.txt": "django\n" };
    await decided({ settings, dockerfile: undefined, files }, ({ notes }) => {
      assert.deepEqual(notes, [
        "The settings read the version of shop (shop/settings.py:6), and the Dockerfile installs what the project depends on, not the project: add `RUN python -m pip --python /venv/bin/python install --no-deps --editable /app` to it after `COPY --chown=10001:10001 . /app`",
      ]);
    });
    await decided({ settings, files }, ({ notes }) => {
      assert.deepEqual(notes, []);
    });
  });

  it("tells of a module that the settings import and that is not there", async () => {
    const settings = `from .local import *
from conf.env import NAME
try:
    from conf.other import *
except ImportError:
    pass
with suppress(ImportError):
    from .another import *
${databases.sqlite}`;
    const files = { "conf/env.example.py": "NAME = 1\n" };
    const notes = (name: string, line: number): string =>
      `The settings import ${name} (shop/settings.py:${line}), which is not there, so what it sets is not known: put it into the project's folder, or let the Dockerfile make it`;
    await decided({ settings, files }, (decision) => {
      assert.deepEqual(decision.notes, [notes("shop.local", 2), notes("conf.env", 3)]);
    });
    for (const name of ["conf", "conf-env"]) {
      const requirements = { "requirements.txt": `django\n${name}\n` };
      await decided({ settings, files: { ...files, ...requirements } }, (decision) => {
        assert.deepEqual(decision.notes, [notes("shop.local", 2)], name);
      });
    }
    const copy = "cp -i ./conf/env.example.py  ./conf/env.py";
    for (const run of [copy, `awk 'BEGIN { cmd="${copy} "; print "n" |cmd; }'`]) {
      const made = `FROM x\nWORKDIR /app\nCOPY . .\nRUN ${run}\nCMD gunicorn shop.wsgi\n`;
      await decided(
        { settings: `from conf.env import NAME\n${databases.sqlite}`, files, dockerfile: made },
        (decision) => {
          assert.deepEqual(decision.notes, [], run);
        },
      );
    }
  });

  it("tells of static files that a web server beside the image served", async () => {
    const settings = `${databases.sqlite}INSTALLED_APPS = ["django.contrib.staticfiles"]\nROOT_URLCONF = "shop.urls"\n`;
    const note =
      "Nothing serves static files, such as the admin's style sheets: add WhiteNoise to MIDDLEWARE, or, with debug on, let Django do it with `pulumi config set command 'python manage.py runserver 0.0.0.0:8000'`";
    await decided({ settings }, ({ notes }) => {
      assert.deepEqual(notes, [note]);
    });
    const served: Case[] = [
      { settings, dockerfile: 'FROM x\nCMD ["gunicorn", "with_static_files:application"]\n' },
      { settings: `${settings}MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n` },
      {
        settings: `${settings}MIDDLEWARE = ["shop.files.Files"]\n`,
        files: {
          "shop/files.py":
            "from whitenoise.middleware import WhiteNoiseMiddleware\nclass Files(WhiteNoiseMiddleware): pass\n",
        },
      },
      { settings, dockerfile: undefined },
      { settings, dockerfile: "FROM x\nCMD python manage.py runserver 0.0.0.0:8000\n" },
      { settings, dockerfile: "FROM x\nCMD nginx && gunicorn shop.wsgi\n" },
      {
        settings,
        files: {
          "shop/urls.py":
            "from django.contrib.staticfiles.urls import staticfiles_urlpatterns\nurlpatterns = staticfiles_urlpatterns()\n",
        },
      },
      {
        settings,
        files: {
          "shop/urls.py":
            "from django.conf import settings\nfrom django.conf.urls.static import static\nurlpatterns = static(settings.STATIC_URL, document_root=settings.STATIC_ROOT)\n",
        },
      },
    ];
    for (const each of served) {
      await decided(each, ({ notes }) => {
        assert.equal(notes.includes(note), false, JSON.stringify(each));
      });
    }
    const urls =
      "from django.conf import settings\nfrom django.conf.urls.static import static\nurlpatterns = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)\n";
    await decided({ settings, files: { "shop/urls.py": urls } }, ({ notes }) => {
      assert.deepEqual(notes, [note]);
    });
  });

  it("asks for the page by 127.0.0.1 where the text of the settings has it without localhost", async () => {
    const settings = `${databases.sqlite}ALLOWED_HOSTS = [".shop.example", "127.0.0.1"]\n`;
    await decided({ settings }, ({ notes }, { urlHost }) => {
      assert.deepEqual([notes, urlHost], [[], "127.0.0.1"]);
    });
    await decided({ settings, target: "minikube" }, ({ notes }, { urlHost }) => {
      assert.equal(urlHost, undefined);
      assert.match(notes.join("\n"), /is \.shop\.example, 127\.0\.0\.1 in the text of the settings/);
    });
  });

  it("asks for the page by a name below localhost where the text of the settings has it alone", async () => {
    const settings = `${databases.sqlite}ALLOWED_HOSTS = ["shop.example", ".shop.localhost"]\n`;
    await decided({ settings }, ({ notes }, { urlHost }) => {
      assert.deepEqual([notes, urlHost], [[], "shop.localhost"]);
    });
  });

  it("tells of hosts that are made with a variable, as the project's files set it", async () => {
    const settings = `${databases.sqlite}ALLOWED_HOSTS = [f"{os.environ.get('DOMAIN')}.example", f".{os.environ.get('DOMAIN')}"]\n`;
    await decided({ settings }, ({ notes }) => {
      assert.deepEqual(notes, [
        "ALLOWED_HOSTS (shop/settings.py:3) is None.example, .None, made with DOMAIN, and the page is asked for by another host: read it from the variable ALLOWED_HOSTS",
        "Read without a default, and not set: DOMAIN",
      ]);
    });
    await decided({ settings, files: { ".env": "DOMAIN=localhost\n" } }, ({ notes }) => {
      assert.deepEqual(notes, []);
    });
  });

  it("takes the hosts of the settings as they are with the stack's debug, whatever a .env file says", async () => {
    const settings = `${databases.sqlite}DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = [".shop.example"]
if DEBUG:
    ALLOWED_HOSTS = ["127.0.0.1"]
`;
    for (const files of [{}, { ".env": "DEBUG=1\n" }, { ".env": "DEBUG=0\n" }]) {
      await decided({ settings, files, debug: true }, ({ notes }, { urlHost }) => {
        assert.deepEqual([notes, urlHost], [[], "127.0.0.1"]);
      });
      await decided({ settings, files, debug: false }, ({ notes }, { urlHost }) => {
        assert.equal(urlHost, undefined);
        assert.match(notes.join("\n"), /is \.shop\.example in the text of the settings/);
      });
    }
  });

  it("tells where no host is allowed that leads to the page", async () => {
    const empty = `${databases.sqlite}ALLOWED_HOSTS = []\n`;
    const notesFor = async (project: Case): Promise<string[]> => {
      let found: string[] = [];
      await decided(project, ({ notes }) => {
        found = notes;
      });
      return found;
    };
    const read = `${empty}DEBUG = os.environ.get("DEBUG") == "1"\n`;
    assert.deepEqual(await notesFor({ settings: `${empty}DEBUG = True\n` }), []);
    assert.deepEqual(await notesFor({ settings: read, debug: true }), []);
    const closed =
      "ALLOWED_HOSTS (shop/settings.py:3) is empty, and with debug off Django then answers no host: read it from the variable ALLOWED_HOSTS";
    assert.deepEqual(await notesFor({ settings: `${empty}DEBUG = False\n` }), [closed]);
    assert.deepEqual(await notesFor({ settings: read, debug: false }), [closed]);
    assert.deepEqual(await notesFor({ settings: `${empty}DEBUG = True\n`, target: "minikube" }), [
      "ALLOWED_HOSTS (shop/settings.py:3) is empty, which with debug on stands for localhost alone, and the page is asked for by another host: read it from the variable ALLOWED_HOSTS",
    ]);
  });

  it("gives databases beside the default one the same, unless a file names a server for them", async () => {
    const settings = `import environ
env = environ.Env()
DATABASES = {
    "default": env.db("DATABASE_URL"),
    "replica": env.db("REPLICA_URL"),
    "legacy": {"ENGINE": "django.db.backends.postgresql", "HOST": os.environ["LEGACY_HOST"], "NAME": os.environ["LEGACY_NAME"]},
    "stats": {"ENGINE": "django.db.backends.mysql", "HOST": os.environ["STATS_HOST"]},
    "fixed": {"ENGINE": "django.db.backends.postgresql", "HOST": "cache.internal"},
}
`;
    const files = { "requirements.txt": "psycopg\n", ".env": "REPLICA_URL=postgres://a:b@localhost/shop\n" };
    const note = (alias: string, names: string): string =>
      `Database "${alias}" (shop/settings.py:4) gets the values of "default", since a stack runs one database: to use another one, set ${names}`;
    await decided({ settings, files }, ({ notes, missing }, values) => {
      assert.deepEqual(
        ["REPLICA_URL", "LEGACY_HOST", "LEGACY_NAME"].map((name) => values[`env.${name}`]),
        ["$(DATABASE_URL)", "$(PGHOST)", "$(PGDATABASE)"],
      );
      assert.deepEqual(notes, [note("replica", "REPLICA_URL"), note("legacy", "LEGACY_HOST, LEGACY_NAME")]);
      assert.deepEqual(commandsOf(missing), ["pulumi config set --type string --path env.STATS_HOST VALUE"]);
    });
    const elsewhere = {
      ...files,
      ".env": "REPLICA_URL=postgres://shop:v9Kq3xT7@db.shop.net/shop\nLEGACY_HOST=old.shop.net\n",
    };
    await decided({ settings, files: elsewhere }, ({ notes }, values) => {
      assert.deepEqual(
        ["secretEnv.REPLICA_URL", "env.LEGACY_HOST"].map((name) => values[name]),
        ["postgres://shop:v9Kq3xT7@db.shop.net/shop", "old.shop.net"],
      );
      assert.deepEqual(notes, []);
    });
  });

  it("says that a database of another kind has to be there", async () => {
    const settings = 'DATABASES = {"default": {"ENGINE": "mssql", "HOST": "db.example.com"}}\n';
    await decided({ settings, files: { "requirements.txt": "mssql-django\n" } }, ({ notes }) => {
      assert.deepEqual(notes, [
        "The database (shop/settings.py:2) has the engine mssql: a stack runs no server for it, so the settings have to name one that exists",
      ]);
    });
  });

  it("gives a second database the same where a file names a Postgres of compose, and leaves one of another kind", async () => {
    const settings = `import environ
env = environ.Env()
DATABASES = {"default": env.db("DATABASE_URL"), "other": env.db("OTHER_URL")}
`;
    const files = {
      "requirements.txt": "psycopg\n",
      "compose.yaml": "services: { web: { build: . }, db: { image: postgres }, old: { image: mysql } }\n",
    };
    const written = {
      "postgres://db/shop": "$(DATABASE_URL)",
      "postgresql://shop:p@ss@db:5432/shop": "$(DATABASE_URL)",
      "postgres:///shop": "$(DATABASE_URL)",
      "postgres://db.shop.net:5432/shop": "postgres://db.shop.net:5432/shop",
      "sqlite:///cache.sqlite3": "sqlite:///cache.sqlite3",
      "mysql://shop@old/shop": undefined,
    };
    for (const [url, expected] of Object.entries(written)) {
      await decided({ settings, files: { ...files, ".env": `OTHER_URL=${url}\n` } }, (_, values) => {
        assert.equal(values["env.OTHER_URL"], expected, url);
      });
    }
  });

  it("asks for the port where EXPOSE names several and nothing says which one serves the page", async () => {
    const commands = async (ports: string): Promise<string[]> => {
      let found: string[] = [];
      await decided({ dockerfile: `FROM x\nEXPOSE ${ports}\nCMD ["/start"]\n` }, ({ missing }) => {
        found = commandsOf(missing);
      });
      return found;
    };
    assert.deepEqual(await commands("80 8080"), ["pulumi config set port 80"]);
    assert.deepEqual(await commands("8000 9000"), []);
  });

  it("tells of static files that are uploaded, where it writes the Dockerfile", async () => {
    const settings = `${databases.sqlite}STATIC_ROOT = "/static"\nSTORAGES = {"staticfiles": {"BACKEND": "storages.backends.s3.S3Storage"}}\n`;
    const files = { "requirements.txt": "Django==5.2\n" };
    await decided({ settings, files, dockerfile: undefined }, ({ notes }) => {
      assert.deepEqual(notes, [
        "collectstatic uploads (shop/settings.py:4), so no image is built with it: `npm run manage -- STACK collectstatic --noinput` uploads the files of a version",
      ]);
    });
    await decided({ settings, files }, ({ notes }) => {
      assert.deepEqual(notes, []);
    });
  });

  const so = "so neither the variables that it reads nor its database are known";
  const chosen = 'os.environ["DJANGO_SETTINGS_MODULE"] = f"shop.{os.environ[\'KIND\']}"\n';
  const withoutSettings: [title: string, manage: string, note: string][] = [
    [
      "none were found",
      "import django\n",
      `No settings module was found, ${so}: let manage.py name it, as \`django-admin startproject\` does`,
    ],
    [
      "those of manage.py are not there",
      'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.local")\n',
      `The settings module that manage.py names, shop.local (manage.py:2), is not there, ${so}: add it to the project, or name another one with \`pulumi config set --path env.DJANGO_SETTINGS_MODULE NAME\``,
    ],
    [
      "manage.py chooses them",
      `import os\n${chosen}`,
      `manage.py chooses the settings module in a way that is not known (manage.py:2), ${so}: \`pulumi config set --type string --path env.NAME VALUE\` sets each variable that it needs`,
    ],
  ];
  for (const [title, manage, note] of withoutSettings) {
    it(`tells that no settings are known, as ${title}`, async () => {
      await inFolder({ "manage.py": manage, Dockerfile: dockerfile }, (folder) => {
        const { notes } = decide({ value: "../shop", where: "" }, inspect(locate(folder), true), {
          target: "sandbox",
          debug: true,
          has: () => false,
        });
        assert.deepEqual(notes, [note]);
      });
    });
  }

  it("names some of many variables without a default", async () => {
    const settings = `${databases.sqlite}${Array.from({ length: 20 }, (_, at) => `X${at} = os.environ.get("X${at}")\n`).join("")}`;
    await decided({ settings }, ({ notes }) => {
      assert.deepEqual(notes, [
        "Read without a default, and not set: X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11 and 8 more",
      ]);
    });
  });

  it("asks for what a file leaves empty and the settings cannot be loaded without", async () => {
    const settings = `${databases.sqlite}BUCKET = os.environ["BUCKET"]\nLABEL = os.environ.get("LABEL", "x")\n`;
    await decided({ settings, files: { ".env": "BUCKET=\nLABEL=\n" } }, ({ missing }, values) => {
      assert.deepEqual(commandsOf(missing), ["pulumi config set --type string --path env.BUCKET VALUE"]);
      assert.deepEqual([values["env.BUCKET"], values["env.LABEL"]], [undefined, ""]);
    });
  });

  it("reads the settings that the image names by an argument of its build", async () => {
    const what = {
      dockerfile: "FROM x\nARG KIND=live\nENV DJANGO_SETTINGS_MODULE=shop.$KIND\nCOPY . .\nCMD gunicorn shop.wsgi\n",
      files: { "shop/live.py": "import os\nKEY = os.environ['LIVE_KEY']\n" },
    };
    await decided(what, ({ missing, notes }) => {
      assert.deepEqual(notes, []);
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.LIVE_KEY VALUE"]);
    });
  });

  it("reads the settings that the stage names which compose builds, and not one after it", async () => {
    const files = {
      "compose.yaml": "services: { web: { build: { context: ., target: app } } }",
      "shop/live.py": "import os\nKEY = os.environ['LIVE_KEY']\n",
      "shop/tests.py": "import os\nKEY = os.environ['TEST_KEY']\n",
    };
    const dockerfile =
      "FROM x AS base\nENV DJANGO_SETTINGS_MODULE=shop.live\nCOPY . .\nCMD gunicorn shop.wsgi\nFROM base AS app\nFROM base\nENV DJANGO_SETTINGS_MODULE shop.tests\n";
    await decided({ files, dockerfile }, ({ missing }) => {
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.LIVE_KEY VALUE"]);
    });
  });

  it("takes a role in a cloud for no part of the database", async () => {
    const settings =
      "import sys\nif os.environ.get('AWS_RDS_IAM_ROLE'):\n    sys.exit(3)\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': os.environ.get('DB_HOST')}}\n";
    await decided({ settings }, ({ notes }, values) => {
      assert.deepEqual(notes, ["Read without a default, and not set: AWS_RDS_IAM_ROLE"]);
      assert.equal(values["env.DB_HOST"], "$(PGHOST)");
    });
  });

  it("takes a name with other words in it for no role", async () => {
    const settings =
      "DATABASES = {'default': {'ENGINE': os.environ.get('DIAMOND_DB_ENGINE', 'django.db.backends.sqlite3'), 'HOST': os.environ.get('DIAMOND_DB_HOST')}}\n";
    await decided({ settings, files: { "requirements.txt": "psycopg\n" } }, (_, values) => {
      assert.equal(values["database"], "postgres");
      assert.equal(values["env.DIAMOND_DB_HOST"], "$(PGHOST)");
    });
  });

  it("tells of another database with debug on", async () => {
    const settings =
      "DEBUG = os.environ.get('DEBUG') == '1'\nif DEBUG:\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\nelse:\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': os.environ['DB_HOST']}}\n";
    await decided({ settings }, ({ notes }, values) => {
      assert.equal(values["database"], "postgres");
      assert.deepEqual(notes, [
        "With debug on, the settings use SQLite (shop/settings.py:4), which goes with its pod: `pulumi config set debug false` makes them use Postgres",
      ]);
    });
  });

  it("gives the stack's Postgres to the variables that dynaconf reads DATABASES from", async () => {
    const files = {
      ".env": "DJANGO_DATABASES__default__HOST=db\nDJANGO_DATABASES__default__PASSWORD=db\n",
      "compose.yaml": "services: { web: { build: ., env_file: .env }, db: { image: postgres } }",
    };
    await decided(
      { settings: "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n", files },
      (_, values) => {
        assert.equal(values["env.DJANGO_DATABASES__default__HOST"], "$(PGHOST)");
        assert.equal(values["env.DJANGO_DATABASES__default__PASSWORD"], "$(PGPASSWORD)");
      },
    );
  });

  it("reads settings whose name no import of Python can have", async () => {
    const files = {
      ".env": "DJANGO_SETTINGS_MODULE=shop.production-ci\n",
      "shop/production-ci.py": "import os\nREGION = os.environ['REGION']\n",
    };
    await decided({ files }, ({ missing, notes }) => {
      assert.deepEqual(commandsOf(missing), ["pulumi config set --type string --path env.REGION VALUE"]);
      assert.doesNotMatch(notes.join("\n"), /is no module/);
    });
  });

  const naming = [
    "web: gunicorn --env DJANGO_SETTINGS_MODULE=shop.live shop.wsgi\n",
    "web: python manage.py migrate --settings shop.live && gunicorn shop.wsgi\n",
    "web: gunicorn shop.wsgi\nrelease: python manage.py migrate --settings=shop.live\n",
  ];
  for (const Procfile of naming) {
    it(`reads the settings that a command names, and gives them to all processes: ${Procfile.trim()}`, async () => {
      const files = { Procfile, "shop/live.py": "import os\nKEY = os.environ['LIVE_KEY']\n" };
      await decided({ files, dockerfile: undefined }, ({ missing }, values) => {
        assert.equal(values["env.DJANGO_SETTINGS_MODULE"], "shop.live");
        assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.LIVE_KEY VALUE"]);
      });
      await decided({ files: { ...files, ".env": "DJANGO_SETTINGS_MODULE=shop.settings\n" } }, (_decision, values) => {
        assert.equal(values["env.DJANGO_SETTINGS_MODULE"], "shop.settings");
      });
    });
  }

  it("reads the settings that a .env file names, which its processes then have", async () => {
    const files = {
      ".env": "DJANGO_SETTINGS_MODULE=shop.own\n",
      "shop/own.py": "import os\nKEY = os.environ['OWN_KEY']\n",
    };
    await decided({ files }, ({ missing }, values) => {
      assert.equal(values["env.DJANGO_SETTINGS_MODULE"], "shop.own");
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.OWN_KEY VALUE"]);
    });
  });

  it("tells of a script whose uWSGI only nginx understands", async () => {
    const files = { "start.sh": "#!/bin/sh\nexec uwsgi --socket :8001 --module shop.wsgi\n" };
    await decided({ files, dockerfile: "FROM x\nCOPY . .\nCMD ./start.sh\n" }, ({ notes }) => {
      assert.deepEqual(notes, [
        "uWSGI speaks its own protocol (start.sh:2), which only nginx understands, and a stack runs none: let it have --http-socket in place of --socket",
      ]);
    });
  });

  it("tells of a file of uWSGI's by which only nginx understands it", async () => {
    const dockerfile = 'FROM x\nWORKDIR /code\nCOPY . .\nCMD ["uwsgi", "--ini", "uwsgi.ini"]\n';
    const told = (where: string): string =>
      `uWSGI speaks its own protocol (${where}), which only nginx understands, and a stack runs none: let it have http-socket in place of socket`;
    const cases: [ini: string, notes: string[]][] = [
      ["[uwsgi]\nmodule = shop.wsgi\nsocket = :8001\n", [told("uwsgi.ini:3")]],
      ["[uwsgi]\nsocket = /run/shop.sock\n", [told("uwsgi.ini:2")]],
      ["[uwsgi]\nsocket = :8001\nhttp-socket = :8000\n", []],
      ["[uwsgi]\nsocket = :8001\nprotocol = http\n", []],
      ["[uwsgi]\nhttp = :8000\n", []],
    ];
    for (const [ini, expected] of cases) {
      await decided({ files: { "uwsgi.ini": ini }, dockerfile }, ({ notes }) => {
        assert.deepEqual(
          notes.filter((note) => note.startsWith("uWSGI")),
          expected,
        );
      });
    }
  });

  it("tells of an ENTRYPOINT whose uWSGI only nginx understands", async () => {
    await decided(
      { dockerfile: "FROM x\nCOPY . .\nENTRYPOINT uwsgi --socket :8001 --module shop.wsgi\n" },
      ({ notes }) => {
        assert.match(notes.join("\n"), /^uWSGI speaks its own protocol \(Dockerfile\), which only nginx understands/m);
      },
    );
  });

  it("says nothing of a uWSGI whose command is set to one that speaks HTTP", async () => {
    const files = {
      "entry.sh": '#!/bin/sh\nexec "$@"\n',
      "compose.yaml": "services: { web: { build: ., command: 'uwsgi --socket :8001 --module shop.wsgi' } }",
    };
    const dockerfile = 'FROM x\nCOPY . .\nENTRYPOINT ["./entry.sh"]\n';
    await decided({ files, dockerfile }, ({ notes }, values) => {
      assert.equal(values["command"], "uwsgi --http-socket :8001 --module shop.wsgi");
      assert.doesNotMatch(notes.join("\n"), /uWSGI/);
    });
  });

  it("reads other settings than those that only the image has, and says so", async () => {
    const what = {
      dockerfile:
        'FROM x\nCOPY . .\nRUN cp a shop/server.py\nENV DJANGO_SETTINGS_MODULE=shop.server\nCMD ["gunicorn", "shop.wsgi"]\n',
    };
    await decided(what, ({ notes }, values) => {
      assert.equal(values["env.DJANGO_SETTINGS_MODULE"], undefined);
      assert.deepEqual(notes, [
        "shop.server (Dockerfile) is no module of the project's files, so what it reads is not known; the above is of shop.settings",
      ]);
    });
  });

  it("tells of a Dockerfile that compose has outside of the project", async () => {
    const note =
      "Compose builds by ../docker/Dockerfile (deploy/compose.yaml:3), which is outside the project's folder, so a Dockerfile is written: to build by that one, copy it into the folder and name it with `pulumi config set dockerfile PATH`";
    const files = {
      "back/manage.py": manageFor("shop.settings"),
      "back/shop/settings.py": databases.sqlite,
      "back/requirements.txt": "django\n",
      "docker/Dockerfile": "FROM x\n",
      "deploy/compose.yaml":
        "services:\n  web:\n    build: { context: ../back, dockerfile: ../docker/Dockerfile }\n    command: gunicorn shop.wsgi\n",
    };
    await inFolder(files, (folder) => {
      const { notes } = decide({ value: "../shop", where: "" }, inspect(locate(folder), true), {
        target: "sandbox",
        debug: true,
        has: () => false,
      });
      assert.deepEqual(
        notes.filter((each) => each.startsWith("Compose builds")),
        [note],
      );
    });
  });

  it("asks for what makes settings those of a developer's machine in an example, unless debug is on", async () => {
    const settings = `${databases.sqlite}KIND = os.environ["ENVIRONMENT"]\n`;
    const files = { ".env.example": "ENVIRONMENT=local\n" };
    await decided({ settings, files }, (_decision, values) => {
      assert.equal(values["env.ENVIRONMENT"], "local");
    });
    await decided({ settings, files, debug: false }, ({ missing }) => {
      assert.deepEqual(commandsOf(missing), ["pulumi config set --type string --path env.ENVIRONMENT VALUE"]);
    });
  });

  it("says nothing of a database server where a function of the project reads it in a way that is not known", async () => {
    const settings = `
import dotenv
config = dotenv.dotenv_values()
def value_of(name):
    if config.get(name):
        return config.get(name)
    return os.environ[name]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": value_of("DB_NAME"), "HOST": value_of("DB_HOST")}}
`;
    await decided({ settings, files: { "requirements.txt": "psycopg\n" } }, ({ notes }, values) => {
      assert.deepEqual([values["env.DB_HOST"], notes], ["$(PGHOST)", []]);
    });
  });

  it("tells of a script that waits for a name of compose in Python", async () => {
    const files = {
      "start.sh": `#!/bin/sh
until python -c "import socket; socket.create_connection(('db', 5432))"; do sleep 1; done
exec gunicorn shop.wsgi
`,
      "compose.yaml": "services: { web: { build: . }, db: { image: postgres } }",
    };
    await decided({ files, dockerfile: "FROM x\nCOPY . .\nCMD ./start.sh\n" }, ({ notes }) => {
      assert.match(notes.join("\n"), /^The web process waits for db \(start\.sh:2\), a name that only compose has/m);
    });
  });

  it("tells of URLs with names of compose that a script sets", async () => {
    const files = {
      "start.sh":
        "#!/bin/sh\nexport REDIS_URL=redis://redis:6379\nexport DATABASE_URL=postgres://$USER:$PASS@db:5432/shop\nexec gunicorn shop.wsgi\n",
      "compose.yaml": "services: { web: { build: . }, redis: { image: redis }, db: { image: postgres } }",
    };
    const place = (name: string, line: number): string =>
      `The web process sets a URL of ${name} (start.sh:${line}), a name that only compose has: read the host from a variable, such as PGHOST or REDIS_HOST, or leave the line out, as a process is started again until its servers answer`;
    await decided({ files, dockerfile: "FROM x\nCOPY . .\nCMD ./start.sh\n" }, ({ notes }) => {
      assert.deepEqual(
        notes.filter((each) => each.startsWith("The web process")),
        [place("redis", 2), place("db", 3)],
      );
    });
  });

  it("starts a script of the root for a hosting platform where the image starts in manage.py's folder", async () => {
    const files = {
      Procfile: "web: bin/run.sh\n",
      "bin/run.sh": "#!/bin/sh\ncd back\nexec gunicorn shop.wsgi\n",
      "requirements.txt": "django\nwhitenoise\n",
      "back/manage.py": manageFor("shop.settings"),
      "back/shop/settings.py": `${databases.sqlite}MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n`,
    };
    await inFolder(files, (folder) => {
      const { settings } = decide({ value: "../shop", where: "" }, inspect(locate(folder), true), {
        target: "sandbox",
        debug: true,
        has: () => false,
      });
      assert.equal(settings.find(({ key }) => key === "command")?.value, "cd .. && exec bin/run.sh");
    });
  });

  it("tells of a Dockerfile that does not copy the project", async () => {
    await decided({ dockerfile: 'FROM x\nCOPY requirements.txt .\nCMD ["gunicorn", "shop.wsgi"]\n' }, ({ notes }) => {
      assert.deepEqual(notes, [
        "Dockerfile copies no manage.py, so the image would not have the project: add `COPY . .` to it, or name another one with `pulumi config set dockerfile PATH`",
      ]);
    });
  });

  it("tells of an image without the project, which compose has as a volume", async () => {
    const files = { "compose.yaml": 'services:\n  web:\n    build: .\n    volumes: ["./:/app"]\n' };
    await decided({ files, dockerfile: "FROM x\nCOPY requirements.txt .\nCMD gunicorn shop.wsgi\n" }, ({ notes }) => {
      assert.deepEqual(notes, [
        "Dockerfile copies no manage.py: compose mounts the project as a volume (compose.yaml:4), and a stack does not, so add `COPY . /app` to the Dockerfile",
      ]);
    });
  });

  it("names the settings that were found where manage.py or wsgi.py leaves them to a variable", async () => {
    const manage = "from django.core.management import execute_from_command_line\nexecute_from_command_line()\n";
    for (const files of [{ "manage.py": manage }, { "shop/wsgi.py": unnamed }]) {
      await decided({ files }, (_, values) => {
        assert.equal(values["env.DJANGO_SETTINGS_MODULE"], "shop.settings");
      });
    }
    // What chooses them is not known, and is not overruled.
    const chooses =
      'import os\nfrom choices import choice\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", choice())\n';
    for (const files of [{}, { "shop/wsgi.py": `${chooses}${unnamed}` }, { "manage.py": `${chooses}${manage}` }]) {
      await decided({ files }, (_, values) => {
        assert.equal(values["env.DJANGO_SETTINGS_MODULE"], undefined);
      });
    }
  });

  it("tells of a Django that runs on no Python of the Dockerfile that is written", async () => {
    const files = { "requirements.txt": "Django==1.10.5\n" };
    await decided({ dockerfile: undefined, files }, ({ notes }) => {
      assert.deepEqual(notes, [
        "Django 1.10.5 (requirements.txt) is too old for the Pythons that a Dockerfile of npm run init has, 3.9 and newer: name a newer Django, or edit the Dockerfile",
      ]);
    });
    await decided({ dockerfile: undefined, files: { "requirements.txt": "Django==2.2.28\n" } }, ({ notes }) => {
      assert.deepEqual(notes, []);
    });
  });

  const cases: [title: string, what: Case, expected: Record<string, string | undefined>][] = [
    [
      "no release where the image's command migrates",
      { dockerfile: "FROM x\nCMD python manage.py migrate && gunicorn shop.wsgi\n" },
      { release: undefined },
    ],
    [
      "the Python that the image's command names, as of Debian's packages",
      { dockerfile: "FROM x\nCMD python3 manage.py runserver 0.0.0.0:8000\n" },
      { release: "python3 manage.py migrate --noinput" },
    ],
    [
      "run by what runs the image's environment",
      { dockerfile: 'FROM x\nCMD ["uv", "run", "--no-sync", "gunicorn", "shop.wsgi"]\n' },
      { release: "uv run --no-sync python manage.py migrate --noinput" },
    ],
    [
      "that Python with Postgres as well",
      {
        settings: databases.url,
        dockerfile: 'FROM x\nCMD ["/opt/venv/bin/python", "manage.py", "runserver", "0.0.0.0:8000"]\n',
        files: { "requirements.txt": "psycopg\n" },
      },
      { database: "postgres", release: "/opt/venv/bin/python manage.py migrate --noinput" },
    ],
    [
      "the Python of the Dockerfile that is written, and not that of a developer",
      {
        dockerfile: undefined,
        files: { Procfile: "web: .venv/bin/python manage.py runserver\n", "requirements.txt": "django\n" },
      },
      { release: migrate },
    ],
    [
      "that Python with Postgres in place of a MySQL that no package reaches",
      {
        settings:
          "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='mysql://root@localhost/shop')}\n",
        dockerfile: 'FROM x\nCMD ["/opt/venv/bin/python", "manage.py", "runserver", "0.0.0.0:8000"]\n',
        files: { "requirements.txt": "psycopg\n" },
      },
      { database: "postgres", release: "/opt/venv/bin/python manage.py migrate --noinput" },
    ],
    [
      "no release where the image's entrypoint migrates",
      {
        dockerfile: 'FROM x\nCOPY entry.sh /\nENTRYPOINT ["/entry.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
        files: { "entry.sh": '#!/bin/sh\npython manage.py migrate\nexec "$@"\n' },
      },
      { release: undefined, command: undefined },
    ],
    [
      "no command where the entrypoint serves by itself",
      { dockerfile: 'FROM x\nENTRYPOINT ["gunicorn", "shop.wsgi", "-b", ":5000"]\n' },
      { command: undefined, port: "5000" },
    ],
    [
      "no command and no release where the entrypoint migrates and serves, whatever it is given",
      {
        settings: databases.url,
        dockerfile: 'FROM x\nCOPY . /srv\nENTRYPOINT ["/srv/deployment/start.sh"]\n',
        files: {
          "deployment/start.sh": '#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi "$@"\n',
          "requirements.txt": "psycopg\n",
        },
      },
      { command: undefined, database: "postgres", release: "none" },
    ],
    [
      "plain values of what is copied to the files of variables that compose names",
      {
        settings: `${databases.sqlite}A = os.environ["REGION"]\nB = os.environ["API_TOKEN"]\nC = os.environ["SIZE"]\nEMAIL_HOST = os.environ.get("EMAIL_HOST")\n`,
        files: {
          "env.d/common.dist": "REGION=north\nAPI_TOKEN=abc123\n",
          "env.d/web": "SIZE=2\n",
          "env.d/web.dist": "SIZE=1\n",
          "env.d/mail.dist": "EMAIL_HOST=mail\n",
          "compose.yaml":
            "services: { web: { build: ., env_file: [env.d/common, { path: env.d/web }, env.d/mail] }, mail: { image: mailhog/mailhog } }",
        },
      },
      { "env.REGION": "north", "env.SIZE": "2", "secretEnv.API_TOKEN": undefined, "env.EMAIL_HOST": undefined },
    ],
    [
      "what settings are that a variable of the image chooses, which it has itself",
      {
        settings: `from enum import Enum
class Kind(Enum):
    DEVELOPMENT = 1
    PRODUCTION = 2
kind = Kind[os.environ["SHOP_ENV"]]
SHOP_SIZE = os.environ["SHOP_SIZE"]
if kind == Kind.PRODUCTION:
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": os.environ["STORE"]}}
    SECURE_SSL_REDIRECT = True
elif kind == Kind.DEVELOPMENT:
    ${databases.sqlite}
`,
        dockerfile: "FROM x\nENV SHOP_ENV=PRODUCTION SHOP_SIZE=2\nCOPY . .\nCMD gunicorn shop.wsgi\n",
      },
      { database: "postgres", "env.STORE": "$(PGHOST)", "env.SHOP_ENV": undefined, "env.SHOP_SIZE": undefined },
    ],
    [
      "the port that EXPOSE names where the image's nginx is in front of the server",
      {
        dockerfile: 'FROM x\nCOPY . .\nEXPOSE 8000\nCMD ["bash", "run.sh"]\n',
        files: { "run.sh": "nginx -g 'daemon on;'\ngunicorn shop.wsgi -b 127.0.0.1:8001\n" },
      },
      { port: undefined },
    ],
    [
      "the port that EXPOSE names where a script starts nginx as a service",
      {
        dockerfile: 'FROM x\nCOPY . .\nEXPOSE 8000\nCMD ["bash", "run.sh"]\n',
        files: { "run.sh": "service nginx start\ngunicorn shop.wsgi -b 127.0.0.1:8001\n" },
      },
      { port: undefined },
    ],
    [
      "the values of the files that compose names, of several beside one another",
      {
        settings: `${databases.sqlite}A = os.environ["A"]\nB = os.environ["B"]\nC = os.environ["C"]\n`,
        files: {
          "docker/.local.env": "A=local\n",
          "docker/.staging.env": "A=staging\nB=staging\n",
          "docker/.db.env": "C=db\n",
          ".env.production": "D=production\n",
          "compose.yaml":
            "services: { web: { build: ., env_file: [docker/.local.env, .env] }, db: { image: postgres, env_file: docker/.db.env } }",
        },
      },
      { "env.A": "local", "env.B": undefined, "env.C": "db", "env.D": "production" },
    ],
    [
      "the values of files beside one that compose names for its database alone",
      {
        settings: `${databases.sqlite}A = os.environ["A"]\n`,
        files: {
          "web.env": "A=web\n",
          "db.env": "B=db\n",
          "compose.yaml":
            "services: { web: { build: ., env_file: web.local.env }, db: { image: postgres, env_file: db.env } }",
        },
      },
      { "env.A": "web", "env.B": "db" },
    ],
    [
      "no value of a file for builds",
      { settings: `${databases.sqlite}A = os.environ.get("REGION")\n`, files: { ".env-build": "REGION=north\n" } },
      { "env.REGION": undefined },
    ],
    [
      "the database whose driver is among the requirements that the Dockerfile copies, wherever they are",
      {
        settings: "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///db')}\n",
        dockerfile: "FROM x\nCOPY lib/pip/requirements.txt /tmp/\nCOPY . .\nCMD gunicorn shop.wsgi\n",
        files: { "lib/pip/requirements.txt": "django\npsycopg\n" },
      },
      { database: "postgres" },
    ],
    [
      "Postgres where the settings know it beside the MySQL that they take without a variable",
      {
        settings: `TYPE = os.environ.get("DB_TYPE", "mysql")
assert TYPE in {"mysql", "postgresql"}
KNOWN = {name: {"ENGINE": f"django.db.backends.{TYPE}", "HOST": os.environ.get("DB_HOST")} for name in ["mysql", "postgresql"]}
DATABASES = {"default": KNOWN[TYPE]}
`,
        files: { "requirements.txt": "django\npsycopg\nmysqlclient\n" },
      },
      { database: "postgres", "env.DB_TYPE": "postgresql", "env.DB_HOST": "$(PGHOST)" },
    ],
    [
      "MySQL where a file of the project says so, though the settings know Postgres",
      {
        settings: `TYPE = os.environ.get("DB_TYPE", "mysql")
assert TYPE in {"mysql", "postgresql"}
DATABASES = {"default": {"ENGINE": f"django.db.backends.{TYPE}", "HOST": os.environ.get("DB_HOST")}}
`,
        files: { "requirements.txt": "django\npsycopg\nmysqlclient\n", ".env": "DB_TYPE=mysql\n" },
      },
      { database: undefined },
    ],
    [
      "MySQL where compose runs it alone, though the settings know Postgres",
      {
        settings: `TYPE = os.environ.get("DB_TYPE", "mysql")
assert TYPE in {"mysql", "postgresql"}
DATABASES = {"default": {"ENGINE": f"django.db.backends.{TYPE}", "HOST": os.environ.get("DB_HOST")}}
`,
        files: {
          "requirements.txt": "django\npsycopg\nmysqlclient\n",
          "compose.yaml": "services: { db: { image: mariadb }, web: { build: ., environment: { DB_HOST: db } } }",
        },
      },
      { database: undefined, "env.DB_HOST": undefined },
    ],
    [
      "the values of DEBUG that a script of the image compares it with, where the settings read both",
      {
        settings: `${databases.sqlite}DEBUG = os.environ.get("DEBUG", "").lower() == "true"\n`,
        dockerfile: 'FROM x\nCOPY . .\nCMD ["./start.sh"]\n',
        files: {
          "start.sh":
            'if [ "$DEBUG" == "true" ]; then\n  python manage.py runserver\nelif [ "${DEBUG}" = false ]; then\n  gunicorn shop.wsgi\nfi\n',
        },
      },
      { debugValues: "true,false" },
    ],
    [
      "compose's server where the image's own command is another program",
      {
        dockerfile: 'FROM x\nCOPY . .\nCMD ["shop-hello"]\n',
        files: { "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi -b :5000 } }" },
      },
      { command: "gunicorn shop.wsgi -b :5000", port: "5000" },
    ],
    [
      "the image's own program where compose has a server for developers in its place",
      {
        dockerfile: 'FROM x\nCOPY . .\nCMD ["shop-serve"]\n',
        files: { "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi --reload } }" },
      },
      { command: undefined },
    ],
    [
      "the port and the migration of the target that make runs",
      {
        dockerfile: "FROM x\nCOPY . .\n",
        files: {
          Makefile: "run: migrate\n\tgunicorn shop.wsgi -b :5000\nmigrate:\n\tpython manage.py migrate\n",
          "compose.yaml": "services: { web: { build: ., command: make run } }",
        },
      },
      { command: "make run", port: "5000", release: undefined },
    ],
    [
      "no release of a Procfile, which such an entrypoint would not run",
      {
        settings: databases.url,
        dockerfile: 'FROM x\nCOPY . /srv\nENTRYPOINT ["/srv/start.sh"]\n',
        files: {
          "start.sh": "#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi\n",
          Procfile: "web: gunicorn shop.wsgi\nrelease: python manage.py migrate\n",
          "requirements.txt": "psycopg\n",
        },
      },
      { database: "postgres", release: "none" },
    ],
    [
      "the stack's Postgres for variables of any name that compose points to its own",
      {
        settings: databases.url,
        files: {
          "compose.yaml": `
services:
  db: { image: "postgres:17" }
  postgres: { image: "postgres:17" }
  web:
    build: .
    environment:
      SHOP_STORE: postgres://shop:x@db/shop
      SHOP_SECOND: postgres://postgres:postgres@postgres:5432/postgres
      SHOP_GIS: postgresql+asyncpg://shop:x@db:5432/shop
      SHOP_PG_SERVER: db:5432
      SHOP_KIND: db
      OTHER: postgres://shop:x@elsewhere.test/shop
`,
        },
      },
      {
        "env.SHOP_STORE": "$(DATABASE_URL)",
        "env.SHOP_SECOND": "$(DATABASE_URL)",
        "env.SHOP_GIS": "postgresql+asyncpg://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)",
        "env.SHOP_PG_SERVER": "$(PGHOST):$(PGPORT)",
        "env.SHOP_KIND": "db",
        "secretEnv.OTHER": "postgres://shop:x@elsewhere.test/shop",
      },
    ],
    [
      "no readiness path for a health check that opens a port",
      {
        dockerfile: "FROM x\nHEALTHCHECK CMD echo > /dev/tcp/127.0.0.1/8000\nCMD gunicorn shop.wsgi\n",
      },
      { readinessPath: undefined },
    ],
    [
      "no command for an entrypoint that is a program of its own",
      { dockerfile: 'FROM x\nENTRYPOINT ["/init"]\n' },
      { command: undefined },
    ],
    [
      "the port of uWSGI's file, where the image has that",
      {
        dockerfile: "FROM x\nCOPY . /app\nWORKDIR /app/deployment\nCMD uwsgi --ini uwsgi.ini\n",
        files: { "deployment/uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nhttp = :8080\n" },
      },
      { command: undefined, port: "8080" },
    ],
    [
      "the port of gunicorn's file, unless the command names one",
      {
        dockerfile: 'FROM x\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "-c", "conf/gunicorn.py", "shop.wsgi"]\n',
        files: { "conf/gunicorn.py": 'workers = 2\nbind = "0.0.0.0:9000"\n' },
      },
      { port: "9000" },
    ],
    [
      "the port of the file that gunicorn reads by itself",
      {
        dockerfile: 'FROM x\nWORKDIR /app\nCOPY . .\nCMD ["gunicorn", "shop.wsgi"]\n',
        files: { "gunicorn.conf.py": "bind = ['[::]:9001']\n" },
      },
      { port: "9001" },
    ],
    [
      "all addresses for a development server on 127.0.0.1",
      { dockerfile: "FROM x\nCMD python manage.py runserver\n" },
      { command: "python manage.py runserver 0.0.0.0:8000" },
    ],
    [
      "compose's command and port for an image without CMD",
      {
        dockerfile: "FROM x\n",
        files: { "compose.yaml": "services: { web: { build: ., command: 'gunicorn shop.wsgi -b :5000' } }" },
      },
      { command: "gunicorn shop.wsgi -b :5000", port: "5000" },
    ],
    ...["celery -A shop worker", "python manage.py migrate", "bash", "tail -f /dev/null"].map(
      (command): [string, Case, Record<string, string>] => [
        `compose's command for an image whose CMD is ${command}`,
        {
          dockerfile: `FROM x\nCOPY . .\nCMD ${command}\n`,
          files: { "compose.yaml": "services: { web: { build: ., command: 'gunicorn shop.wsgi' } }" },
        },
        { command: "gunicorn shop.wsgi" },
      ],
    ),
    [
      "no command for an image whose CMD is a script that nobody can read",
      {
        dockerfile: "FROM x\nCOPY . .\nCMD /start\n",
        files: { "compose.yaml": "services: { web: { build: ., command: 'gunicorn shop.wsgi' } }" },
      },
      { command: undefined },
    ],
    [
      "gunicorn for an image without CMD whose project depends on it",
      { dockerfile: "FROM x\n", files: { "requirements.txt": "gunicorn\n" } },
      { command: "gunicorn shop.wsgi:application --bind 0.0.0.0:8000" },
    ],
    [
      "the development server where nothing else is there",
      { dockerfile: "FROM x\n" },
      { command: "python manage.py runserver 0.0.0.0:8000" },
    ],
    [
      "no command, port and Dockerfile where a Dockerfile is written",
      { dockerfile: undefined, files: { Procfile: "web: gunicorn shop.wsgi -b :5000\n" } },
      { command: undefined, port: undefined, dockerfile: undefined },
    ],
    [
      "a Procfile's command there where the project serves its static files itself",
      {
        dockerfile: undefined,
        settings: `${databases.sqlite}MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n`,
        files: { Procfile: "web: gunicorn shop.wsgi -b :5000\n" },
      },
      { command: "gunicorn shop.wsgi -b :5000", port: "5000", dockerfile: undefined },
    ],
    ["a Procfile's release", { files: { Procfile: "release: ./release.sh\n" } }, { release: "./release.sh" }],
    [
      "the path of a health check",
      { dockerfile: `${dockerfile}HEALTHCHECK CMD curl -f http://localhost:8000/up || exit 1\n` },
      { readinessPath: "/up" },
    ],
    [
      "Postgres where its driver is installed and a URL decides",
      { settings: databases.url, files: { "requirements.txt": "psycopg[binary]\ndj-database-url\n" } },
      { database: "postgres", release: undefined },
    ],
    [
      "SQLite where the settings name nothing else, whatever is installed",
      { files: { "requirements.txt": "psycopg2\n" } },
      { database: "sqlite" },
    ],
    [
      "the database under the names that the settings read",
      {
        settings: databases.names,
        files: { "compose.yaml": "services: { web: { build: . }, db: { image: 'postgres:17' } }" },
      },
      {
        database: "postgres",
        "env.SQL_ENGINE": "django.db.backends.postgresql",
        "env.SQL_DATABASE": "$(PGDATABASE)",
        "env.SQL_HOST": "$(PGHOST)",
      },
    ],
    [
      "an engine as the settings read it, where they put Django's path before it",
      {
        settings: databases.names.replace(
          "os.environ.get('SQL_ENGINE', 'django.db.backends.sqlite3')",
          "'django.db.backends.{}'.format(os.environ.get('SQL_ENGINE', 'sqlite3'))",
        ),
        files: { "requirements.txt": "psycopg\n" },
      },
      { database: "postgres", "env.SQL_ENGINE": "postgresql" },
    ],
    [
      "a database's parts after the longest name that a database has",
      {
        settings: databases.url,
        files: {
          "requirements.txt": "psycopg[binary]\ndj-database-url\n",
          ".env": "POSTGRESQL_HOST=db\nPOSTGRES_DB_USER=shop\n",
        },
      },
      { "env.POSTGRESQL_HOST": "$(PGHOST)", "env.POSTGRES_DB_USER": "$(PGUSER)" },
    ],
    [
      "hosts with blanks",
      { settings: `${databases.sqlite}ALLOWED_HOSTS = os.environ['DJANGO_ALLOWED_HOSTS'].split(' ')\n` },
      { "env.DJANGO_ALLOWED_HOSTS": "$(ALLOWED_HOSTS_SPACED)" },
    ],
    [
      "hosts under another name",
      { settings: `${databases.sqlite}ALLOWED_HOSTS = os.environ['SHOP_HOSTS'].split(',')\n` },
      { "env.SHOP_HOSTS": "$(ALLOWED_HOSTS)" },
    ],
    [
      "no hosts where the name is given",
      { settings: `${databases.sqlite}ALLOWED_HOSTS = os.environ['ALLOWED_HOSTS'].split(',')\n` },
      { "env.ALLOWED_HOSTS": undefined },
    ],
    [
      "hosts and origins in JSON, also under the names that are given",
      {
        settings: `${databases.sqlite}import json\nALLOWED_HOSTS = json.loads(os.environ['ALLOWED_HOSTS'])\nCSRF_TRUSTED_ORIGINS = json.loads(os.environ['SHOP_CSRF_TRUSTED_ORIGINS'])\n`,
      },
      { "env.ALLOWED_HOSTS": '["*"]', "env.SHOP_CSRF_TRUSTED_ORIGINS": "[]" },
    ],
    [
      "the key under another name",
      { settings: `${databases.sqlite}SECRET_KEY = os.environ['SHOP_SECRET_KEY']\n` },
      { "env.SHOP_SECRET_KEY": "$(SECRET_KEY)" },
    ],
    [
      "a selector of the database that an example beside the compose file has",
      {
        settings:
          "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\nif os.getenv('DB') == 'postgres':\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': os.getenv('DB_HOST')}}\n",
        files: { "docker/.env.example": "DB=postgres\nDB_HOST=db\n", "requirements.txt": "psycopg\n" },
      },
      { database: "postgres", "env.DB": "postgres", "env.DB_HOST": "$(PGHOST)" },
    ],
    [
      "the file of the key under another name",
      { settings: `${databases.sqlite}SECRET_KEY = open(os.environ['SHOP_SECRET_KEY_FILE']).read()\n` },
      { "env.SHOP_SECRET_KEY_FILE": "$(SECRET_KEY_FILE)" },
    ],
    [
      "no key of another service",
      { settings: `${databases.sqlite}X = os.environ['STRIPE_SECRET_KEY'], os.environ['S3_SECRET_KEY_FILE']\n` },
      { "env.STRIPE_SECRET_KEY": undefined, "env.S3_SECRET_KEY_FILE": undefined },
    ],
    [
      "how DEBUG is read",
      { settings: `${databases.sqlite}DEBUG = os.environ.get('DEBUG') == 'True'\n` },
      { debugValues: "True,False" },
    ],
    [
      "values of .env, dollar signs kept",
      { files: { ".env": "PRICE='$(x)'\nDEBUG=1\nCOMPOSE_PROJECT_NAME=shop\n" } },
      { "env.PRICE": "$$(x)", "env.DEBUG": undefined, "env.COMPOSE_PROJECT_NAME": undefined },
    ],
    [
      "secrets of .env as secrets",
      { files: { ".env": "STRIPE_API_KEY=sk_1\n" } },
      { "secretEnv.STRIPE_API_KEY": "sk_1", "env.STRIPE_API_KEY": undefined },
    ],
    [
      "a plain value of .env.example for a variable that has none",
      {
        settings: `${databases.sqlite}X = os.environ['REGION']\n`,
        files: { ".env.example": "REGION=eu-north-1\nUNREAD=1\n" },
      },
      { "env.REGION": "eu-north-1", "env.UNREAD": undefined },
    ],
    [
      "the uid of a named user on a shared cluster",
      { target: "cluster", dockerfile: `FROM x\nRUN useradd --uid 1234 shop\nUSER shop\nCMD gunicorn shop.wsgi\n` },
      { runAsUser: "1234" },
    ],
    [
      "no uid on a cluster of one's own",
      { dockerfile: `FROM x\nRUN useradd --uid 1234 shop\nUSER shop\nCMD gunicorn shop.wsgi\n` },
      { runAsUser: undefined },
    ],
  ];
  for (const [title, what, expected] of cases) {
    it(`is ${title}`, async () => {
      await decided(what, (_, values) => {
        assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, values[key]])), expected);
      });
    });
  }

  const missing: [title: string, what: Case, commands: string[]][] = [
    [
      "a variable without a value anywhere",
      { settings: `${databases.sqlite}X = os.environ['REGION']\n` },
      ["pulumi config set --type string --path env.REGION VALUE"],
    ],
    [
      "a secret whose value is an example's",
      {
        settings: `${databases.sqlite}X = os.environ['API_TOKEN']\n`,
        files: { ".env.example": "API_TOKEN=abc123\n", ".env": "API_TOKEN=change-me\n" },
      },
      ["pulumi config set --secret --path secretEnv.API_TOKEN VALUE"],
    ],
    [
      "the server of MySQL",
      { settings: databases.mysql },
      [
        "pulumi config set --type string --path env.DB_HOST VALUE",
        "pulumi config set --secret --path secretEnv.DB_PASSWORD VALUE",
      ],
    ],
    [
      "the server of MySQL that a file has on the developer's machine",
      {
        settings: "import environ\nDATABASES = {'default': environ.Env().db(default='mysql://root@localhost/shop')}\n",
        files: { ".env": "DATABASE_URL=mysql://root:x@127.0.0.1:3306/shop\n", "requirements.txt": "mysqlclient\n" },
      },
      ["pulumi config set --secret --path secretEnv.DATABASE_URL VALUE"],
    ],
    ...["localhost:3306", "[::1]", "/run/mysqld/mysqld.sock"].map((host): [string, Case, string[]] => [
      `the server of MySQL that a file has as ${host}`,
      {
        settings: databases.mysql,
        files: { ".env": `DB_HOST=${host}\nDB_PASSWORD=x1\n`, "requirements.txt": "mysqlclient\n" },
      },
      ["pulumi config set --type string --path env.DB_HOST VALUE"],
    ]),
    [
      "a secret that only an example's value shows to be one",
      {
        settings: `${databases.sqlite}A = os.environ["MAIL"]\n`,
        files: { ".env.example": "MAIL=smtp://shop:x@mail\n" },
      },
      ["pulumi config set --secret --path secretEnv.MAIL VALUE"],
    ],
    [
      "a secret for which the image has what stands for one, and no other",
      {
        settings: `${databases.sqlite}A = os.environ["API_TOKEN"]\nB = os.environ["MAIL_TOKEN"]\nC = os.environ["BUCKET"]\n`,
        dockerfile: "FROM x\nENV API_TOKEN=changeme MAIL_TOKEN=abc BUCKET=example\nCOPY . .\nCMD gunicorn shop.wsgi\n",
      },
      ["pulumi config set --secret --path secretEnv.API_TOKEN VALUE"],
    ],
    [
      "no server of MySQL where only Postgres' driver is there, and settings take MySQL without a variable",
      {
        settings:
          "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='mysql://root@localhost/shop')}\n",
        files: { "requirements.txt": "psycopg\ndj-database-url\n" },
      },
      [],
    ],
    [
      "the server of Postgres on a shared cluster",
      {
        settings: databases.url,
        target: "cluster",
        set: ["runAsUser"],
        files: { "requirements.txt": "psycopg\ndj-database-url\n" },
      },
      ["pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME"],
    ],
    [
      "hosts in JSON on a shared cluster",
      {
        settings: `${databases.sqlite}import json\nALLOWED_HOSTS = json.loads(os.environ.get('ALLOWED_HOSTS', '[]'))\n`,
        target: "cluster",
        set: ["runAsUser"],
      },
      [`pulumi config set --type string --path env.ALLOWED_HOSTS '["HOST"]'`],
    ],
    [
      "nothing that the program gives",
      { settings: `${databases.sqlite}SECRET_KEY = os.environ['SECRET_KEY']\nP = os.environ['PORT']\n` },
      [],
    ],
  ];
  for (const [title, what, commands] of missing) {
    it(`leaves open ${title}`, async () => {
      await decided(what, (decision) => {
        assert.deepEqual(commandsOf(decision.missing), commands);
      });
    });
  }

  it("names in one line what a stack does not run", async () => {
    const files = {
      Procfile: "web: gunicorn shop.wsgi\nworker: celery -A shop worker\n",
      "requirements.txt": "redis\n",
    };
    await decided({ files }, ({ notes }, values) => {
      assert.deepEqual(notes, []);
      assert.equal(values["redis"], "namespace");
    });
  });

  it("leaves out names that the program refuses, and files that are no text", async () => {
    const files = { ".env": "1ST=x\nA-B=y\nC.D=z\nGOOD=1\n", "prod.env": Buffer.from("A=1\n", "utf16le") };
    await decided({ files }, ({ notes }, values) => {
      assert.deepEqual(
        Object.keys(values).filter((name) => name.startsWith("env.")),
        ["env.GOOD"],
      );
      assert.deepEqual(notes, [
        "Left out, since a variable's name has letters, digits and _ alone: 1ST (.env:1), A-B (.env:2), C.D (.env:3)",
        "Not understood, and left out: prod.env",
      ]);
    });
  });

  it("asks for a token in the URL of an index as a build secret, for a Dockerfile that it writes", async () => {
    const files = {
      "requirements.txt": "--index-url https://${PYPI_TOKEN}@pypi.example.com/simple\nDjango\n# ${NONE}\n",
    };
    await decided({ dockerfile: undefined, files }, ({ missing, notes }) => {
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path buildSecrets.PYPI_TOKEN VALUE"]);
      assert.deepEqual(notes, []);
    });
    await decided({ files }, ({ missing, notes }) => {
      assert.deepEqual(missing, []);
      assert.deepEqual(notes, [
        "requirements.txt has ${PYPI_TOKEN} in a URL: a RUN of Dockerfile gets it by `--mount=type=secret,id=PYPI_TOKEN` and `pulumi config set --secret --path buildSecrets.PYPI_TOKEN VALUE`",
      ]);
    });
  });

  it("reads files of PowerShell, which are in UTF-16", async () => {
    const text = (each: string) => Buffer.from(`\u{FEFF}${each}`, "utf16le");
    const files = { ".env": text("EMAIL_HOST=smtp.se\r\n"), "requirements.txt": text("Django==5.2\r\npsycopg\r\n") };
    await decided({ files, settings: databases.url }, (_, values) => {
      assert.equal(values["env.EMAIL_HOST"], "smtp.se");
      assert.equal(values["database"], "postgres");
    });
  });

  it("says where a Dockerfile is written and no file names the packages", async () => {
    const nothing = '[project]\nname = "shop"\n';
    const notesFor: [files: Record<string, string>, note: RegExp | undefined][] = [
      [
        { "pyproject.toml": nothing },
        /^No file names the project's dependencies: the Dockerfile installs django==\S+ alone$/,
      ],
      [{ "requirements.txt": "# later\n" }, /^requirements\.txt names no packages: without Django among them/],
      [{ "requirements.txt": "Django\n" }, undefined],
    ];
    for (const [files, note] of notesFor) {
      await decided({ dockerfile: undefined, files }, ({ notes }) => {
        assert.equal(notes.length, note === undefined ? 0 : 1);
        assert.match(notes[0] ?? "", note ?? /^$/);
      });
    }
  });
});
