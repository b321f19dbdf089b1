import assert from "node:assert/strict";
import path from "node:path";

import type { ProcessFindings } from "../../../../../commands/init/findings";
import { inspectProcesses } from "../../../../../commands/init/processes/inspectProcesses";
import { inFolder } from "../folder";

/** What is found of a project whose manage.py is in a folder of it. */
async function inspected(files: Record<string, string>, manage = ""): Promise<ProcessFindings> {
  let found: ProcessFindings | undefined;
  await inFolder(files, (folder) => {
    found = inspectProcesses(folder, folder, `${folder}${manage}`);
  });
  assert.ok(found !== undefined);
  return found;
}

/** The parts of it that the files of hosting platforms say, those that are not empty. */
function said({ web, others, release, schedules, environment, ...rest }: ProcessFindings): object {
  const { port, healthcheck, dockerfile, volumes, unreadable } = rest;
  const values = {
    web: web && `${web.command ?? ""} (${web.where})`,
    others: others.map(({ name, command, where }) => `${name}: ${command ?? ""} (${where})`),
    release: release && `${release.command ?? ""} (${release.where})`,
    schedules: schedules.map(({ name, schedule, command }) => `${name}: ${schedule} ${command}`),
    environment: [...environment].map(([name, { value, where }]) => `${name}=${value} (${where})`),
    port: port?.value,
    healthcheck: healthcheck?.value,
    dockerfile: dockerfile?.value,
    volumes: volumes.map(({ value }) => value),
    unreadable,
  };
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0)),
  );
}

