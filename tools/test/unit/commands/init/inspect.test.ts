import assert from "node:assert/strict";

import { inspect } from "../../../../commands/init/inspect";
import { locate } from "../../../../commands/init/locate";
import { inFolder } from "./folder";
import { manageFor } from "./settings/project";

describe("what init reads of a project", () => {
  it("is that of the manage.py that was found, and not of one that somebody else's code has below it", async () => {
    const files = {
      Dockerfile: "FROM x\n",
      "backend/manage.py": manageFor("shop.settings"),
      "backend/shop/settings.py": "DEBUG = False\n",
      "backend/vendor/demo/manage.py": manageFor("demo.settings"),
    };
    await inFolder(files, (folder) => {
      const { settings } = inspect(locate(folder), true);
      assert.deepEqual([settings.manageFolder, settings.settingsModule?.value], ["backend", "shop.settings"]);
    });
  });

  const wsgi = (settings: string): string =>
    `import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "${settings}")\napplication = get_wsgi_application()\n`;
  const copied = ["cp settings.example.py shop/settings.py", "cd shop && mv -f ../settings.example.py settings.py"];
  for (const instruction of [
    ...copied.map((each) => `RUN ${each}`),
    "COPY settings.example.py /app/shop/settings.py",
  ]) {
    it(`is that of settings that the image has by ${instruction}`, async () => {
      const files = {
        Dockerfile: `FROM x\nWORKDIR /app\nCOPY . .\n${instruction}\nCMD ["gunicorn", "shop.wsgi"]\n`,
        "manage.py": manageFor("shop.settings"),
        "shop/__init__.py": "",
        "settings.example.py": "import os\nDATABASES = {}\nSECRET_KEY = os.environ['SHOP_KEY']\n",
      };
      await inFolder(files, (folder) => {
        const { settings } = inspect(locate(folder), true);
        assert.equal(settings.inspectedModule, "shop.settings");
        assert.deepEqual(
          settings.variables.map(({ name, where }) => [name, where]),
          [["SHOP_KEY", "shop/settings.py:3"]],
        );
      });
    });
  }

  const servers: [instruction: string, settings: string][] = [
    ["CMD gunicorn shop.wsgi", "live_settings"],
    ['ENTRYPOINT ["gunicorn", "shop.wsgi"]', "live_settings"],
    ["CMD python manage.py runserver", "shop.settings"],
  ];
  for (const [instruction, expected] of servers) {
    it(`is that of ${expected} with debug on, for ${instruction}`, async () => {
      const files = {
        Dockerfile: `FROM x\nWORKDIR /app\nCOPY . .\n${instruction}\n`,
        "manage.py": manageFor("shop.settings"),
        "shop/__init__.py": "",
        "shop/settings.py": "DATABASES = {}\n",
        "shop/wsgi.py": wsgi("live_settings"),
        "live_settings.py": "from shop.settings import *\n",
      };
      await inFolder(files, (folder) => {
        assert.equal(inspect(locate(folder), true).settings.inspectedModule, expected);
      });
    });
  }

  const mounted = (build: string): Record<string, string> => ({
    "manage.py": manageFor("shop.settings"),
    "shop/settings.py": "",
    "compose.yaml": `services:\n  web:\n    build: ${build}\n    volumes: [".:/app"]\n    command: python manage.py runserver\n`,
  });
  const developers = "FROM x AS base\nCOPY pyproject.toml .\nFROM base AS dev\nRUN pip install debug\n";

  it("is the image that has the project, where compose builds one for developers that gets it by a volume", async () => {
    const stages = {
      ...mounted("{ context: ., target: dev }"),
      Dockerfile: `${developers}FROM base AS code\nCOPY . /app\nFROM base\nCOPY --from=code /app /app\n`,
    };
    await inFolder(stages, (folder) => {
      const { processes, image, mountedAlone } = inspect(locate(folder), true);
      assert.deepEqual([processes.buildTarget, image?.stage, mountedAlone], [undefined, undefined, undefined]);
    });
    const files = {
      ...mounted("{ context: ., dockerfile: Dockerfile.dev }"),
      "Dockerfile.dev": developers,
      "Dockerfile.prod": "FROM x\nCOPY manage.py shop /app/\n",
    };
    await inFolder(files, (folder) => {
      assert.equal(inspect(locate(folder), true).image?.dockerfile, "Dockerfile.prod");
    });
  });

  it("is that of a Dockerfile for servers beside the one for developers", async () => {
    const files = {
      ...mounted("{ context: ., dockerfile: deploy/dev/Dockerfile }"),
      "deploy/dev/Dockerfile": developers,
      "deploy/production/Dockerfile": "FROM x\nCOPY . /app\n",
    };
    await inFolder(files, (folder) => {
      assert.equal(inspect(locate(folder), true).image?.dockerfile, "deploy/production/Dockerfile");
    });
  });

  const forServers: [named: string, beside: string][] = [
    ["docker/dev.Dockerfile", "docker/prod.Dockerfile"],
    ["Dockerfile-dev", "Dockerfile"],
    ["docker/Dockerfile.dev", "docker/Dockerfile"],
  ];
  for (const [named, beside] of forServers) {
    it(`is that of ${beside}, where compose builds ${named} and starts scripts of developers`, async () => {
      const services = `
services:
  web: { build: { context: ., dockerfile: ${named} }, command: /start-dev.sh, environment: [DJANGO_SETTINGS_MODULE=shop.settings.local, SIZE=5] }
  jobs: { build: { context: ., dockerfile: ${named} }, command: bash scripts/jobs-dev.sh }
`;
      const files = {
        "manage.py": manageFor("shop.settings"),
        "shop/settings.py": "",
        "compose.yaml": services,
        "scripts/jobs-dev.sh":
          "python manage.py migrate\nwatchmedo auto-restart --directory=. -- celery -A shop worker -B\n",
        [named]: "FROM x\nCOPY . /app\n",
        [beside]: "FROM x\nCOPY . /app\n",
      };
      await inFolder(files, (folder) => {
        const { image, processes } = inspect(locate(folder), true);
        assert.deepEqual([image?.dockerfile, processes.web?.command], [beside, undefined]);
        assert.deepEqual([...processes.environment.keys()], ["SIZE"]);
        assert.deepEqual(
          processes.others.map(({ command, where }) => [command, where]),
          [["celery -A shop worker -B", "scripts/jobs-dev.sh:2"]],
        );
      });
    });
  }

  it("is that of Dockerfile.prod beside one that starts as developers do", async () => {
    const files = {
      "manage.py": manageFor("shop.settings"),
      "shop/settings.py": "",
      Dockerfile: 'FROM x\nCOPY . /app\nENTRYPOINT ["/app/entrypoint-dev.sh"]\n',
      "Dockerfile.prod": "FROM x\nCOPY . /app\n",
    };
    const dockerfileOf = async (more: Record<string, string>): Promise<string | undefined> => {
      let found: string | undefined;
      await inFolder({ ...files, ...more }, (folder) => {
        found = inspect(locate(folder), true).image?.dockerfile;
      });
      return found;
    };
    assert.equal(await dockerfileOf({}), "Dockerfile.prod");
    assert.equal(await dockerfileOf({ Dockerfile: "FROM x\nCOPY . /app\nCMD gunicorn shop.wsgi\n" }), "Dockerfile");
  });

  it("is the command of compose where that of the image only tells something", async () => {
    const files = {
      Dockerfile: 'FROM x\nCOPY . /app\nCMD ["echo", "No command is given."]\n',
      "compose.yaml": "services: { web: { build: ., command: gunicorn shop.wsgi } }",
      "manage.py": manageFor("shop.settings"),
      "shop/settings.py": "",
    };
    await inFolder(files, (folder) => {
      const { image, processes } = inspect(locate(folder), true);
      assert.deepEqual([image?.command, processes.web?.command], [undefined, "gunicorn shop.wsgi"]);
    });
  });

  const last: [title: string, dockerfile: string, stage: string | undefined][] = [
    ["that serves, before one to log in to", 'CMD ["/usr/sbin/sshd", "-D"]', "prod"],
    ["for developers that serves as well", "CMD python manage.py runserver 0.0.0.0:8000", undefined],
  ];
  for (const [title, command, stage] of last) {
    it(`is the stage ${title}`, async () => {
      const files = {
        "manage.py": manageFor("shop.settings"),
        "shop/settings.py": "",
        Dockerfile: `FROM x AS prod\nCOPY . /app\nCMD gunicorn shop.wsgi\nFROM prod AS dev\n${command}\n`,
      };
      await inFolder(files, (folder) => {
        const { image, processes } = inspect(locate(folder), true);
        assert.deepEqual([image?.stage, processes.buildTarget?.value], [stage, stage]);
      });
    });
  }

  it("is the image that compose builds, where no other has the project, and where it does", async () => {
    await inFolder({ ...mounted("{ context: ., target: dev }"), Dockerfile: developers }, (folder) => {
      const { image, mountedAlone } = inspect(locate(folder), true);
      assert.deepEqual([image?.stage, mountedAlone], ["dev", { value: ".", where: "compose.yaml:4", target: "/app" }]);
    });
    const given = {
      ...mounted("{ context: ., target: dev, args: { FROM: . } }"),
      Dockerfile: "FROM x AS dev\nARG FROM\nCOPY ${FROM} /app\nFROM dev\n",
    };
    await inFolder(given, (folder) => {
      const { image, mountedAlone } = inspect(locate(folder), true);
      assert.deepEqual([image?.stage, mountedAlone], ["dev", undefined]);
    });
    const whole = { ...mounted("{ context: ., target: dev }"), Dockerfile: `${developers}COPY . .\nFROM dev\n` };
    await inFolder(whole, (folder) => {
      const { image, mountedAlone } = inspect(locate(folder), true);
      assert.deepEqual([image?.stage, mountedAlone], ["dev", undefined]);
    });
  });
});
