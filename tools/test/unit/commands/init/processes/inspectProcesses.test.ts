import assert from "node:assert/strict";
import path from "node:path";

import type { ProcessFindings } from "../../../../../commands/init/findings";
import { inspectProcesses } from "../../../../../commands/init/processes/inspectProcesses";
import { inFolder } from "../folder";

async function inspected(files: Record<string, string>, test: (found: ProcessFindings) => void): Promise<void> {
  await inFolder({ "manage.py": "", ...files }, (folder) => {
    test(inspectProcesses(folder));
  });
}

describe("the processes of a project", () => {
  it("are compose's where a Procfile starts them as developers do, without what builds the browser's files", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      Procfile: "web: make run\nscss: make watch-scss\nworker: celery -A shop worker\n",
      "compose.yaml": "services: { web: { build: ., command: python manage.py runserver 0.0.0.0:8000 } }",
    };
    await inspected(files, ({ web, others }) => {
      assert.equal(web?.command, "python manage.py runserver 0.0.0.0:8000");
      assert.deepEqual(
        others.map(({ name }) => name),
        ["worker"],
      );
    });
  });

  it("have no command where compose has a container to work in, unless a hosting platform is told one", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": `
services:
  web: { build: ., command: sleep infinity, environment: [SIZE=5] }
  desk: { build: ., command: sleep infinity }
`,
    };
    await inspected(files, ({ web, others, environment }) => {
      assert.deepEqual([web?.name, web?.command, others, environment.get("SIZE")?.value], ["web", undefined, [], "5"]);
    });
    await inspected({ ...files, Procfile: "web: gunicorn shop.wsgi\n" }, ({ web }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
    });
  });

  it("are a hosting platform's where compose starts a script of developers", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      Procfile: "web: gunicorn shop.wsgi\n",
      "compose.yaml": "services: { web: { build: ., command: bash scripts/start-dev.sh } }",
    };
    await inspected(files, ({ web }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
    });
  });

  it("come with the servers of the compose file below, where one needs them that builds the image itself", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "docker-compose.yaml": "services: { db: { image: postgres:17 }, queue: { image: rabbitmq } }",
      "docker-compose.local.yaml":
        "services: { web: { build: ., command: python manage.py runserver, depends_on: [db] } }",
    };
    await inspected(files, ({ services }) => {
      assert.deepEqual(
        services.map(({ name }) => name),
        ["db", "queue"],
      );
    });
  });

  it("are not those of a server that compose starts several times", async () => {
    const services = `
services:
  web1: { build: ., command: gunicorn shop.wsgi, ports: ['8001:8000'] }
  web2: { build: ., command: gunicorn shop.wsgi, ports: ['8002:8000'] }
  live: { build: ., command: daphne shop.asgi:application }
`;
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ web, others }) => {
      assert.deepEqual([web?.name, others.map(({ name }) => name)], ["web1", ["live"]]);
    });
  });

  it("are those of a service whose name has that of another role in it by chance", async () => {
    const services =
      "services: { contests: { build: ., ports: ['8000:8000'] }, css: { build: ., command: npm run css } }";
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ web }) => {
      assert.equal(web?.name, "contests");
    });
  });

  it("are those of the compose file for servers, which may have that before its name", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "docker-compose.yaml": "services: { web: { build: ., command: python manage.py runserver } }",
      "prod-docker-compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi } }",
    };
    await inspected(files, ({ web }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
    });
  });

  it("are those of a service that is called prod, beside others for developers", async () => {
    const services = `
services:
  prod: { build: { context: ., target: prod }, ports: ["7000:7000"] }
  dev: { build: { context: ., target: dev }, command: python manage.py runserver 0.0.0.0:7000, ports: ["7000:7000"] }
  dev-mounted: { build: { context: ., target: dev }, command: python manage.py runserver, ports: ["7000:7000"] }
`;
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ buildTarget, others }) => {
      assert.deepEqual([buildTarget?.value, others], ["prod", []]);
    });
  });

  it("are not those that somebody asks for on a command line, nor what formats the code", async () => {
    const services = `
services:
  web: { build: ., command: gunicorn shop.wsgi }
  ingest: { build: ., command: python manage.py fetch_all, profiles: [cli] }
  shop-ci: { build: ., command: sh -c "printf start black --check" }
  format: { build: ., entrypoint: /bin/bash, command: -c format-code }
  worker: { build: ., command: celery -A shop worker, profiles: [celery] }
`;
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ others }) => {
      assert.deepEqual(
        others.map(({ name }) => name),
        ["worker"],
      );
    });
  });

  it("are started without what restarts them on a save, also in the project's environment", async () => {
    const command = "pipenv run watchmedo auto-restart -d . -R -p '*.py' -- celery -A shop worker -l info";
    const services = `services: { web: { build: ., command: gunicorn shop.wsgi }, worker: { build: ., command: "${command}" } }`;
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ others }) => {
      assert.equal(others[0]?.command, "pipenv run celery -A shop worker -l info");
    });
  });

  it("have what a Procfile runs after a deployment for their release", async () => {
    const files = { Procfile: "web: gunicorn shop.wsgi\npostdeploy: bash post_deploy.sh\n" };
    await inspected(files, ({ release, others }) => {
      assert.deepEqual([release?.command, others], ["bash post_deploy.sh", []]);
    });
  });

  it("are a Procfile's server of another platform, in place of compose's for developers", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      Procfile: "web-platform: gunicorn shop.wsgi\nworker: celery -A shop worker\n",
      "compose.yaml": "services: { web: { build: ., command: python manage.py runserver 0.0.0.0:8000 } }",
    };
    await inspected(files, ({ web, others }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
      assert.deepEqual(
        others.map(({ name }) => name),
        ["worker"],
      );
    });
  });

  it("are compose's web process where a Procfile has one of a developer's under another name", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      Procfile: "django: poetry run python manage.py runserver\n",
      "compose.yaml": "services: { web: { build: ., command: python manage.py runserver 0.0.0.0:8000 } }",
    };
    await inspected(files, ({ web, others }) => {
      assert.deepEqual([web?.command, others], ["python manage.py runserver 0.0.0.0:8000", []]);
    });
  });

  it("are those of a Procfile whose web process has one of its usual names", async () => {
    const files = { Procfile: "app: gunicorn shop.wsgi\nserver: bin/render\nlive: daphne shop.asgi:application\n" };
    await inspected(files, ({ web, others }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
      assert.deepEqual(
        others.map(({ name }) => name),
        ["server", "live"],
      );
    });
  });

  it("are those for servers, where developers have their own in a profile or with a name that begins so", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": `
services:
  shop-web: { build: ., command: gunicorn shop.wsgi }
  worker: { build: ., command: celery -A shop worker, profiles: [celery] }
  dev-shop-web: { build: ., command: python manage.py runserver }
  prod-mail: { build: ., command: python manage.py mail }
  dev-mail: { build: ., command: python manage.py mail --print }
  console: { build: ., command: python manage.py listen, profiles: [tools] }
`,
    };
    await inspected(files, ({ web, others }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
      assert.deepEqual(
        others.map(({ name }) => name),
        ["worker", "prod-mail"],
      );
    });
    const only = "services: { web: { build: ., command: python manage.py runserver, profiles: [dev] } }";
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": only }, ({ web }) => {
      assert.equal(web?.command, "python manage.py runserver");
    });
  });

  it("are those of an example of a compose file where there is no other", async () => {
    for (const name of ["docker-compose.example.yml", "compose.yaml.dist"]) {
      const files = {
        Dockerfile: "FROM x\n",
        [name]: "services: { web: { build: ., command: gunicorn shop.wsgi } }",
      };
      await inspected(files, ({ web }) => {
        assert.equal(web?.command, "gunicorn shop.wsgi");
      });
    }
  });

  it("keep the lines of a script that a shell is given, as those separate commands", async () => {
    const services = `
services:
  web:
    build: .
    command:
      - /bin/sh
      - -c
      - |
        # it's ready by now
        python manage.py migrate
        exec gunicorn shop.wsgi \\
          --bind 0.0.0.0:5000
  worker:
    build: .
    command: |
      sh -c "
        python manage.py check &&
          echo ready
        celery -A shop worker
          --concurrency 2
      "
  beat:
    build: .
    command: |
      celery -A shop
      beat
`;
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ web, port, others }) => {
      const script = "# it's ready by now\npython manage.py migrate\nexec gunicorn shop.wsgi --bind 0.0.0.0:5000";
      assert.equal(web?.command, `/bin/sh -c "${script}"`);
      assert.equal(port?.value, 5000);
      assert.deepEqual(
        others.map(({ command }) => command),
        [
          'sh -c "  python manage.py check && echo ready\n  celery -A shop worker --concurrency 2"',
          "celery -A shop beat",
        ],
      );
    });
  });

  it("keep a variable of a command that has no value for the shell that runs it", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": `
services:
  web: { build: ., command: 'sh -c "if [ $$A = 1 ]; then gunicorn shop.wsgi --bind :$PORT --workers \${WORKERS:-2}; fi"' }
  worker: { build: ., command: "$WORKER_COMMAND" }
`,
    };
    await inspected(files, ({ web, others }) => {
      assert.equal(web?.command, 'sh -c "if [ $A = 1 ]; then gunicorn shop.wsgi --bind :${PORT} --workers 2; fi"');
      assert.deepEqual(
        others.map(({ name, command }) => [name, command]),
        [["worker", undefined]],
      );
    });
  });

  it("have for the web process one that also works on tasks", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml":
        'services: { web: { build: ., command: sh -c "./serve.sh && celery -A shop worker", environment: [A=1] } }',
    };
    await inspected(files, ({ web, environment }) => {
      assert.equal(web?.command, 'sh -c "./serve.sh && celery -A shop worker"');
      assert.equal(environment.get("A")?.value, "1");
    });
  });

  it("have a worker for none, whatever its name is", async () => {
    for (const command of ["celery -A shop worker", 'sh -c "cd src && celery -A shop worker"']) {
      const files = {
        Dockerfile: "FROM x\n",
        "compose.yaml": `services: { backend: { build: ., command: ${command} }, shop: { build: ., ports: ["80:8000"] } }`,
      };
      await inspected(files, ({ web, others }) => {
        assert.equal(web?.name, "shop");
        assert.deepEqual(
          others.map(({ name }) => name),
          ["backend"],
        );
      });
    }
  });

  it("are of an image from elsewhere where that serves the project, which is a volume", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": `
services:
  web: { image: shop/shop, command: python manage.py runserver 0.0.0.0:8000, volumes: [".:/code"], environment: [DB_NAME=shop] }
  docs: { image: shop/docs, command: serve, volumes: [".:/docs"] }
`,
    };
    await inspected(files, ({ web, environment, mountsProject, services }) => {
      assert.equal(web?.command, "python manage.py runserver 0.0.0.0:8000");
      assert.equal(environment.get("DB_NAME")?.value, "shop");
      assert.equal(mountsProject?.where, "compose.yaml:3");
      assert.deepEqual(services, []);
    });
  });

  it("are of the image that is built where another one has the project as a volume", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": `
services:
  web: { image: "python:3.13", command: python manage.py runserver, volumes: [".:/code"] }
  shop: { build: ., command: gunicorn shop.wsgi }
`,
    };
    await inspected(files, ({ web }) => {
      assert.deepEqual([web?.name, web?.command], ["shop", "gunicorn shop.wsgi"]);
    });
  });

  for (const [title, dockerfile, image] of [
    ["is built by", "FROM node:22-alpine AS build\nRUN apk add python3 make\nCOPY . .\nFROM build\n", "node:22-alpine"],
    [
      "is served from",
      "FROM python:3.13 AS files\nRUN python manage.py collectstatic\nFROM nginx\nCOPY --from=files /app/static /static\n",
      "nginx",
    ],
  ] as const) {
    it(`are not what the browser's page ${title} in the root of a monorepo`, async () => {
      const files = {
        "ui/Dockerfile.web": dockerfile,
        Dockerfile: "FROM python:3.13\n",
        "compose.yaml": `
services:
  web: { build: { context: ., dockerfile: ui/Dockerfile.web }, ports: ["3000:3000"] }
  api: { build: ., command: ./start.sh }
`,
      };
      await inspected(files, (found) => {
        assert.deepEqual([found.web?.name, found.dockerfile?.value], ["api", "Dockerfile"]);
        assert.deepEqual(
          found.services.map(({ name, value }) => [name, value]),
          [["web", image]],
        );
      });
    });
  }

  it("are those for servers, where a compose file has those of developers beside them", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "compose.yaml": `
services:
  app-dev: { build: { context: ., target: dev }, image: shop:dev, ports: ["8000:8000"] }
  worker-dev: { image: shop:dev, command: celery -A shop worker -l DEBUG }
  app: { build: { context: ., target: live }, image: shop:live }
  worker: { image: shop:live, command: celery -A shop worker }
`,
    };
    await inspected(files, ({ buildTarget, others, services }) => {
      assert.equal(buildTarget?.value, "live");
      assert.deepEqual(
        others.map(({ name }) => name),
        ["worker"],
      );
      assert.deepEqual(
        services.map(({ name }) => name),
        ["app-dev", "worker-dev"],
      );
    });
  });

  it("are not a database server that is built in the root of the project", async () => {
    const files = {
      Dockerfile: "FROM python:3.13\nCOPY . .\n",
      "db.Dockerfile": "ARG V=17\nFROM postgres:${V}\nRUN apt-get install -y pgtap\n",
      "copy.Dockerfile": "FROM bitnami/postgresql:17\nCOPY copy.conf /\n",
      "compose.yaml": `
services:
  dev-db: { build: { context: ., dockerfile: db.Dockerfile }, command: [postgres, -c, a=b], ports: ["5432:5432"] }
  worker-db: { build: { context: ., dockerfile: copy.Dockerfile }, command: [postgres] }
  shop-service: { build: ., ports: ["8000:8000"] }
`,
    };
    await inspected(files, ({ dockerfile, others, services }) => {
      assert.equal(dockerfile?.value, "Dockerfile");
      assert.deepEqual(others, []);
      assert.deepEqual(
        services.map(({ name, value }) => [name, value]),
        [
          ["dev-db", "postgres:17"],
          ["worker-db", "bitnami/postgresql:17"],
        ],
      );
    });
  });

  it("are what runs in the image of a browser's tools where that has the project as well", async () => {
    const files = {
      Dockerfile: "FROM node:22\nRUN apt-get install python3-pip && pip install -r requirements.txt\nCOPY . .\n",
      "compose.yaml": "services: { web: { build: . } }",
    };
    await inspected(files, ({ web }) => {
      assert.equal(web?.name, "web");
    });
  });

  it("have servers that are known by what their images are made of, or by the folder of their Dockerfile", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "deploy/data/Dockerfile": "ARG VERSION=17\nFROM postgres:${VERSION}-alpine AS base\nFROM base\nCOPY x /\n",
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi }, data: { build: ./deploy/data, image: shop-data }, db: { build: { context: ., dockerfile: ./docker/postgres/Dockerfile } } }",
    };
    await inspected(files, ({ services }) => {
      assert.deepEqual(
        services.map(({ name, value }) => [name, value]),
        [
          ["data", "postgres:17-alpine"],
          ["db", "docker/postgres"],
        ],
      );
    });
  });

  it("are read from compose with anchors, variables, files of variables and maps or lists", async () => {
    const files = {
      ".env": "TAG=3.12\n",
      "web.env": "FROM_FILE=1\nBOTH=file\n",
      "compose.yaml": `
x-app: &app
  build:
    context: .
    dockerfile: docker/app.Dockerfile
    target: \${TARGET:-production}
    args: ["PYTHON_VERSION=\${TAG}", "UNSET=\${NOTHING}"]
  env_file: [web.env]
services:
  web:
    <<: *app
    command: ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:5000"]
    environment: { BOTH: map, FLAG: true, PRICE: $$5, HOST_ONLY: null }
    ports: ["127.0.0.1:80:5000"]
    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost:5000/up"] }
  worker:
    <<: *app
    command: celery -A shop worker
  migrate:
    <<: *app
    command: python manage.py migrate
  db:
    image: postgres:17
`,
    };
    await inspected(files, (found) => {
      assert.deepEqual(found.web, {
        name: "web",
        command: "gunicorn shop.wsgi --bind 0.0.0.0:5000",
        where: "compose.yaml:12",
      });
      assert.deepEqual(
        found.others.map(({ name, command }) => [name, command]),
        [["worker", "celery -A shop worker"]],
      );
      assert.equal(found.release?.command, "python manage.py migrate");
      assert.equal(found.dockerfile?.value, "docker/app.Dockerfile");
      assert.equal(found.buildTarget?.value, "production");
      assert.deepEqual(found.buildArgs?.value, { PYTHON_VERSION: "3.12" });
      assert.deepEqual(found.port, { value: 5000, where: "compose.yaml:12" });
      assert.deepEqual(
        [...found.environment].map(([name, { value, where }]) => [name, value, where]),
        [
          ["FROM_FILE", "1", "web.env:1"],
          ["BOTH", "map", "compose.yaml:13"],
          ["FLAG", "true", "compose.yaml:13"],
          ["PRICE", "$5", "compose.yaml:13"],
        ],
      );
      assert.deepEqual(found.services, [{ name: "db", value: "postgres:17", where: "compose.yaml:23", isKept: false }]);
      assert.equal(found.healthcheck?.value, "curl -f http://localhost:5000/up");
    });
  });

  it("are those of the compose file for servers, which may lie over the base or stand alone", async () => {
    const base =
      "services:\n  web:\n    build: .\n    command: python manage.py runserver\n    environment: { A: base }\n";
    await inspected(
      { "compose.yaml": base, "compose.prod.yaml": "services: { web: { command: gunicorn shop.wsgi } }" },
      ({ web, environment }) => {
        assert.equal(web?.command, "gunicorn shop.wsgi");
        assert.equal(environment.get("A")?.value, "base");
      },
    );
    await inspected(
      {
        "docker-compose.yml": base,
        "docker-compose.prod.yml":
          "services: { web: { build: { context: ., dockerfile: Dockerfile.prod }, command: gunicorn shop.wsgi } }",
      },
      ({ dockerfile, environment }) => {
        assert.equal(dockerfile?.value, "Dockerfile.prod");
        assert.equal(environment.size, 0);
      },
    );
  });

  it("are what runs the image that the web service builds, also where its tag has no value", async () => {
    const services = `
services:
  web: { build: ., image: "\${IMAGE}", command: gunicorn shop.wsgi }
  jobs: { image: "\${IMAGE}", command: python manage.py work }
`;
    await inspected({ Dockerfile: "FROM x\n", "compose.yaml": services }, ({ others }) => {
      assert.deepEqual(
        others.map(({ name }) => name),
        ["jobs"],
      );
    });
  });

  it("are those of a compose file for servers that needs no other, of images that the base builds", async () => {
    const files = {
      Dockerfile: "FROM x AS dev\nFROM x\n",
      "compose.yaml": `
services:
  web:
    build: { context: ., target: dev }
    command: python manage.py runserver
    environment: { MODE: development }
  celery_beat: { build: { context: ., target: dev }, command: celery -A shop beat }
  db: { image: postgres }
`,
      "compose.prod.yaml": `
services:
  web: { image: "registry.example.com/shop:\${TAG:?}", command: gunicorn shop.wsgi }
  beat: { image: "registry.example.com/shop:\${TAG:?}", command: celery -A shop beat }
  db: { image: postgres }
`,
    };
    await inspected(files, ({ web, others, environment, dockerfile, buildTarget }) => {
      assert.equal(web?.command, "gunicorn shop.wsgi");
      assert.deepEqual(
        others.map(({ name }) => name),
        ["beat"],
      );
      assert.equal(environment.size, 0);
      assert.equal(dockerfile?.value, "Dockerfile");
      assert.equal(buildTarget, undefined);
    });
  });

  it("are those of the compose file for Postgres where there is one for each database", async () => {
    const withDatabase = (image: string) =>
      `services: { web: { build: ../.., command: gunicorn shop.wsgi }, db: { image: "${image}" } }`;
    await inspected(
      {
        "docker/compose/docker-compose.mariadb.yml": withDatabase("mariadb:11"),
        "docker/compose/docker-compose.postgres.yml": withDatabase("postgres:17"),
        "docker/compose/docker-compose.sqlite.yml": "services: { web: { build: ../.., command: gunicorn shop.wsgi } }",
      },
      ({ web, services }) => {
        assert.deepEqual(
          [web?.where, services.map(({ value }) => value)],
          ["docker/compose/docker-compose.postgres.yml:1", ["postgres:17"]],
        );
      },
    );
  });

  it("are a Procfile's without what a buildpack puts in front of them, as the image's environment runs them", async () => {
    const lines =
      "web: bin/start-nginx gunicorn -c gunicorn.conf shop.wsgi\nworker: bin/start-pgbouncer celery -A shop worker\n";
    const compose = "services: { web: { build: ., command: uv run --frozen python manage.py runserver 0.0.0.0:8000 } }";
    const cases: [files: Record<string, string>, start: string][] = [
      [{}, ""],
      [{ "compose.yaml": compose }, "uv run --frozen "],
    ];
    for (const [files, start] of cases) {
      await inspected({ ...files, Procfile: lines }, ({ web, others }) => {
        assert.deepEqual(
          [web?.command, ...others.map(({ command }) => command)],
          [`${start}gunicorn -c gunicorn.conf shop.wsgi --bind 0.0.0.0:8000`, `${start}celery -A shop worker`],
        );
      });
    }
    await inspected(
      { Procfile: "web: bin/start-nginx-solo -f gunicorn -b unix:/tmp/nginx.socket shop.wsgi\n" },
      ({ web }) => {
        assert.equal(web?.command, "gunicorn shop.wsgi --bind 0.0.0.0:8000");
      },
    );
  });

  it("follow extends into another file", async () => {
    const files = {
      "common.yml": "services: { base: { build: ., environment: { A: '1', B: '1' } } }",
      "compose.yml":
        "services: { web: { extends: { file: common.yml, service: base }, environment: { B: '2' }, command: gunicorn shop.wsgi } }",
    };
    await inspected(files, ({ web, environment }) => {
      assert.equal(web?.name, "web");
      assert.deepEqual(
        [...environment].map(([name, { value }]) => [name, value]),
        [
          ["A", "1"],
          ["B", "2"],
        ],
      );
    });
  });

  it("leave out a frontend that is built beside the project", async () => {
    const files = {
      "frontend/package.json": "{}",
      "compose.yaml":
        "services: { frontend: { build: ./frontend, ports: ['3000:3000'] }, backend: { build: ., ports: ['8000:8000'] } }",
    };
    await inspected(files, ({ web, port }) => {
      assert.equal(web?.name, "backend");
      assert.equal(port?.value, 8000);
    });
  });

  it("are read from a Procfile, whose server comes before compose's development server", async () => {
    const files = {
      Procfile:
        "# Heroku\nrelease: python manage.py migrate --noinput\nweb: gunicorn shop.wsgi -b :$PORT\nworker: celery -A shop worker\n",
      "compose.yaml": "services: { web: { build: ., command: python manage.py runserver 0.0.0.0:8000 } }",
    };
    await inspected(files, (found) => {
      assert.deepEqual(found.web, { name: "web", command: "gunicorn shop.wsgi -b :$PORT", where: "Procfile:3" });
      assert.deepEqual(found.release?.where, "Procfile:2");
      assert.deepEqual(
        found.others.map(({ name }) => name),
        ["worker"],
      );
    });
  });

  it("are those of a compose file beside the project's folder, with paths relative to the project", async () => {
    const files = {
      "app/manage.py": "",
      "docker-compose.yml": "services: { web: { build: { context: ./app, dockerfile: Dockerfile.prod } } }",
    };
    await inFolder(files, (folder) => {
      assert.equal(inspectProcesses(path.join(folder, "app"), folder).dockerfile?.value, "Dockerfile.prod");
    });
  });

  it("take a variable's default before what an example of .env says", async () => {
    const files = {
      ".env.example": "MODE=development\nUSER_ID=1000\n",
      "compose.yaml":
        "services: { web: { build: { context: ., args: { MODE: '${MODE:-production}', USER_ID: '${USER_ID}' } } } }",
    };
    await inspected(files, ({ buildArgs }) => {
      assert.deepEqual(buildArgs?.value, { MODE: "production", USER_ID: "1000" });
    });
  });

  it("leave out what is built from another stage, such as assets", async () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: { context: ., target: app } }, css: { build: { context: ., target: assets }, command: yarn build } }",
    };
    await inspected(files, ({ web, others }) => {
      assert.deepEqual([web?.name, others], ["web", []]);
    });
  });

  it("are read from a file of compose's first version, which has no key for services", async () => {
    const files = {
      "docker-compose.yml":
        "web:\n  build: .\n  command: gunicorn shop.wsgi\nworker:\n  build: .\n  command: celery -A shop worker\ndb:\n  image: postgres:17\n",
    };
    await inspected(files, ({ web, others, services }) => {
      assert.deepEqual(web, { name: "web", command: "gunicorn shop.wsgi", where: "docker-compose.yml:3" });
      assert.deepEqual([others.map(({ name }) => name), services.map(({ name }) => name)], [["worker"], ["db"]]);
    });
  });

  it("take what others wait for the end of for the release", async () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: ., command: gunicorn shop.wsgi, depends_on: { init: { condition: service_completed_successfully } } }, init: { build: ., command: ./init.sh } }",
    };
    await inspected(files, ({ release, others }) => {
      assert.deepEqual([release?.command, others], ["./init.sh", []]);
    });
  });

  it("leave out a file that is no YAML, and name it", async () => {
    await inspected({ "compose.yaml": "services: [" }, ({ web, unreadable }) => {
      assert.equal(web, undefined);
      assert.deepEqual(unreadable, ["compose.yaml"]);
    });
  });

  it("leave out a compose file with an alias of nothing, or with aliases without end", async () => {
    const levels = "bcdefgh".split("").map((name, at) => {
      const below = "abcdefg".charAt(at);
      return `x-${name}: &${name} [${`*${below},`.repeat(9)}]\n`;
    });
    const web = "services:\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n";
    for (const extra of ["    environment: *nothing\n", `x-a: &a [x,x]\n${levels.join("")}`]) {
      await inspected({ "compose.yaml": web + extra }, (found) => {
        assert.equal(found.web, undefined);
        assert.deepEqual(found.unreadable, ["compose.yaml"]);
      });
    }
  });
});
