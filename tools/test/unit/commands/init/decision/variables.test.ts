import assert from "node:assert/strict";

import { below, commandsOf, decidedFor } from "./decided";

const postgres = "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n";

describe("the variables that init decides on", () => {
  it("include the database's where only a script of the image reads them", async () => {
    const project = {
      settings: postgres,
      dockerfile:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./start.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
      files: {
        "requirements.txt": "psycopg\n",
        "start.sh":
          '#!/bin/sh\nuntil nc -z "$DATABASE_HOST" ${DB_PORT:-5432}; do sleep 1; done\necho "$GREETING"\nexec "$@"\n',
      },
    };
    await decidedFor(project, (values) => {
      assert.deepEqual(below("env", values), { DATABASE_HOST: "$(PGHOST)", DB_PORT: "$(PGPORT)" });
    });
    await decidedFor({ ...project, settings: "", files: { "start.sh": project.files["start.sh"] } }, (values) => {
      assert.deepEqual(below("env", values), {});
    });
  });

  it("keep a value that is the settings' own where a script reads it", async () => {
    const project = {
      settings: "DATABASE_WAIT = os.environ.get('WAIT', '5')\nPAGES = os.environ.get('PAGES', '9')\n",
      dockerfile: 'FROM x\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./start.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
      files: { ".env": "WAIT=5\nPAGES=9\n", "start.sh": '#!/bin/sh\nset -u\nsleep "$WAIT"\nexec "$@"\n' },
    };
    await decidedFor(project, (values) => {
      assert.deepEqual(below("env", values), { WAIT: "5" });
    });
  });

  it("leave the address of what serves pages beside the project as it is", async () => {
    const settings = `
FRONTEND_URL = os.environ.get("FRONTEND_URL", "https://shop.example")
CSRF_TRUSTED_ORIGINS = [FRONTEND_URL, os.environ.get("SITE_URL", "https://api.shop.example")]
`;
    const files = { ".env": "FRONTEND_URL=http://localhost:3000\n" };
    await decidedFor({ settings, files }, (values) => {
      assert.deepEqual(below("env", values), {
        SITE_URL: "$(CSRF_TRUSTED_ORIGINS)",
        FRONTEND_URL: "http://localhost:3000",
      });
    });
  });

  it("have no value of a file that only marks where one belongs", async () => {
    const settings =
      "import environ\nenv = environ.Env()\nA = env.bool('A')\nB = env('B', default='b')\nC = env('C')\n";
    const files = { ".env": "A=<<FROM_VAULT>>\nB=<your domain>\nC=<b>C</b>\n" };
    await decidedFor({ settings, files }, (values, { missing }) => {
      assert.deepEqual(below("env", values), { C: "<b>C</b>" });
      assert.deepEqual(commandsOf(missing), ["pulumi config set --type string --path env.A VALUE"]);
    });
  });

  it("are read as the image's own choice of settings has them", async () => {
    const project = {
      settings: `
if os.environ.get("ENV_CONFIG") == "1":
    ALLOWED_HOSTS = os.environ.get("HOSTS", "shop.example").split(",")
else:
    ALLOWED_HOSTS = ["shop.example"]
`,
      dockerfile: 'FROM x\nENV ENV_CONFIG=1\nCOPY . .\nCMD ["gunicorn", "shop.wsgi"]\n',
    };
    await decidedFor(project, (values, { notes }) => {
      assert.deepEqual([below("env", values), notes], [{ HOSTS: "$(ALLOWED_HOSTS)" }, []]);
    });
  });

  it("are no hosts of the page where they say whom a login may lead to, or are a host alone", async () => {
    const settings = `
LOGIN_HOSTS = os.environ.get("OIDC_REDIRECT_ALLOWED_HOSTS", "")
DOMAIN = os.environ.get("DOMAIN", "shop.example")
CSRF_TRUSTED_ORIGINS = [DOMAIN]
`;
    await decidedFor({ settings }, (values) => {
      assert.deepEqual(below("env", values), {});
    });
  });

  it("are hosts where origins are the same list, and have no parts of a database alone", async () => {
    const settings = `${postgres}
ALLOWED_HOSTS = os.environ.get("HOSTS", "").split(",")
CSRF_TRUSTED_ORIGINS = ALLOWED_HOSTS
if os.environ.get("STAGE"):
    DATABASES = {"default": {"NAME": os.environ.get("RDS_DB_NAME"), "HOST": os.environ.get("RDS_DB_HOST")}}
`;
    await decidedFor({ settings, files: { "requirements.txt": "psycopg\n" } }, (values) => {
      assert.deepEqual(below("env", values), {
        HOSTS: "$(ALLOWED_HOSTS)",
        RDS_DB_NAME: "$(PGDATABASE)",
        RDS_DB_HOST: "$(PGHOST)",
      });
    });
  });

  it("are the stack's key where the settings take it as it is, under any name", async () => {
    const settings = "SECRET_KEY = os.environ['APP_KEY']\nOTHER = os.environ.get('OTHER_KEY', '')\n";
    await decidedFor({ settings }, (values, { missing }) => {
      assert.deepEqual([below("env", values), missing], [{ APP_KEY: "$(SECRET_KEY)" }, []]);
    });
    const made = "SECRET_KEY = 'shop-' + os.environ['APP_KEY']\n";
    await decidedFor({ settings: made }, (values, { missing }) => {
      assert.deepEqual(below("env", values), {});
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.APP_KEY VALUE"]);
    });
  });

  it("are not debug where the stack's is the name of an environment", async () => {
    const settings = `
ENV = os.environ.get("DJANGO_ENV", "production")
DEBUG = ENV == "development"
if ENV == "production":
    pass
MAIL_DEBUG = os.environ.get("MAIL_DEBUG", "False") == "True"
`;
    await decidedFor({ settings }, (values) => {
      assert.deepEqual(below("env", values), { DJANGO_ENV: "$(DEBUG)" });
    });
  });

  it("have no value of an example that only says their name", async () => {
    const settings = "A = os.environ.get('MAIL_SENDER')\nB = os.environ.get('REGION')\n";
    await decidedFor({ settings, files: { ".env.example": "MAIL_SENDER=mail sender\nREGION=eu\n" } }, (values) => {
      assert.deepEqual(below("env", values), { REGION: "eu" });
    });
  });

  it("come with the migrations that a release leaves out which only collects static files", async () => {
    const release = async (line: string): Promise<string | undefined> => {
      let found: string | undefined;
      const files = { "requirements.txt": "psycopg\n", Procfile: `web: gunicorn shop.wsgi\nrelease: ${line}\n` };
      await decidedFor({ settings: postgres, files }, (values) => {
        found = values["release"];
      });
      return found;
    };
    assert.equal(
      await release("python manage.py collectstatic --noinput"),
      "python manage.py collectstatic --noinput && python manage.py migrate --noinput",
    );
    assert.equal(
      await release("python manage.py migrate && python manage.py loaddata a"),
      "python manage.py migrate && python manage.py loaddata a",
    );
    assert.equal(await release("./release.sh"), "./release.sh");
    assert.equal(await release('echo "Done"'), 'echo "Done" && python manage.py migrate --noinput');
  });

  it("have a URL from an example where it names no server", async () => {
    const settings = "A = os.environ['DATABASE_URL']\nB = os.environ['CACHE_URL']\nC = os.environ['QUEUE_URL']\n";
    const files = {
      ".env.example": "DATABASE_URL=sqlite:///shop.db\nCACHE_URL=locmemcache://\nQUEUE_URL=amqp://shop:hidden@mq/\n",
    };
    await decidedFor({ settings, files }, (values, { missing }) => {
      assert.deepEqual(below("env", values), { DATABASE_URL: "sqlite:///shop.db", CACHE_URL: "locmemcache://" });
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.QUEUE_URL VALUE"]);
    });
  });

  it("come with a release by the Python whose path a variable of the image begins", async () => {
    const dockerfile =
      'FROM x\nENV HOME=/srv\nWORKDIR /app\nCOPY . .\nCMD ["bash", "-c", "${HOME}/.venv/bin/python manage.py serve"]\n';
    await decidedFor({ settings: postgres, dockerfile, files: { "requirements.txt": "psycopg\n" } }, (values) => {
      assert.equal(values["release"], "/srv/.venv/bin/python manage.py migrate --noinput");
    });
  });

  it("are left out where a line of a file is empty and nothing reads them", async () => {
    const files = {
      "requirements.txt": "psycopg\n",
      ".env": "WEB_CONCURRENCY=\nTITLE=\nLABEL=\nREGION=eu\nDB_PASSWORD=\n",
      "start.sh": 'echo "$LABEL"\nexec gunicorn shop.wsgi\n',
      "compose.yaml": "services: { web: { build: ., command: ./start.sh, environment: { SIZE: '' } } }",
    };
    const dockerfile = "FROM x\nWORKDIR /app\nCOPY . .\n";
    await decidedFor(
      { settings: `${postgres}TITLE = os.environ["TITLE"]\n`, dockerfile, files },
      (values, { missing }) => {
        assert.deepEqual(below("env", values), { LABEL: "", REGION: "eu", SIZE: "", DB_PASSWORD: "$(PGPASSWORD)" });
        assert.deepEqual(
          missing.map(({ name }) => name),
          ["TITLE"],
        );
      },
    );
  });

  it("are not those that a script gives their values itself", async () => {
    const files = {
      "requirements.txt": "psycopg\n",
      "start.sh": `
db_host="\${DB_HOST:-db}"
for pg_port in 1 2; do
  until nc -z "$db_host" "$pg_port"; do sleep 1; done
done
exec gunicorn shop.wsgi
`,
    };
    const dockerfile = 'FROM x\nWORKDIR /app\nCOPY . .\nCMD ["./start.sh"]\n';
    await decidedFor({ settings: postgres, dockerfile, files }, (values) => {
      assert.deepEqual(below("env", values), { DB_HOST: "$(PGHOST)" });
    });
  });

  it("are left where they give one host beside localhost", async () => {
    const settings = 'ALLOWED_HOSTS = ["localhost", os.environ.get("DOMAIN", "shop.example")]\n';
    await decidedFor({ settings }, (values, { notes }) => {
      assert.deepEqual([below("env", values), notes], [{}, []]);
    });
    await decidedFor({ settings: settings.replace('"localhost", ', "") }, (values) => {
      assert.deepEqual(below("env", values), { DOMAIN: "*" });
    });
  });

  it("have no value of a file for tests of the whole", async () => {
    const files = { ".env.e2e": "REGION=test\n", ".env.local": "REGION=eu\n" };
    await decidedFor({ settings: "REGION = os.environ['REGION']\n", files }, (values) => {
      assert.deepEqual(below("env", values), { REGION: "eu" });
    });
  });

  it("are not asked for where Kubernetes gives them", async () => {
    await decidedFor({ settings: "IS_CLUSTER = os.environ.get('KUBERNETES_SERVICE_HOST')\n" }, (_, { notes }) => {
      assert.deepEqual(notes, []);
    });
  });

  it("come with compose's command where the image starts a server of another kind to log in to", async () => {
    const project = {
      dockerfile: 'FROM x\nWORKDIR /app\nCOPY . .\nCMD ["/usr/sbin/sshd", "-D"]\n',
      files: { "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi } }" },
    };
    await decidedFor(project, (values) => {
      assert.equal(values["command"], "gunicorn shop.wsgi");
    });
  });
});
