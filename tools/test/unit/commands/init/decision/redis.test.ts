import assert from "node:assert/strict";

import { below, commandsOf, decidedFor, type Project } from "./decided";

const second = "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/1";

describe("the Redis that init decides on", () => {
  const cases: [title: string, project: Project, expected: Record<string, string>][] = [
    [
      "is given under the names that broker, results and cache are read from, each with its number",
      {
        settings: `
CELERY_BROKER_URL = os.environ.get("BROKER", "redis://redis:6379/0")
CELERY_RESULT_BACKEND = os.environ["RESULTS"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ.get("CACHE", "redis://redis:6379/1")}}
`,
      },
      { BROKER: "$(REDIS_URL)", RESULTS: "$(REDIS_URL)", CACHE: second },
    ],
    [
      "is not given where a variable says how a cache uses it",
      {
        settings: `
CACHES = {"default": {
    "BACKEND": os.environ.get("CACHE_BACKEND", "django_redis.cache.RedisCache"),
    "LOCATION": os.environ["CACHE_AT"],
    "OPTIONS": {"CLIENT_CLASS": os.environ.get("CACHE_CLIENT", "django_redis.client.DefaultClient"), "SERIALIZER": os.environ["CACHE_WRITER"], "SENTINELS": [os.environ["REDIS_SENTINELS"]], "CONNECTION_POOL_KWARGS": {"max_connections": os.environ["REDIS_MAX_CONNECTIONS"]}},
}}
`,
      },
      { CACHE_AT: "$(REDIS_URL)" },
    ],
    [
      "is given in parts to channels, django-rq and a URL that settings make",
      {
        settings: `
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [(os.environ.get("WS_SERVER", "redis"), int(os.environ.get("WS_SERVER_PORT", 6379)))]}}}
RQ_QUEUES = {"default": {"HOST": os.environ.get("JOBS", "redis"), "PASSWORD": os.environ.get("JOBS_PASS", "")}}
BROKER_URL = "redis://:%s@%s:6379/0" % (os.environ.get("MQ_SECRET", ""), os.environ.get("MQ", "localhost"))
`,
      },
      {
        WS_SERVER: "$(REDIS_HOST)",
        WS_SERVER_PORT: "$(REDIS_PORT)",
        JOBS: "$(REDIS_HOST)",
        JOBS_PASS: "$(REDIS_PASSWORD)",
        MQ_SECRET: "$(REDIS_PASSWORD)",
        MQ: "$(REDIS_HOST)",
      },
    ],
    [
      "is given with its password where a variable is a URL without its scheme, in the settings or by its value in compose",
      {
        settings:
          "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': f\"redis://{os.getenv('CACHE_DEFAULT', 'localhost:6379/1')}\"}}\n",
        files: {
          "compose.yaml": `
services:
  web: { build: ., environment: { LOCKS: "jobs:6379/2" } }
  jobs: { image: "redis:7" }
`,
        },
      },
      {
        CACHE_DEFAULT: ":$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/1",
        LOCKS: ":$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/2",
      },
    ],
    [
      "is given with its password where only compose says that a variable is more than the host in a URL",
      {
        settings:
          "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://' + os.environ['CACHE_DEFAULT']}}\n",
        files: {
          "compose.yaml": `
services:
  web: { build: ., environment: { CACHE_DEFAULT: "jobs:6379/2" } }
  jobs: { image: "redis:7" }
`,
        },
      },
      { CACHE_DEFAULT: ":$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/2" },
    ],
    [
      "is given without its password where the settings put one before the address",
      {
        settings:
          'BROKER_URL = "redis://:%s@%s/0" % (os.environ.get("MQ_SECRET", ""), os.environ.get("MQ", "localhost:6379"))\n',
      },
      { MQ_SECRET: "$(REDIS_PASSWORD)", MQ: "$(REDIS_HOST)" },
    ],
    [
      "is not given to what a prefix of keys or the class of a backend is read from",
      {
        settings: `
CACHES = {"default": {"BACKEND": os.environ.get("CACHE_BACKEND", "django_redis.cache.RedisCache"), "LOCATION": os.environ["REDIS_SERVERS"], "KEY_PREFIX": "{}:cache".format(os.environ["REDIS_PREFIX"])}}
`,
      },
      { REDIS_SERVERS: "$(REDIS_URL)" },
    ],
    [
      "is given without a number where the settings add one",
      {
        settings:
          "REDIS = os.environ.get('REDIS_URL', 'redis://redis:6379')\nCACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': REDIS + '/1'}}\n",
      },
      { REDIS_URL: "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)" },
    ],
    [
      "needs nothing where the settings read what is given",
      { settings: "CELERY_BROKER_URL = os.environ.get('CELERY_BROKER_URL', 'redis://redis')\n" },
      {},
    ],
    [
      "is given to Celery's application",
      {
        settings: "",
        files: {
          "shop/celery.py":
            "import os\nfrom celery import Celery\napp = Celery('shop', broker=os.environ.get('TASKS', 'redis://redis'))\n",
        },
      },
      { TASKS: "$(REDIS_URL)" },
    ],
    [
      "is known by a URL that compose gives",
      {
        settings: "X = os.environ.get('QUEUE_ADDRESS')\n",
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi, environment: { QUEUE_ADDRESS: 'redis://cache:6379/1' } }, cache: { image: 'valkey/valkey:8' } }",
        },
      },
      { QUEUE_ADDRESS: second },
    ],
    [
      "leaves a variable that names something else",
      {
        settings:
          "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://redis'}}\nCELERY_RESULT_BACKEND = os.environ.get('RESULTS', 'django-db')\n",
      },
      {},
    ],
  ];
  for (const [title, project, expected] of cases) {
    it(title, async () => {
      await decidedFor(project, (values) => {
        assert.equal(values["redis"], "namespace");
        assert.deepEqual(below("env", values), expected);
      });
    });
  }

  it("is none where nothing needs it", async () => {
    const settings = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n";
    await decidedFor({ settings, files: { "requirements.txt": "celery\n" } }, (values) => {
      assert.equal(values["redis"], undefined);
    });
  });

  it("is not told of a server that settings take only without the variable", async () => {
    const settings = `def urls(url):
    if url is None:
        return ("redis://localhost:6379", "redis://localhost:6379")
    return (url, url)
CELERY_BROKER_URL, LAYER = urls(os.environ.get("QUEUE_REDIS"))
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [LAYER]}}}
`;
    await decidedFor({ settings }, (values, { notes }) => {
      assert.deepEqual([below("env", values), notes], [{ QUEUE_REDIS: "$(REDIS_URL)" }, []]);
    });
  });

  it("keeps the numbers of databases that an example of variables shows", async () => {
    const settings =
      "CACHE = os.environ['CACHE_REDIS_URL']\nQUEUE = os.environ['QUEUE_REDIS_URL']\nLOCKS = os.environ['LOCKS']\nCACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': CACHE}}\n";
    const files = {
      ".env-dist":
        "CACHE_REDIS_URL=redis://redis:6379/1\nQUEUE_REDIS_URL=redis://redis:6379/2\nLOCKS=redis://localhost/3\n",
    };
    await decidedFor({ settings, files }, (values) => {
      assert.deepEqual(below("env", values), {
        CACHE_REDIS_URL: "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/1",
        QUEUE_REDIS_URL: "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/2",
        LOCKS: "redis://:$(REDIS_PASSWORD)@$(REDIS_HOST):$(REDIS_PORT)/3",
      });
    });
  });

  it("is told of a server that stands in the settings, without its password", async () => {
    const settings =
      "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://:sec@ret/@redis:6379/1?password=secret'}}\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [('127.0.0.1', 6379)]}}}\n";
    await decidedFor({ settings }, (_, { notes }) => {
      assert.deepEqual(notes, [
        "The settings name the server redis://redis:6379/1 in their text (shop/settings.py:2): read it from REDIS_URL to use the stack's",
        "The settings name the server 127.0.0.1 in their text (shop/settings.py:3): read it from REDIS_URL to use the stack's",
      ]);
    });
  });
});

