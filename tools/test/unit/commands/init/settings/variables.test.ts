import * as assert from "node:assert/strict";

import { inspected, linesOf } from "./project";

/** What a settings file reads, by the way in which it reads. */
const cases: readonly (readonly [title: string, settings: string, lines: readonly string[]])[] = [
  [
    "os.environ and os.getenv",
    `
import os
A = os.environ["A"]
B = os.environ.get("B")
C = os.environ.get("C", "c")
D = os.getenv("D", default=1)
E = os.environ.get("E", None)
F = os.environ.get("F") or "f"
`,
    ["A!", "B", "C=c", "D=1", "E", "F"],
  ],
  [
    "a default of django-environ that is no number, which it takes as it is",
    `
import environ
env = environ.Env(A=(int, ""))
A = env.int("A")
B = env.int("B")
`,
    ["A=", "B!"],
  ],
  [
    "a number in another base than ten",
    `
from decouple import config
A = config("A", default="0o644", cast=lambda value: int(value, 8))
B = config("B", default="9", cast=lambda value: int(value, 8))
`,
    ["A=0o644", "B!"],
  ],
  [
    "what is needed only where nobody can say whether it is, beside what is taken otherwise",
    `
import os
from platform_tools import is_on_platform
if is_on_platform():
    A = os.environ["A"]
else:
    B = os.environ["B"]
`,
    ["A", "B!"],
  ],
  [
    "a try whose handlers end the program, which needs all that it reads",
    `
import os, sys
from django.core.exceptions import ImproperlyConfigured
try:
    A = os.environ["A"]
    B = os.environ["B"]
except KeyError as error:
    print("not set", error)
    sys.exit(1)
try:
    C = os.environ["C"]
    D = os.environ["D"]
except KeyError:
    raise ImproperlyConfigured("C and D")
try:
    E = os.environ["E"]
except KeyError:
    E = "e"
`,
    ["A!", "B!", "C!", "D!", "E"],
  ],
  [
    "names that are imported or given an alias",
    `
import os as system
from os import environ, getenv as g
env = environ
A = system.environ["A"]
B = g("B")
C = env.get("C", True)
`,
    ["A!", "B", "C=True"],
  ],
  [
    "django-environ",
    `
import environ
env = environ.Env(DEBUG=(bool, False), HOSTS=(list, []))
environ.Env.read_env(".env")
DEBUG = env("DEBUG")
HOSTS = env("HOSTS")
A = env("A")
B = env.int("B", default=3)
C = env.str("C", "c")
DATABASES = {"default": env.db(default="sqlite:///db.sqlite3")}
CACHES = {"default": env.cache("REDIS_URL")}
EMAIL = env.email_url()
`,
    ["DEBUG=False", "HOSTS=", "A!", "B=3", "C=c", "DATABASE_URL=sqlite:///db.sqlite3", "REDIS_URL!", "EMAIL_URL!"],
  ],
  [
    "decouple",
    `
from decouple import AutoConfig, Config, Csv, RepositoryEnv, config
A = config("A")
B = config("B", default="b")
C = config("C", cast=int, default=25)
D = Config(RepositoryEnv(".env"))("D", default="", cast=Csv())
E = AutoConfig(search_path="..").get("E", cast=lambda value: value.split(";"), default="x;y")
`,
    ["A!", "B=b", "C=25", "D=", "E=x;y"],
  ],
  [
    "dj-database-url",
    `
import dj_database_url as dj
DATABASES = {"default": dj.config(conn_max_age=600), "other": dj.config(env="OTHER_URL", default="sqlite:///x")}
`,
    ["DATABASE_URL", "OTHER_URL=sqlite:///x"],
  ],
  [
    "pydantic-settings",
    `
from typing import Optional
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

class Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="shop_", env_file=".env")
    secret_key: SecretStr
    port: int = 5432
    dsn: Optional[str] = None
    name: str = Field(default="shop", validation_alias="DB_NAME")

    @property
    def url(self):
        return f"postgres://{self.name}"

conf = Base()
SECRET_KEY = conf.secret_key.get_secret_value()
`,
    ["SHOP_SECRET_KEY!", "SHOP_PORT=5432", "SHOP_DSN", "DB_NAME=shop"],
  ],
  [
    "pydantic-settings with settings of their own for a part",
    `
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class Database(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DB_")
    host: str

class Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")
    debug: bool = False
    database: Database = Field(default_factory=Database)

conf = Base()
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": conf.database.host}}
`,
    ["DB_HOST!", "SHOP_DEBUG=False"],
  ],
  [
    "environs",
    `
from environs import Env, env as ready
env = Env()
env.read_env()
A = env("A")
B = env.bool("B", True)
with env.prefixed("MAIL_"):
    HOST = env("HOST", "localhost")
C = ready.list("C", default=[])
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
`,
    ["A!", "B=True", "MAIL_HOST=localhost", "C=", "DATABASE_URL!"],
  ],
  [
    "django-configurations",
    `
from configurations import Configuration, values
class Dev(Configuration):
    DEBUG = values.BooleanValue(True)
    SECRET_KEY = values.SecretValue()
    DATABASES = values.DatabaseURLValue("sqlite:///x")
    ADMIN = values.Value(environ_name="THE_ADMIN", environ_prefix="SHOP")
`,
    ["DJANGO_DEBUG=True", "DJANGO_SECRET_KEY!", "DATABASE_URL=sqlite:///x", "SHOP_THE_ADMIN"],
  ],
  [
    "a copy of the environment",
    `
import os
env = os.environ.copy()
if "A" in env:
    A = env["A"]
B = env.get("B", "b")
`,
    ["A=", "B=b"],
  ],
  [
    "django-configurations, with names that have no prefix and stand deep in a setting",
    `
from configurations import Configuration, values
class Dev(Configuration):
    DATABASES = {"default": {
        "ENGINE": values.Value("django.db.backends.postgresql", environ_name="DB_ENGINE", environ_prefix=None),
        "HOST": values.Value("localhost", environ_name="DB_HOST", environ_prefix=None),
    }}
    THROTTLES = {"burst": values.Value("20/minute", environ_name="BURST")}
`,
    ["DB_ENGINE=django.db.backends.postgresql", "DB_HOST=localhost", "DJANGO_BURST=20/minute"],
  ],
  [
    "functions of the project that are called with a name",
    `
import os
from django.core.exceptions import ImproperlyConfigured

def env_bool(name, default=False):
    return os.environ.get(name, str(default)).lower() == "true"

def required(name):
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"set {name}")

def optional(name):
    try:
        return os.environ[name]
    except KeyError:
        return None

get = lambda name, default=None: os.environ.get("SHOP_" + name, default)
A = env_bool("A")
B = required("B")
C = optional("C")
D = get("D", "d")
`,
    ["A=False", "B!", "C", "SHOP_D=d"],
  ],
  [
    "packages that are not known, by the names of their functions",
    `
from envparse import env
from shared.tools import get_env_value
A = env("A")
B = get_env_value("B", default="b")
C = get_env_value("not a variable")
`,
    ["A!", "B=b"],
  ],
  [
    "variables that are needed only where another one is set",
    `
import os
if os.environ.get("USE_S3") == "true":
    BUCKET = os.environ["BUCKET"]
if "SENTRY_DSN" in os.environ:
    DSN = os.environ["SENTRY_DSN"]
KEY = os.environ["KEY"] if os.environ.get("SIGNED") else None
`,
    ["USE_S3", "BUCKET=", "SENTRY_DSN=", "SIGNED", "KEY="],
  ],
  [
    "members of an enumeration, of which a variable chooses one",
    `
import os
from enum import Enum
class Storage(Enum):
    LOCAL = "local"
    S3 = "s3"
    @classmethod
    def of(cls, name):
        for one in cls:
            if one.value == name:
                return one
        raise ValueError(name)
storage = Storage(os.environ.get("STORAGE", "local"))
if storage == Storage.S3:
    BUCKET = os.environ["BUCKET"]
if storage == Storage.LOCAL:
    FOLDER = os.environ["FOLDER"]
if Storage["S3"] == Storage.S3:
    REGION = os.environ["REGION"]
OTHER = Storage[os.environ["OTHER"]]
`,
    ["STORAGE=local", "BUCKET=", "FOLDER!", "REGION!", "OTHER!"],
  ],
  [
    "what is read where an error is suppressed, which then is not needed",
    `
import contextlib, os
with contextlib.suppress(KeyError):
    A = os.environ["A"]
B = os.environ["B"]
`,
    ["A", "B!"],
  ],
  [
    "functions that assign to names of the module, and match statements",
    `
import os
HOST = None
def setup():
    global HOST
    HOST = os.environ.get("HOST", "localhost")
setup()
match HOST:
    case "localhost" | "127.0.0.1":
        A = os.environ["A"]
    case "db":
        B = os.environ["B"]
    case _:
        C = os.environ["C"]
`,
    ["HOST=localhost", "A!", "B=", "C="],
  ],
  [
    "variables that are needed with debug off",
    `
import os
DEBUG = os.environ.get("DEBUG") == "1"
if DEBUG:
    SECRET_KEY = "insecure"
else:
    SECRET_KEY = os.environ["SECRET_KEY"]
`,
    ["DEBUG", "SECRET_KEY!"],
  ],
  [
    "variables whose absence makes an error",
    `
import os
from django.core.exceptions import ImproperlyConfigured
SECRET_KEY = os.environ.get("SECRET_KEY")
A = os.environ.get("A").split(",")
B = int(os.environ.get("B", ""))
C = os.environ.get("C", "")
if not C:
    raise ImproperlyConfigured("C")
assert os.environ.get("D"), "D"
`,
    ["SECRET_KEY!", "A!", "B!", "C!", "D!"],
  ],
];

