import * as assert from "node:assert/strict";

import { inspected } from "./project";

const postgres = { host: "POSTGRES_HOST", name: "POSTGRES_DB", user: "POSTGRES_USER", password: "POSTGRES_PASSWORD" };

const cases: readonly (readonly [
  title: string,
  settings: string,
  kind: string | undefined,
  isConfigurable: boolean,
  variables: object,
])[] = [
  [
    "a written SQLite file",
    `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}`,
    "sqlite",
    false,
    {},
  ],
  [
    "a written engine with POSTGRES_*",
    `DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": os.environ.get("POSTGRES_HOST", "db"),
    "NAME": os.environ["POSTGRES_DB"],
    "USER": os.environ["POSTGRES_USER"],
    "PASSWORD": os.environ["POSTGRES_PASSWORD"],
    "PORT": 5432,
}}`,
    "postgres",
    true,
    postgres,
  ],
  [
    "a written engine at a written host",
    `DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db", "NAME": "postgres"}}`,
    "postgres",
    false,
    {},
  ],
  [
    "a URL in a variable whose name does not say so, in place of parts",
    `import dj_database_url
if os.environ.get("SHOP_DATABASE"):
    DATABASES = {"default": dj_database_url.parse(os.environ["SHOP_DATABASE"])}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}`,
    "postgres",
    true,
    { url: "SHOP_DATABASE" },
  ],
  [
    "an engine that a variable with a default names",
    `DATABASES = {"default": {
    "ENGINE": os.environ.get("SQL_ENGINE", "django.db.backends.sqlite3"),
    "NAME": os.environ.get("SQL_DATABASE", BASE_DIR / "db.sqlite3"),
    "HOST": os.environ.get("SQL_HOST", "localhost"),
    "PORT": os.environ.get("SQL_PORT", "5432"),
}}`,
    "sqlite",
    true,
    { engine: "SQL_ENGINE", name: "SQL_DATABASE", host: "SQL_HOST", port: "SQL_PORT" },
  ],
  [
    "the last part of an engine",
    `DATABASES = {"default": {
    "ENGINE": "django.db.backends." + os.environ.get("DB_ENGINE", "mysql"),
    "HOST": os.environ.get("DB_HOST"),
}}`,
    "mysql",
    true,
    { engine: "DB_ENGINE", host: "DB_HOST" },
  ],
  [
    "dj_database_url with a default",
    `import dj_database_url
DATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3")}`,
    "sqlite",
    true,
    { url: "DATABASE_URL" },
  ],
  [
    "dj_database_url that updates a written one",
    `import dj_database_url
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}
DATABASES["default"].update(dj_database_url.config(conn_max_age=500))`,
    "sqlite",
    true,
    { url: "DATABASE_URL" },
  ],
  [
    "env.db without a default",
    `import environ
DATABASES = {"default": environ.Env().db("DB_URL")}`,
    undefined,
    true,
    { url: "DB_URL" },
  ],
  [
    "a URL that decouple casts",
    `from decouple import config
from dj_database_url import parse as db_url
DATABASES = {"default": config("DATABASE_URL", default="mysql://root@db/shop", cast=db_url)}`,
    "mysql",
    true,
    { url: "DATABASE_URL" },
  ],
  [
    "Postgres where a variable is there, else SQLite",
    `if os.environ.get("POSTGRES_HOST"):
    DATABASES = {"default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("POSTGRES_HOST"),
        "NAME": os.environ.get("POSTGRES_DB"),
        "USER": os.environ.get("POSTGRES_USER"),
        "PASSWORD": os.environ.get("POSTGRES_PASSWORD"),
    }}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}`,
    "sqlite",
    true,
    postgres,
  ],
  [
    "a URL that is made of variables",
    `import dj_database_url
url = f"postgres://{os.environ['PGUSER']}:{os.environ['PGPASSWORD']}@{os.environ['PGHOST']}:5432/{os.environ['PGDATABASE']}"
DATABASES = {"default": dj_database_url.parse(url)}`,
    "postgres",
    true,
    { host: "PGHOST", name: "PGDATABASE", user: "PGUSER", password: "PGPASSWORD" },
  ],
];

describe("the default database", () => {
  for (const [title, settings, kind, isConfigurable, variables] of cases) {
    it(`is found with ${title}`, () => {
      const found = inspected(
        `import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent\n${settings}\n`,
      );
      assert.deepEqual(
        [found.database?.value, found.databaseIsConfigurable, found.databaseVariables],
        [kind, isConfigurable, variables],
      );
    });
  }

  it("has an engine as Django names it, and the line of DATABASES", () => {
    const { database, databaseEngine } = inspected(`
DATABASES = {
    "default": {"ENGINE": "django.contrib.gis.db.backends.postgis"},
}
`);
    assert.equal(databaseEngine, "django.contrib.gis.db.backends.postgis");
    assert.deepEqual(database, { value: "postgres", where: "shop/settings.py:2" });
  });

  it("has the variables of a MySQL that settings read in a function, beside a switch to SQLite", () => {
    const settings = `import os
def get_env(name):
    try:
        return os.environ[name]
    except KeyError:
        print(name)
if get_env("USE_SQLITE3") == "1":
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": get_env("MYSQL_DATABASE"), "HOST": get_env("MYSQL_HOST")}}
`;
    const found = inspected(settings);
    assert.deepEqual(
      [found.database?.value, found.databaseVariables],
      ["mysql", { host: "MYSQL_HOST", name: "MYSQL_DATABASE" }],
    );
  });

  it("is found where settings take a URL apart themselves", () => {
    const { databaseVariables, databaseIsConfigurable } = inspected(`
import os
from urllib.parse import urlsplit
url = urlsplit(os.environ.get("SHOP_DB_URL", "postgres://localhost/shop"))
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username, "HOST": url.hostname}}
`);
    assert.deepEqual([databaseVariables, databaseIsConfigurable], [{ url: "SHOP_DB_URL" }, true]);
  });

  it("stands beside the variables of caches and Celery", () => {
    const { redisVariables } = inspected(`
import os
REDIS = os.environ.get("REDIS_URL", "redis://redis:6379")
CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS + "/1"}}
CELERY_BROKER_URL = f"redis://{os.environ.get('REDIS_HOST')}:{os.environ.get('REDIS_PORT', 6379)}/0"
`);
    assert.deepEqual(redisVariables.map(({ name, part }) => [name, part]).sort(), [
      ["REDIS_HOST", "REDIS_HOST"],
      ["REDIS_PORT", "REDIS_PORT"],
      ["REDIS_URL", "REDIS_URL"],
    ]);
  });
});