describe("the servers that a stack does not run", () => {
  const compose = `
services:
  web:
    build: .
    command: gunicorn shop.wsgi
    environment: { SEARCH: "http://es:9200", MAIL: mail, ES_JAVA: "1" }
  es: { image: "elasticsearch:8" }
  mail: { image: axllent/mailpit }
  proxy: { image: "nginx:1" }
  admin: { image: dpage/pgadmin4 }
`;

  it("are told with the variables that name them, which get no value of compose's", async () => {
    const settings = "SEARCH = os.environ['SEARCH']\nMAIL = os.environ.get('MAIL', 'localhost')\n";
    await decidedFor({ settings, files: { "compose.yaml": compose } }, (values, { notes, missing }) => {
      assert.deepEqual(below("env", values), { ES_JAVA: "1" });
      assert.deepEqual(commandsOf(missing), ["pulumi config set --type string --path env.SEARCH VALUE"]);
      assert.deepEqual(notes, [
        "Elasticsearch (es, compose.yaml:7): a stack runs none, so SEARCH has to name one that exists, as `pulumi config set --path env.SEARCH VALUE` does",
        "a mail server (mail, compose.yaml:8): a stack runs none, so MAIL has to name one that exists, as `pulumi config set --path env.MAIL VALUE` does",
        "Not run: proxy (a Service or an Ingress takes its place), admin (for developers)",
      ]);
    });
  });

  it("give way to the stack's Redis where the settings take one without the variable", async () => {
    const files = {
      "requirements.txt": "celery\nredis\n",
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi, environment: { BROKER: 'amqp://a:b@mq:5672/' } }, mq: { image: 'rabbitmq:4' } }",
    };
    const settings = "CELERY_BROKER_URL = os.environ.get('BROKER', 'redis://localhost:6379/0')\n";
    await decidedFor({ settings, files }, (values, { notes, missing }) => {
      assert.deepEqual([below("env", values), missing], [{ BROKER: "$(REDIS_URL)" }, []]);
      assert.deepEqual(notes, [
        "RabbitMQ (mq, compose.yaml:1): a stack runs none, so BROKER names the stack's Redis, as the settings do of their own accord",
      ]);
    });
  });

  it("are not those of packages that only another package needs", async () => {
    const lock = (names: string[]): string =>
      `version = 1\n[[package]]\nname = "shop"\nsource = { virtual = "." }\ndependencies = [${names.map((name) => `{ name = "${name}" }`).join(", ")}]\n` +
      '[[package]]\nname = "keys"\ndependencies = [{ name = "pymongo" }]\n[[package]]\nname = "pymongo"\n';
    const filesWith = (names: string[]): Record<string, string> => ({
      "uv.lock": lock(names),
      "pyproject.toml": `[project]\nname = "shop"\ndependencies = ${JSON.stringify(names)}\n`,
    });
    await decidedFor({ files: filesWith(["keys"]) }, (_, { notes }) => {
      assert.deepEqual(notes, []);
    });
    await decidedFor({ files: filesWith(["keys", "pymongo"]) }, (_, { notes }) => {
      assert.match(notes.join("\n"), /^MongoDB \(package pymongo\)/);
    });
    const compiled = { "requirements.in": "django\nkeys\n", "requirements.txt": "django==6.0\nkeys==1\npymongo==4\n" };
    await decidedFor({ files: compiled }, (_, { notes }) => {
      assert.deepEqual(notes, []);
    });
  });

  it("are named by the host of the broker's URL, whose parts are not the Redis' own", async () => {
    const settings = `
MQ = f"amqp://{os.getenv('MQ_USER', 'guest')}:{os.getenv('MQ_PASSWORD', 'guest')}@{os.getenv('MQ_HOST', 'mq')}:{os.getenv('MQ_PORT', '5672')}//"
CELERY_BROKER_URL = MQ
CELERY_RESULT_BACKEND = f"redis://:{os.getenv('KV_PASSWORD', '')}@{os.getenv('KV_HOST', 'redis')}:6379/2"
RESULT_BACKEND = f"mongodb://{os.getenv('MONGO_HOST', 'mongo')}/results"
`;
    const files = {
      "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi }, mq: { image: 'rabbitmq:4' } }",
    };
    await decidedFor({ settings, files }, (values, { notes }) => {
      assert.deepEqual(below("env", values), { KV_PASSWORD: "$(REDIS_PASSWORD)", KV_HOST: "$(REDIS_HOST)" });
      assert.deepEqual(notes, [
        "RabbitMQ (mq, compose.yaml:1): a stack runs none, so MQ_HOST has to name one that exists, as `pulumi config set --path env.MQ_HOST VALUE` does",
      ]);
    });
  });

  it("are advised as a secret where their URL is one", async () => {
    const settings = "CELERY_BROKER_URL = os.environ.get('CELERY_BROKER_URL', 'amqp://guest:guest@localhost//')\n";
    const files = {
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi, environment: { CELERY_BROKER_URL: 'amqp://a:b@mq:5672/' } }, mq: { image: 'rabbitmq:4' } }",
    };
    await decidedFor({ settings, files }, (_, { notes, missing }) => {
      const command = "pulumi config set --secret --path secretEnv.CELERY_BROKER_URL VALUE";
      assert.deepEqual(commandsOf(missing), [command]);
      assert.deepEqual(notes, [
        `RabbitMQ (mq, compose.yaml:1): a stack runs none, so CELERY_BROKER_URL has to name one that exists, as \`${command}\` does`,
      ]);
    });
  });

  it("are none where a file names a Redis in place of the broker that the settings have of their own accord", async () => {
    const settings = "CELERY_BROKER_URL = os.environ.get('CELERY_BROKER_URL', 'amqp://guest:guest@localhost//')\n";
    const files = {
      "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi }, redis: { image: 'redis:8' } }",
      ".env": "CELERY_BROKER_URL=redis://redis/0\n",
    };
    await decidedFor({ settings, files }, (values, { notes, missing }) => {
      assert.equal(values["redis"], "namespace");
      assert.deepEqual([missing, notes], [[], []]);
    });
  });

  it("are advised as a secret where compose has a password in their URL", async () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi, environment: { SEARCH: 'http://a:b4c5d6e7@search:9200' } }, search: { image: 'elasticsearch:9' } }",
    };
    await decidedFor({ settings: "SEARCH = os.environ.get('SEARCH', '')\n", files }, (_, { notes }) => {
      assert.deepEqual(notes, [
        "Elasticsearch (search, compose.yaml:1): a stack runs none, so SEARCH has to name one that exists, as `pulumi config set --secret --path secretEnv.SEARCH VALUE` does",
      ]);
    });
  });

  it("are told of a compose file that has servers alone", async () => {
    const files = { "compose.yaml": "services: { mq: { image: 'rabbitmq:4' }, db: { image: 'postgres:17' } }" };
    const settings = "CELERY_BROKER_URL = os.environ.get('BROKER_URL', 'amqp://guest@mq')\n";
    await decidedFor({ settings, files }, (values, { notes, missing }) => {
      assert.equal(values["redis"], undefined);
      assert.match(notes.join("\n"), /^RabbitMQ \(mq, compose\.yaml:1\): a stack runs none/m);
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.BROKER_URL VALUE"]);
    });
  });
});