describe("the variables that settings read", () => {
  for (const [title, settings, lines] of cases) {
    it(`are found with ${title}`, () => {
      assert.deepEqual(linesOf(inspected(settings)), lines);
    });
  }

  it("have the file and the line where the settings ask for them, not that of a helper", () => {
    const files = {
      "shop/env.py": "import os\n\n\ndef env(name):\n    return os.environ.get(name)\n",
    };
    const { variables } = inspected("from .env import env\n\nA = {\n    'b': env('B'),\n}\n", files);
    assert.deepEqual(
      variables.map(({ where }) => where),
      ["shop/settings.py:4"],
    );
  });

  it("are secrets by their names or by a password in a URL", () => {
    const names = [
      ["SECRET_KEY", true],
      ["EMAIL_HOST_PASSWORD", true],
      ["SENTRY_DSN", true],
      ["STRIPE_API_TOKEN", true],
      ["RSA_PRIVATE", true],
      ["GOOGLE_CREDENTIALS", true],
      ["DATABASE_URL", true],
      ["CELERY_BROKER_URL", true],
      ["AWS_SECRET_ACCESS_KEY", true],
      ["AWS_ACCESS_KEY_ID", false],
      ["AWS_STORAGE_BUCKET_NAME", false],
      ["RECAPTCHA_PUBLIC_KEY", false],
      ["STRIPE_PUBLISHABLE_KEY", false],
      ["PASSWORD_RESET_TIMEOUT", false],
      ["SITE_URL", false],
      ["DEBUG", false],
    ] as const;
    const reads = names.map(([name]) => `os.environ.get("${name}")`).join("\n");
    const { variables } = inspected(`import os\n${reads}\nos.getenv("SOLR", "https://user:pass@solr:8983/")`);
    assert.deepEqual(
      variables.map(({ name, isSecret }) => [name, isSecret]),
      [...names, ["SOLR", true]],
    );
  });
});
