import assert from "node:assert/strict";

import { below, commandsOf, decidedFor, type Project } from "./decided";

const celery = `import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
`;
const withSchedule = { "shop/celery.py": celery, "shop/settings.py": "CELERY_BEAT_SCHEDULE = {'a': {}}\n" };
const grace = "terminationGraceSeconds";

type Case = [title: string, project: Project, expected: Record<string, string>];

describe("the processes that init decides on", () => {
  const cases: Case[] = [
    [
      "are compose's, with a list of words, an entrypoint, replicas and the time to end",
      {
        files: {
          "compose.yaml": `
services:
  web: { build: ., command: gunicorn shop.wsgi }
  celery_worker:
    build: .
    command: ["celery", "-A", "shop", "worker", "-n", "a b"]
    deploy: { replicas: 3 }
    stop_grace_period: 1m30s
  celery-beat: { build: ., entrypoint: celery -A shop, command: beat }
  flower: { build: ., command: celery -A shop flower, ports: ["5556:5555"] }
`,
        },
      },
      {
        "celery-worker.command": "celery -A shop worker -n 'a b'",
        "celery-worker.replicas": "3",
        [`celery-worker.${grace}`]: "90",
        "celery-beat.command": "celery -A shop beat",
        "celery-beat.singleton": "true",
        "flower.command": "celery -A shop flower",
        "flower.port": "5555",
        "flower.healthPath": "/healthcheck",
      },
    ],
    [
      "are no line of a Procfile that starts what a script of compose does",
      {
        files: {
          ...withSchedule,
          Procfile:
            "web: gunicorn shop.wsgi\nworker: celery -A shop worker\nbeat: celery -A shop beat\nmail: ./mail.sh\n",
          "start-worker.sh": "#!/bin/sh\nexec celery -A shop worker\n",
          "start-beat.sh": "#!/bin/sh\nexec celery -A shop beat\n",
          "compose.yaml": `
services:
  web: { build: . }
  jobs: { build: ., command: ./start-worker.sh }
  clock: { build: ., command: ./start-beat.sh }
`,
        },
      },
      {
        "jobs.command": "./start-worker.sh",
        [`jobs.${grace}`]: "60",
        "clock.command": "./start-beat.sh",
        "clock.singleton": "true",
        "mail.command": "./mail.sh",
      },
    ],
    [
      "are what their names say where their scripts do not, so that there is no second beat",
      {
        files: {
          ...withSchedule,
          "compose.yaml": `
services:
  web: { build: . }
  celery: { build: ., command: start jobs }
  celerybeat: { build: ., command: start clock }
`,
        },
      },
      {
        "celery.command": "start jobs",
        [`celery.${grace}`]: "60",
        "celerybeat.command": "start clock",
        "celerybeat.singleton": "true",
      },
    ],
    [
      "are not what their names say where their commands say something else",
      {
        files: {
          ...withSchedule,
          "compose.yaml": `
services:
  web: { build: . }
  mail-worker: { build: ., command: python manage.py send_mail }
  heartbeat: { build: ., command: start ping }
`,
        },
      },
      {
        "mail-worker.command": "python manage.py send_mail",
        "heartbeat.command": "start ping",
        "worker.command": "celery -A shop worker --loglevel info --concurrency 2",
        [`worker.${grace}`]: "60",
        "beat.command": "celery -A shop beat --loglevel info --schedule /tmp/celerybeat-schedule",
        "beat.singleton": "true",
      },
    ],
    [
      "are of an application in a module such as celery_init",
      { files: { "shop/celery_init.py": celery } },
      {
        "worker.command": "celery -A shop.celery_init worker --loglevel info --concurrency 2",
        [`worker.${grace}`]: "60",
      },
    ],
    [
      "are a Procfile's, with one clock",
      {
        files: {
          Procfile:
            "web: gunicorn shop.wsgi\nrelease: python manage.py migrate\nworker: python manage.py rqworker\nclock: python clock.py\n",
        },
      },
      {
        "worker.command": "python manage.py rqworker",
        [`worker.${grace}`]: "60",
        "clock.command": "python clock.py",
        "clock.singleton": "true",
      },
    ],
    [
      "are run by what runs the image's environment",
      {
        settings: 'INSTALLED_APPS = ["django_q"]\n',
        dockerfile: 'FROM x\nCOPY . .\nCMD ["poetry", "run", "gunicorn", "shop.wsgi"]\n',
      },
      { "qcluster.command": "poetry run python manage.py qcluster", [`qcluster.${grace}`]: "60" },
    ],
    [
      "are a Procfile's beside compose's only where those do something else",
      {
        files: {
          Procfile: "web: gunicorn shop.wsgi\nworker: celery -A shop worker\nlisten: python manage.py listen\n",
          "compose.yaml":
            "services: { web: { build: . , command: gunicorn shop.wsgi }, celery: { build: ., command: celery -A shop worker } }",
        },
      },
      {
        "celery.command": "celery -A shop worker",
        [`celery.${grace}`]: "60",
        "listen.command": "python manage.py listen",
      },
    ],
    [
      "are a Procfile's only where compose runs another script, of which a scheduler is one alone",
      {
        files: {
          Procfile: "web: gunicorn shop.wsgi\nshort: ./run.sh jobs/short.py --all\ntimer: ./run.sh cron-scheduler.py\n",
          "compose.yaml":
            "services: { web: { build: . , command: gunicorn shop.wsgi }, rq-sched: { build: ., command: python cron-scheduler.py }, long: { build: ., command: python jobs/long.py } }",
        },
      },
      {
        "rq-sched.command": "python cron-scheduler.py",
        "rq-sched.singleton": "true",
        "long.command": "python jobs/long.py",
        "short.command": "./run.sh jobs/short.py --all",
      },
    ],
    [
      "are a Procfile's too where compose runs a script of the same name in another folder",
      {
        files: {
          Procfile: "web: gunicorn shop.wsgi\nout: python exporter/main.py\nlike: ./run.sh importer/main.py\n",
          "compose.yaml":
            "services: { web: { build: . , command: gunicorn shop.wsgi }, in: { build: ., command: python /app/importer/main.py } }",
        },
      },
      { "in.command": "python /app/importer/main.py", "out.command": "python exporter/main.py" },
    ],
    [
      "are a Procfile's only where compose has manage.py do something else",
      {
        files: {
          Procfile: "web: gunicorn shop.wsgi\nworker: python manage.py runstator\nother: python manage.py runother\n",
          "compose.yaml":
            'services: { web: { build: . , command: gunicorn shop.wsgi }, stator: { build: ., command: ["/app/manage.py", "runstator"] } }',
        },
      },
      { "stator.command": "/app/manage.py runstator", "other.command": "python manage.py runother" },
    ],
    [
      "are not what a script of the web process starts beside the server",
      {
        dockerfile: 'FROM x\nCOPY . .\nCMD ["./start.sh"]\n',
        files: {
          ...withSchedule,
          "start.sh": "celery -A shop worker &\ncelery -A shop beat &\nexec gunicorn shop.wsgi\n",
        },
      },
      {},
    ],
    [
      "are not what a script of the web process starts in the background, in other ways",
      {
        dockerfile: 'FROM x\nCOPY . .\nCMD ["./start.sh"]\n',
        files: {
          ...withSchedule,
          "start.sh": "celery -A shop beat --detach\ngunicorn shop.wsgi > log 2>&1 &\ncelery -A shop worker\n",
        },
      },
      {},
    ],
    ...[
      'case "$1" in\n  worker) exec celery -A shop worker ;;\n  beat) exec celery -A shop beat ;;\n  *) exec gunicorn shop.wsgi ;;\nesac\n',
      'if [ "$1" = worker ]; then\n  celery -A shop worker && echo 2>&1\nelif [ "$1" = beat ]; then\n  exec celery -A shop beat\nfi\nexec gunicorn shop.wsgi\n',
    ].map((script): Case => [
      `are what a script of the web process starts in place of the server: ${script.slice(0, 4)}`,
      { dockerfile: 'FROM x\nCOPY . .\nCMD ["./start.sh"]\n', files: { ...withSchedule, "start.sh": script } },
      {
        "worker.command": "celery -A shop worker --loglevel info --concurrency 2",
        [`worker.${grace}`]: "60",
        "beat.command": "celery -A shop beat --loglevel info --schedule /tmp/celerybeat-schedule",
        "beat.singleton": "true",
      },
    ]),
    [
      "are a Procfile's without the web process of another name, and the servers of a developer's machine",
      {
        dockerfile: "FROM x\nCOPY . .\n",
        files: {
          Procfile:
            "django: python manage.py runserver\nredis: redis-server --port 6379\nmail: exec env A=1 bin/mailpit\ndb: docker compose up db\nwork: celery -A shop worker\n",
        },
      },
      { "work.command": "celery -A shop worker", [`work.${grace}`]: "60" },
    ],
    [
      "are a Procfile's with a server that is no web process by its name",
      { files: { Procfile: "live: daphne shop.asgi:application\nwork: python manage.py listen\n" } },
      {
        "live.command": "daphne shop.asgi:application",
        "live.port": "8000",
        "work.command": "python manage.py listen",
      },
    ],
    [
      "are a Procfile's in the root of the project, where an image starts in the folder of manage.py",
      {
        manageFolder: "src",
        dockerfile: undefined,
        files: {
          Procfile:
            "web: gunicorn shop.wsgi\na: ./src/manage.py listen\nb: cd src && python work.py\nc: python -m work --path=src\nd: celery -A shop worker\n",
          "requirements.txt": "django\n",
        },
      },
      {
        "a.command": "cd .. && exec ./src/manage.py listen",
        "b.command": "cd .. && cd src && python work.py",
        "c.command": "cd .. && exec python -m work --path=src",
        "d.command": "celery -A shop worker",
        [`d.${grace}`]: "60",
      },
    ],
    [
      "are told by the targets that compose's commands have make run, as is the web process",
      {
        settings: 'INSTALLED_APPS = ["django_q"]\n',
        dockerfile: "FROM x\nCOPY . .\n",
        files: {
          Makefile: `.PHONY: serve queue
NAME := shop
wait:
\tsleep 1
serve: wait  ## Production
\t@python manage.py migrate
\tgunicorn $(NAME).wsgi \\
\t\t--bind :8814
queue:
\texec python manage.py qcluster
`,
          "compose.yaml":
            "services: { web: { build: ., command: make serve }, queue: { build: ., command: make -f Makefile queue } }",
        },
      },
      { "queue.command": "make -f Makefile queue", [`queue.${grace}`]: "60" },
    ],
    [
      "are told by the Makefile that the image has",
      {
        settings: 'INSTALLED_APPS = ["django_q"]\n',
        manageFolder: "backend",
        dockerfile: "FROM x\nWORKDIR /app\nCOPY backend .\n",
        files: {
          Makefile: "queue:\n\tdocker compose run queue\n",
          "backend/Makefile": "all: queue\nqueue: all\n\tpython manage.py qcluster\n",
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, queue: { build: ., command: make all } }",
        },
      },
      { "queue.command": "make all", [`queue.${grace}`]: "60" },
    ],
    [
      "have secrets in variables, and not in their commands",
      {
        files: {
          ".env": "FLOWER_USER=shop\nFLOWER_PASSWORD=hidden\n",
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, flower: { build: ., command: 'celery -A shop flower --basic-auth=${FLOWER_USER}:${FLOWER_PASSWORD:-shop} --port=$PORT' } }",
        },
      },
      {
        "flower.command": "celery -A shop flower --basic-auth=shop:${FLOWER_PASSWORD} --port=${PORT}",
        "flower.port": "5555",
        "flower.healthPath": "/healthcheck",
      },
    ],
    [
      "are not what the programs of supervisord run, beside the server that the same file has",
      {
        dockerfile: 'FROM x\nWORKDIR /app\nCOPY . .\nCMD ["supervisord", "-c", "supervisord.conf"]\n',
        files: {
          ...withSchedule,
          Procfile: "worker: celery -A shop worker\nmail: python manage.py mail\n",
          "supervisord.conf": `
[program:web]
command=bash -c "uv run gunicorn shop.wsgi"
[program:worker]
command = uv run celery -A shop worker -B
`,
        },
      },
      { "mail.command": "uv run python manage.py mail" },
    ],
    [
      "have no environment of a hosting platform's to activate in an image that is written",
      {
        dockerfile: undefined,
        files: { Procfile: "web: gunicorn shop.wsgi\njobs: . /opt/venv/bin/activate && python manage.py jobs\n" },
      },
      { "jobs.command": "python manage.py jobs" },
    ],
    [
      "are told by the scripts that compose's commands are in the image",
      {
        dockerfile:
          'FROM x\nCOPY docker/beat/start /start-beat\nCOPY docker/run /run-tasks\nCMD ["gunicorn", "shop.wsgi"]\n',
        files: {
          "docker/beat/start": "#!/bin/sh\nexec celery -A shop \\\n  beat\n",
          "docker/run": "#!/bin/sh\nexec celery -A shop worker\n",
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, planner: { build: ., command: /start-beat }, tasks: { build: ., command: /run-tasks } }",
        },
      },
      {
        "planner.command": "/start-beat",
        "planner.singleton": "true",
        "tasks.command": "/run-tasks",
        [`tasks.${grace}`]: "60",
      },
    ],
    [
      "run without what restarts them for a developer and what waits for a host of compose",
      {
        files: {
          "compose.yaml": `
services:
  web: { build: . , command: gunicorn shop.wsgi }
  a: { build: ., command: "watchmedo auto-restart -d . -p '*.py' -- celery -A shop worker -Q a" }
  b: { build: ., command: "watchfiles --filter python 'celery -A shop worker -Q b' shop" }
  c: { build: ., command: "./wait-for-it.sh redis:6379 -t 30 -- celery -A shop worker -Q c" }
  d: { build: ., command: "dockerize -wait tcp://redis:6379 -timeout 30s celery -A shop worker -Q d" }
`,
        },
      },
      Object.fromEntries(
        ["a", "b", "c", "d"].flatMap((name) => [
          [`${name}.command`, `celery -A shop worker -Q ${name}`],
          [`${name}.${grace}`, "60"],
        ]),
      ),
    ],
    [
      "run in compose's folder and with the stack's Redis, and have the time that a task needs",
      {
        files: {
          "compose.yaml": `
services:
  web: { build: . , command: gunicorn shop.wsgi }
  worker: { build: ., working_dir: /code/src, command: celery -A shop worker, stop_grace_period: 3s }
  flower: { build: ., command: "celery --broker=redis://queue:6379/0 flower --port=5556" }
  queue: { image: "redis:7" }
`,
        },
      },
      {
        "worker.command": "cd /code/src && exec celery -A shop worker",
        [`worker.${grace}`]: "60",
        "flower.command": "celery --broker=$(REDIS_URL) flower --port=5556",
        "flower.port": "5556",
        "flower.healthPath": "/healthcheck",
      },
    ],
    [
      "are Celery's where no file starts it: a worker, and beat and Flower where something needs them",
      {
        settings: "CELERY_BROKER_URL = 'redis://localhost'\n",
        files: {
          "shop/celery.py": `${celery}app.conf.beat_schedule = {"a": {"task": "shop.a", "schedule": 60}}\n`,
          "requirements.txt": "celery[redis]\nflower\n",
        },
      },
      {
        "worker.command": "celery -A shop worker --loglevel info --concurrency 2",
        [`worker.${grace}`]: "60",
        "beat.command": "celery -A shop beat --loglevel info --schedule /tmp/celerybeat-schedule",
        "beat.singleton": "true",
        "flower.command": "celery -A shop flower --port 5555",
        "flower.port": "5555",
        "flower.healthPath": "/healthcheck",
      },
    ],
    [
      "are Celery's worker alone where nothing is periodic",
      { files: { "shop/celery.py": celery } },
      { "worker.command": "celery -A shop worker --loglevel info --concurrency 2", [`worker.${grace}`]: "60" },
    ],
    [
      "have no beat beside a worker that has its own, which is one alone",
      {
        settings: "CELERY_BEAT_SCHEDULE = {'a': {}}\n",
        files: { "shop/celery.py": celery, Procfile: "worker: celery -A shop worker -B -l info\n" },
      },
      { "worker.command": "celery -A shop worker -B -l info", "worker.singleton": "true", [`worker.${grace}`]: "60" },
    ],
    [
      "take beat's schedule from the database with django-celery-beat",
      {
        settings: "INSTALLED_APPS = ['django_celery_beat']\n",
        files: { "shop/celery_app.py": celery, Procfile: "worker: celery -A shop.celery_app worker\n" },
      },
      {
        "worker.command": "celery -A shop.celery_app worker",
        [`worker.${grace}`]: "60",
        "beat.command":
          "celery -A shop.celery_app beat --loglevel info --scheduler django_celery_beat.schedulers:DatabaseScheduler",
        "beat.singleton": "true",
      },
    ],
    [
      "are django-rq's for all queues of the settings",
      {
        settings:
          "INSTALLED_APPS = ['django_rq']\nRQ_QUEUES = {'default': {'HOST': 'redis'}, 'high': {'HOST': 'redis'}}\n",
      },
      { "worker.command": "python manage.py rqworker default high", [`worker.${grace}`]: "60" },
    ],
    [
      "are Huey's consumer, which plans as well and is one alone",
      { settings: "INSTALLED_APPS = ['huey.contrib.djhuey']\n" },
      { "huey.command": "python manage.py run_huey", "huey.singleton": "true", [`huey.${grace}`]: "60" },
    ],
    [
      "are Dramatiq's",
      { settings: "INSTALLED_APPS = ['django_dramatiq']\n" },
      { "worker.command": "python manage.py rundramatiq --processes 2 --threads 4", [`worker.${grace}`]: "60" },
    ],
    [
      "are django-q's cluster",
      { settings: "INSTALLED_APPS = ['django_q']\n" },
      { "qcluster.command": "python manage.py qcluster", [`qcluster.${grace}`]: "60" },
    ],
    [
      "leave out tests, shells and what is built for browsers",
      {
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, test: { build: ., command: pytest }, css: { build: ., command: npm run watch }, bash: { build: ., command: bash } }",
        },
      },
      {},
    ],
    [
      "have the command of the Dockerfile that compose builds them by",
      {
        files: {
          "worker.Dockerfile": 'FROM x\nCMD ["celery", "-A", "shop", "worker"]\n',
          "compose.yaml":
            "services: { web: { build: . , command: gunicorn shop.wsgi }, worker: { build: { context: ., dockerfile: worker.Dockerfile } } }",
        },
      },
      { "worker.command": "celery -A shop worker", [`worker.${grace}`]: "60" },
    ],
    [
      "have names that other objects of the stack do not have",
      {
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, media: { build: ., command: python manage.py watch }, Media_: { build: ., command: python manage.py watch2 } }",
        },
      },
      { "media-process.command": "python manage.py watch", "media-process-2.command": "python manage.py watch2" },
    ],
  ];
  for (const [title, project, expected] of cases) {
    it(title, async () => {
      await decidedFor(project, (values) => {
        assert.deepEqual(below("processes", values), expected);
      });
    });
  }

  const notes: [title: string, project: Project, note: RegExp][] = [
    [
      "what ends by itself",
      {
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, seed: { build: ., command: python manage.py loaddata a.json } }",
        },
      },
      /^No processes, since they end by themselves: seed \(python manage\.py loaddata a\.json\)$/,
    ],
    [
      "a value that only one has in compose",
      {
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi, environment: { A: 1 } }, worker: { build: ., command: celery -A shop worker, environment: { A: 2 } } }",
        },
      },
      /^worker has values of its own in compose for A, and here those of all processes: begin its command with `env A=2` to keep one$/,
    ],
    [
      "a value that only one has, in quotes where a shell would read it",
      {
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, worker: { build: ., command: celery -A shop worker, environment: { A: a & b } } }",
        },
      },
      /: begin its command with `env 'A=a & b'` to keep one$/,
    ],
    ...["{ MAIL_PASSWORD: hidden, A: 2 }", "{ MAIL_PASSWORD: hidden }"].map(
      (environment): [title: string, project: Project, note: RegExp] => [
        `a secret that one has with another value in compose, without its value, as ${environment}`,
        {
          files: {
            "compose.yaml": `services: { web: { build: ., command: gunicorn shop.wsgi, environment: { A: 1, MAIL_PASSWORD: other } }, worker: { build: ., command: celery -A shop worker, environment: ${environment} } }`,
          },
        },
        environment.includes("A: 2")
          ? /: begin its command with `env A=2` to keep one$/
          : /for MAIL_PASSWORD, and here those of all processes: set another name with `pulumi config set --secret --path secretEnv\.NAME VALUE`, and begin its command with `env MAIL_PASSWORD=\$\(NAME\)`, to keep one$/,
      ],
    ),
    [
      "a server of compose that a command waits for",
      {
        files: {
          "compose.yaml": `
services:
  web: { build: . , command: gunicorn shop.wsgi }
  worker: { build: ., command: "sh -c 'while ! nc -z queue 6379; do sleep 1; done; celery -A shop worker'" }
  queue: { image: "redis:7" }
`,
        },
      },
      /^worker waits for queue, a name that only compose has: `pulumi config set --path processes\.worker\.command COMMAND`/,
    ],
    [
      "a web process whose entrypoint waits for a name of compose",
      {
        dockerfile: 'FROM x\nCOPY . /app\nENTRYPOINT ["/app/entry.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
        files: {
          "entry.sh": '#!/bin/sh\nwhile ! nc -z queue 5672; do\n  sleep 1\ndone\nexec "$@"\n',
          "compose.yaml": "services: { web: { build: . , ports: ['8000:8000'] }, queue: { image: 'redis:7' } }",
        },
      },
      /^The web process waits for queue \(entry\.sh:2\), a name that only compose has: read the host from a variable/,
    ],
    [
      "an ENTRYPOINT that serves whatever its command is",
      {
        dockerfile: 'FROM x\nENTRYPOINT ["gunicorn", "shop.wsgi"]\n',
        files: { Procfile: "worker: celery -A shop worker\n" },
      },
      /^The image's ENTRYPOINT \(gunicorn shop\.wsgi\) serves the project .*: worker$/,
    ],
    [
      "one without a command",
      {
        files: {
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, worker: { build: ., environment: { ROLE: worker } } }",
        },
      },
      /^No command is known for worker \(compose\.yaml:1\): `pulumi config set --path processes\.NAME\.command COMMAND`/,
    ],
    [
      "one without a command, and not of Flower, which its package starts",
      {
        files: {
          "requirements.txt": "celery\nflower\n",
          "shop/celery.py": "from celery import Celery\napp = Celery('shop')\n",
          "compose.yaml":
            "services: { web: { build: ., command: gunicorn shop.wsgi }, flower: { build: ., command: 'celery flower --basic_auth=${USER_OF_FLOWER}' }, rq: { build: . } }",
        },
      },
      /^No command is known for rq \(compose\.yaml:1\)/,
    ],
    [
      "a second server",
      {
        files: { Procfile: "web: gunicorn shop.wsgi\nsockets: daphne -p 9000 shop.asgi:application\n" },
      },
      /^sockets is a server of its own, .*`pulumi config set --path processes\.sockets\.expose \/sockets`/,
    ],
  ];
  for (const [title, project, note] of notes) {
    it(`tell ${title}`, async () => {
      await decidedFor(project, (_, decision) => {
        assert.ok(
          decision.notes.some((each) => note.test(each)),
          decision.notes.join("\n"),
        );
      });
    });
  }

  it("are not told to keep a value that names a server of compose", async () => {
    const files = {
      "compose.yaml": `
services:
  web: { build: ., command: gunicorn shop.wsgi }
  flower:
    build: .
    command: celery -A shop flower
    environment:
      CELERY_BROKER_URL: "redis://jobs:6379"
      NODES: "redis:6379,jobs:6379"
      OTHER_URL: "redis://cache.example.com:6379/3"
  jobs: { image: redis }
  redis: { image: redis }
`,
    };
    await decidedFor({ files }, (_, { notes }) => {
      assert.match(notes.join("\n"), /^flower has values of its own in compose for OTHER_URL, and here/m);
    });
  });

  it("start in the folder of manage.py", async () => {
    const project = {
      manageFolder: "src",
      dockerfile: "FROM x\nWORKDIR /app\nCOPY . .\nCMD gunicorn --chdir src shop.wsgi\n",
      settings: "INSTALLED_APPS = ['django_q']\n",
      files: { "src/shop/celery.py": celery },
    };
    await decidedFor(project, (values) => {
      assert.equal(
        values["processes.worker.command"],
        "celery -A shop --workdir src worker --loglevel info --concurrency 2",
      );
      assert.equal(values["processes.qcluster.command"], "python src/manage.py qcluster");
    });
  });

  it("share a variable that the settings read and that only a worker has in compose", async () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi }, worker: { build: ., command: celery -A shop worker, environment: { REGION: eu, ROLE: worker, IS_WORKER: yup } } }",
    };
    const settings = "REGION, WORKS = os.environ.get('REGION'), os.environ.get('IS_WORKER')\n";
    await decidedFor({ settings, files }, (values, { notes }) => {
      assert.deepEqual(below("env", values), { REGION: "eu" });
      assert.match(notes.join("\n"), /worker has values of its own in compose for ROLE, IS_WORKER,/);
    });
  });

  it("are no second worker where one of that name has a command that is not known", async () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi }, huey-consumer: { build: ., command: start-consumer } }",
    };
    await decidedFor({ settings: "INSTALLED_APPS = ['huey.contrib.djhuey']\n", files }, (values) => {
      assert.deepEqual(below("processes", values), {
        "huey-consumer.command": "start-consumer",
        "huey-consumer.singleton": "true",
        "huey-consumer.terminationGraceSeconds": "60",
      });
    });
  });

  it("are not what does something once in a script, or is called so", async () => {
    const files = {
      Procfile: "web: gunicorn shop.wsgi\nusers: bin/users.sh\nsetup: ./prepare\nmail: bin/mail.sh\n",
      "bin/users.sh": '#!/bin/bash\nset -e\nif [ "$ENV" = prod ]; then\n  exit 1\nfi\npython manage.py seed_users\n',
      "bin/mail.sh": "#!/bin/bash\npython manage.py send_mail\n",
    };
    await decidedFor({ dockerfile: undefined, files }, (values, { notes }) => {
      assert.deepEqual(below("processes", values), { "mail.command": "bin/mail.sh" });
      assert.ok(notes.includes("No processes, since they end by themselves: users (bin/users.sh), setup (./prepare)"));
    });
  });

  it("share Flower's variables and the secrets that only one has in compose", async () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi }, flower: { build: ., command: celery -A shop flower, environment: { FLOWER_USER: me, FLOWER_PASSWORD: a1b2, FLOWER_URL: 'http://mq' } }, bot: { build: ., command: python bot.py, environment: { BOT_TOKEN: c3d4, ROLE: bot } }, mq: { image: rabbitmq } }",
    };
    await decidedFor({ files }, (values, { secrets, notes }) => {
      assert.deepEqual(below("env", values), { FLOWER_USER: "me" });
      assert.deepEqual(
        secrets.map(({ name, value }) => [name, value]),
        [
          ["FLOWER_PASSWORD", "a1b2"],
          ["BOT_TOKEN", "c3d4"],
        ],
      );
      assert.deepEqual(
        notes.filter((note) => note.includes("of its own in compose")),
        [
          "bot has values of its own in compose for ROLE, and here those of all processes: begin its command with `env ROLE=bot` to keep one",
        ],
      );
    });
  });

  it("are told which value to choose where the image's ENTRYPOINT reads it before their commands", async () => {
    const files = {
      "entrypoint.sh": '#!/bin/sh\nif [ "$RUN_MIGRATIONS" = 1 ]; then python manage.py migrate; fi\nexec "$@"\n',
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi, environment: [RUN_MIGRATIONS=1] }, worker: { build: ., command: python manage.py work, environment: [RUN_MIGRATIONS=0, ALLOWED_HOSTS=localhost] } }",
    };
    const dockerfile = 'FROM x\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./entrypoint.sh"]\n';
    await decidedFor({ files, dockerfile }, (_values, { notes }) => {
      assert.deepEqual(
        notes.filter((note) => note.includes("of its own in compose")),
        [
          "worker has values of its own in compose for RUN_MIGRATIONS, and here those of all processes: the image's ENTRYPOINT reads RUN_MIGRATIONS before a command (entrypoint.sh:2), so choose one for all of them, as `pulumi config set --type string --path env.RUN_MIGRATIONS 0` does",
        ],
      );
    });
  });

  it("ask for the secrets that their commands name and nothing sets", async () => {
    const command =
      "celery -A shop --broker=$REDIS_URL flower --basic-auth=$USER_NAME:$FLOWER_PASSWORD --db=$OTHER_PASSWORD";
    const files = {
      ".env": "OTHER_PASSWORD=hidden\n",
      ".env.example": "FLOWER_PASSWORD=shop\n",
      "compose.yaml": `services: { web: { build: . }, flower: { build: ., command: '${command}' } }`,
    };
    await decidedFor({ files }, (_, { missing }) => {
      assert.deepEqual(commandsOf(missing), ["pulumi config set --secret --path secretEnv.FLOWER_PASSWORD VALUE"]);
    });
  });

  it("tell of an image without the project, which compose has as a volume below the root", async () => {
    const project = {
      manageFolder: "backend",
      dockerfile: "FROM x\nWORKDIR /srv\nCOPY start.sh .\nCMD gunicorn shop.wsgi\n",
      files: { "compose.yaml": "services: { web: { build: ., volumes: [./backend:/srv] } }" },
    };
    await decidedFor(project, (_, { notes }) => {
      assert.deepEqual(notes, [
        "Dockerfile copies no manage.py: compose mounts the project as a volume (compose.yaml:1), and a stack does not, so add `COPY backend .` to the Dockerfile",
      ]);
    });
  });
});
