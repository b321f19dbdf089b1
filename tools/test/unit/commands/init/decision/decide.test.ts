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

  it("tells of static files that a web server beside the image served", async () => {
    const settings = `${databases.sqlite}INSTALLED_APPS = ["django.contrib.staticfiles"]\nROOT_URLCONF = "shop.urls"\n`;
    const note =
      "Nothing serves static files, such as the admin's style sheets: add WhiteNoise to MIDDLEWARE, or, with debug on, let Django do it with `pulumi config set command 'python manage.py runserver 0.0.0.0:8000'`";
    await decided({ settings }, ({ notes }) => {
      assert.deepEqual(notes, [note]);
    });
    const served: Case[] = [
      { settings: `${settings}MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n` },
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

  it("tells that no settings were found", async () => {
    await inFolder({ "manage.py": "import django\n", Dockerfile: dockerfile }, (folder) => {
      const { notes } = decide({ value: "../shop", where: "" }, inspect(locate(folder), true), {
        target: "sandbox",
        debug: true,
        has: () => false,
      });
      assert.deepEqual(notes, [
        "No settings module was found, so neither the variables that it reads nor its database are known: let manage.py name it, as `django-admin startproject` does",
      ]);
    });
  });

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

  it("reads other settings than those that only the image has, and says so", async () => {
    const what = {
      dockerfile:
        'FROM x\nRUN cp a shop/server.py\nENV DJANGO_SETTINGS_MODULE=shop.server\nCMD ["gunicorn", "shop.wsgi"]\n',
    };
    await decided(what, ({ notes }, values) => {
      assert.equal(values["env.DJANGO_SETTINGS_MODULE"], undefined);
      assert.deepEqual(notes, [
        "shop.server (Dockerfile) is no module of the project's files, so what it reads is not known; the above is of shop.settings",
      ]);
    });
  });

  it("tells of an image without the project, which compose has as a volume", async () => {
    const files = { "compose.yaml": 'services:\n  web:\n    build: .\n    volumes: ["./:/app"]\n' };
    await decided({ files, dockerfile: "FROM x\nCOPY requirements.txt .\nCMD gunicorn shop.wsgi\n" }, ({ notes }) => {
      assert.deepEqual(notes, [
        "Dockerfile copies no manage.py: compose mounts the project as a volume (compose.yaml:4), and a stack does not, so add `COPY . .` to the Dockerfile",
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
        dockerfile: 'FROM x\nCMD ["/usr/bin/python3", "manage.py", "runserver", "0.0.0.0:8000"]\n',
        files: { "requirements.txt": "psycopg\n" },
      },
      { database: "postgres", release: "python3 manage.py migrate --noinput" },
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