describe("what hosting platforms are told", () => {
  it("in heroku.yml", async () => {
    const files = {
      "deploy/Dockerfile": "FROM x\n",
      "heroku.yml": `
build: { docker: { web: deploy/Dockerfile } }
setup: { config: { DJANGO_SETTINGS_MODULE: shop.settings.production } }
release: { image: web, command: [python manage.py migrate, python manage.py loaddata shop] }
run:
  web: gunicorn shop.wsgi
  worker:
    image: web
    command: [celery -A shop worker]
`,
    };
    assert.deepEqual(said(await inspected(files)), {
      web: "gunicorn shop.wsgi (heroku.yml:6)",
      others: ["worker: celery -A shop worker (heroku.yml:8)"],
      release: "python manage.py migrate && python manage.py loaddata shop (heroku.yml:4)",
      environment: ["DJANGO_SETTINGS_MODULE=shop.settings.production (heroku.yml:3)"],
      dockerfile: "deploy/Dockerfile",
    });
  });

  it("in fly.toml, whose processes are called as one likes", async () => {
    const files = {
      "Dockerfile.fly": "FROM x\n",
      "fly.toml": `
app = "shop"
primary_region = "fra"
[build]
dockerfile = "./Dockerfile.fly"
[env]
PORT = "8080"
DJANGO_ENV = "production"
WEB_CONCURRENCY = 2
[deploy]
release_command = "python manage.py migrate --noinput"
[processes]
server = "gunicorn shop.wsgi"
tasks = "python manage.py qcluster"
[http_service]
internal_port = 8080
processes = ["server"]
[[http_service.checks]]
path = "/up/"
[mounts]
source = "data"
destination = "/data"
`,
    };
    assert.deepEqual(said(await inspected(files)), {
      web: "gunicorn shop.wsgi (fly.toml)",
      others: ["tasks: python manage.py qcluster (fly.toml)"],
      release: "python manage.py migrate --noinput (fly.toml)",
      environment: ["DJANGO_ENV=production (fly.toml)", "WEB_CONCURRENCY=2 (fly.toml)"],
      port: 8080,
      healthcheck: "http://localhost/up/",
      dockerfile: "Dockerfile.fly",
      volumes: ["/data"],
    });
  });

  const render = `
databases: [{ name: db }]
envVarGroups:
  - name: shop
    envVars: [{ key: LOG_LEVEL, value: warning }, { key: OTHER, sync: false }]
services:
  - { type: web, name: page, runtime: node, startCommand: npm start }
  - { type: web, name: site, runtime: static, buildCommand: mkdocs build }
  - type: web
    name: shop
    env: python
    rootDir: backend
    buildCommand: ./build.sh
    preDeployCommand: python manage.py migrate
    startCommand: gunicorn shop.wsgi
    healthCheckPath: /healthz
    disk: { name: data, mountPath: /var/data }
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: db, property: connectionString } }
      - { key: SECRET_KEY, generateValue: true }
      - { key: PYTHON_VERSION, value: 3.12.1 }
      - { key: DJANGO_ENV, value: production }
      - { fromGroup: shop }
  - { type: worker, name: shop-worker, runtime: python, rootDir: backend, startCommand: celery -A shop worker }
  - { type: worker, name: other, runtime: python, rootDir: other, startCommand: celery -A other worker }
  - { type: cron, name: mail, runtime: python, rootDir: backend, schedule: "0 3 * * *", startCommand: python manage.py mail }
`;

  it("in render.yaml of what is in one folder of it", async () => {
    assert.deepEqual(said(await inspected({ "render.yaml": render, "backend/manage.py": "" }, "/backend")), {
      web: "gunicorn shop.wsgi (render.yaml:15)",
      others: ["shop-worker: celery -A shop worker (render.yaml:24)"],
      release: "python manage.py migrate (render.yaml:14)",
      schedules: ["mail: 0 3 * * * python manage.py mail"],
      environment: ["DJANGO_ENV=production (render.yaml:22)", "LOG_LEVEL=warning (render.yaml:5)"],
      healthcheck: "http://localhost/healthz",
      volumes: ["/var/data"],
    });
  });

  it("in railway.json and railway.toml, each of one service", async () => {
    const json = `{ "deploy": { "startCommand": "python manage.py migrate && gunicorn shop.wsgi", "healthcheckPath": "/up" } }`;
    assert.deepEqual(said(await inspected({ "railway.json": json })), {
      web: "python manage.py migrate && gunicorn shop.wsgi (railway.json)",
      healthcheck: "http://localhost/up",
    });
    const toml = `[deploy]\nstartCommand = "celery -A shop worker"\npreDeployCommand = ["python manage.py migrate"]\n`;
    assert.deepEqual(said(await inspected({ "railway.toml": toml })), {
      others: ["worker: celery -A shop worker (railway.toml)"],
      release: "python manage.py migrate (railway.toml)",
    });
    const cron = `[deploy]\nstartCommand = "python manage.py mail"\ncronSchedule = "0 3 * * *"\n`;
    assert.deepEqual(said(await inspected({ "railway.toml": cron })), {});
  });

  it("in an app of DigitalOcean", async () => {
    const files = {
      ".do/deploy.template.yaml": `
spec:
  envs: [{ key: DATABASE_URL, value: "\${db.DATABASE_URL}" }, { key: DJANGO_ENV, value: production }]
  services:
    - { name: page, environment_slug: node-js, run_command: npm start }
    - name: shop
      environment_slug: python
      run_command: gunicorn shop.wsgi
      http_port: 8080
      health_check: { http_path: /up }
      envs: [{ key: SECRET_KEY, value: hidden, type: SECRET }]
  workers: [{ name: tasks, environment_slug: python, run_command: celery -A shop worker }]
  jobs: [{ name: tables, kind: PRE_DEPLOY, run_command: python manage.py migrate }]
`,
    };
    assert.deepEqual(said(await inspected(files)), {
      web: "gunicorn shop.wsgi (.do/deploy.template.yaml:8)",
      others: ["tasks: celery -A shop worker (.do/deploy.template.yaml:12)"],
      release: "python manage.py migrate (.do/deploy.template.yaml:13)",
      environment: ["DJANGO_ENV=production (.do/deploy.template.yaml)"],
      port: 8080,
      healthcheck: "http://localhost/up",
    });
  });

  it("comes together, where one says what another one does not", async () => {
    const files = {
      Procfile: "web: gunicorn shop.wsgi\n",
      "fly.toml": `[deploy]\nrelease_command = "python manage.py migrate"\n[processes]\napp = "uvicorn shop.asgi:application"\n`,
    };
    assert.deepEqual(said(await inspected(files)), {
      web: "gunicorn shop.wsgi (Procfile:1)",
      release: "python manage.py migrate (fly.toml)",
    });
  });

  it("is no place to listen of a server of compose's", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi } }",
      "fly.toml": "[http_service]\ninternal_port = 8080\n",
    };
    assert.deepEqual(said(await inspected(files)), {
      web: "gunicorn shop.wsgi (compose.yaml:1)",
      dockerfile: "Dockerfile",
    });
  });

  it("is read of app.json, which may be of something else", async () => {
    const app = {
      env: {
        DJANGO_ENV: { value: "heroku" },
        SECRET_KEY: { generator: "secret" },
        DJANGO_SETTINGS_MODULE: "shop.heroku",
        USE_S3: "1",
      },
      cron: [{ command: "python manage.py mail", schedule: "@daily" }, { schedule: "@daily" }],
      healthchecks: { web: [{ type: "startup", name: "up", path: "/up" }] },
      scripts: { dokku: { predeploy: "python manage.py migrate" } },
    };
    const files = { Procfile: "web: gunicorn shop.wsgi\n", "app.json": JSON.stringify(app, null, 2) };
    assert.deepEqual(said(await inspected(files)), {
      web: "gunicorn shop.wsgi (Procfile:1)",
      release: "python manage.py migrate (app.json:32)",
      schedules: ["cron-1: @daily python manage.py mail"],
      environment: ["DJANGO_ENV=heroku (app.json:3)", "DJANGO_SETTINGS_MODULE=shop.heroku (app.json:9)"],
      healthcheck: "http://localhost/up",
    });
    const mobile = { Procfile: "web: gunicorn shop.wsgi\n", "app.json": '{"expo": {"name": "shop"}}' };
    assert.deepEqual(said(await inspected(mobile)), { web: "gunicorn shop.wsgi (Procfile:1)" });
  });

  it("says what variables are for servers, beside a compose file for developers alone", async () => {
    const compose = (command: string): string =>
      `services: { web: { build: ., command: ${command}, environment: { DJANGO_SETTINGS_MODULE: shop.dev, SIZE: 5 } } }`;
    const files = {
      Dockerfile: "FROM x\n",
      "fly.toml": '[env]\nDJANGO_SETTINGS_MODULE = "shop.prod"\nREGION = "eu"\n',
    };
    const valuesWith = async (command: string): Promise<object> => {
      const { environment } = await inspected({ ...files, "compose.yaml": compose(command) });
      return Object.fromEntries([...environment].map(([name, { value }]) => [name, value]));
    };
    assert.deepEqual(await valuesWith("python manage.py runserver"), {
      DJANGO_SETTINGS_MODULE: "shop.prod",
      REGION: "eu",
      SIZE: "5",
    });
    assert.deepEqual(await valuesWith("gunicorn shop.wsgi"), { DJANGO_SETTINGS_MODULE: "shop.dev", SIZE: "5" });
  });

  it("starts in the project's own folder, where it stands around that", async () => {
    const files = {
      "back/manage.py": "",
      "back/Dockerfile": "FROM x\n",
      Procfile: [
        "web: cd ./back/ && gunicorn --chdir back --config=back/gunicorn.py back.wsgi",
        "release: python back/manage.py migrate",
        "worker: celery -A back --workdir=back worker",
      ].join("\n"),
    };
    await inFolder(files, (folder) => {
      const { web, release, others } = inspectProcesses(path.join(folder, "back"), folder, path.join(folder, "back"));
      assert.deepEqual(
        [web, release, ...others].map((each) => each?.command),
        [
          "gunicorn --chdir . --config=gunicorn.py back.wsgi",
          "python manage.py migrate",
          "celery -A back --workdir=. worker",
        ],
      );
    });
  });

  it("is said to be left out where it cannot be read", async () => {
    const files = { "fly.toml": "app = \n", "render.yaml": "a: [", "railway.json": "{", "heroku.yml": "*x" };
    assert.deepEqual(said(await inspected(files)), {
      unreadable: ["heroku.yml", "fly.toml", "render.yaml", "railway.json"],
    });
  });
});