describe("a Redis that settings read from a variable or from the file that another names", () => {
  it("is the variable's, as settings may refuse both", async () => {
    const settings = `
def read(name, default=None):
    file, value = os.environ.get(f"{name}_FILE"), os.environ.get(name)
    if file is not None and value is not None:
        raise ValueError(name)
    if file is None:
        return default if value is None else value
    return open(file).read()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": read("SHOP_REDIS_URL", "redis://localhost:6379")}}
`;
    await decidedFor({ settings }, (values, { notes }) => {
      assert.deepEqual(below("env", values), { SHOP_REDIS_URL: "$(REDIS_URL)" });
      assert.doesNotMatch(notes.join("\n"), /redis:\/\//);
    });
  });

  it("is not what names a queue", async () => {
    const settings = `
HUEY = {"name": os.environ.get("HUEY_QUEUE_NAME", "shop"), "url": os.environ.get("QUEUE_REDIS_URL", "redis://localhost:6379/0")}
`;
    await decidedFor({ settings }, (values) => {
      assert.deepEqual(below("env", values), { QUEUE_REDIS_URL: "$(REDIS_URL)" });
    });
  });

  it("is that of the settings without tests", async () => {
    const settings = `
import sys
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:6379"}}
if "test" in sys.argv or "pytest" in sys.modules:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
`;
    await decidedFor({ settings }, (values, { notes }) => {
      assert.equal(values["redis"], "namespace");
      assert.match(notes.join("\n"), /^The settings name the server redis:\/\/127\.0\.0\.1:6379 in their text/);
    });
  });
});

describe("a Redis whose host alone the settings read", () => {
  const noteIn = async (settings: string): Promise<string> => {
    let all = "";
    await decidedFor({ settings }, (_, { notes }) => (all = notes.join("\n")));
    return all;
  };

  const host = `CELERY_RESULT_BACKEND = f"redis://{os.getenv('REDIS_HOST', 'redis')}:6379/2"\n`;

  it("demands a password, which no settings have that read none", async () => {
    assert.equal(
      await noteIn(host),
      "The settings read the host of a Redis without a password (shop/settings.py:2), and the stack's demands one: read REDIS_PASSWORD as well, or REDIS_URL in place of both",
    );
  });

  it("is left alone where the password is read elsewhere, or a URL comes first", async () => {
    const password = `${host}REDIS_PASSWORD = os.getenv("REDIS_PASSWORD", "")\n`;
    const url = `REDIS_HOST = os.getenv("REDIS_HOST", "redis")\nBROKER_URL = os.getenv("REDIS_URL") or f"redis://{REDIS_HOST}:6379/2"\n`;
    assert.deepEqual([await noteIn(password), await noteIn(url)], ["", ""]);
  });
});
