import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { dockerfileIn, findDockerfile } from "../../../components/image/findDockerfile";
import { ownEnvironment } from "../helpers/environment";
import { temporaryFolder } from "../helpers/folders";
import { isProblem } from "../helpers/problems";

describe("The Dockerfile of a project", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const place = { folder: "shop", dockerfile: undefined, stage: undefined };
  const stages = "FROM scratch AS Build\nFROM scratch AS run\n";

  beforeEach(() => {
    folder.write({ "shop/manage.py": "" });
    process.chdir(folder.path());
  });

  it("is the first of the places where projects have it", () => {
    const places = [
      "Dockerfile",
      "Containerfile",
      "dockerfile",
      "docker/Dockerfile",
      "docker/Containerfile",
      "docker/production/Dockerfile",
      "docker/prod/Dockerfile",
      "docker/django/Dockerfile",
      "docker/web/Dockerfile",
      "docker/app/Dockerfile",
      "compose/production/django/Dockerfile",
      "dockerfiles/Dockerfile",
      "dockerfiles/django/Dockerfile",
      "dockerfiles/web/Dockerfile",
      "dockerfiles/app/Dockerfile",
      ".docker/Dockerfile",
      "deploy/Dockerfile",
      "Dockerfile.prod",
      "Dockerfile.production",
      "docker/Dockerfile.prod",
      "docker/Dockerfile.production",
    ];
    folder.write(Object.fromEntries(places.map((each) => [path.join("shop", each), stages])));
    for (const each of places) {
      assert.equal(findDockerfile("shop"), each);
      assert.equal(dockerfileIn(place), each);
      fs.rmSync(path.join("shop", each));
    }
    assert.equal(findDockerfile("shop"), undefined);
  });

  const compose = (...builds: string[]): string =>
    ["services:", ...builds.flatMap((build, at) => [`  s${at}:`, `    build: ${build}`])].join("\n");

  it("is the one that a compose file builds where there is none in those places", () => {
    folder.write({ "shop/ops/web.Dockerfile": stages, "shop/compose.yaml": "" });
    for (const text of [
      compose("{ context: ., dockerfile: ops/web.Dockerfile }"),
      compose("{ dockerfile: ./ops/web.Dockerfile }", "{ context: ./, dockerfile: ops/web.Dockerfile }", "frontend"),
    ]) {
      folder.write({ "shop/compose.yaml": text });
      assert.equal(findDockerfile("shop"), "ops/web.Dockerfile");
    }
    folder.write({ "shop/Dockerfile": stages });
    assert.equal(findDockerfile("shop"), "Dockerfile");
  });

  it("is one of Python in a rarer place where there is no other", () => {
    const rare = [
      "docker/django/production/Dockerfile",
      "deployment/docker/Dockerfile",
      "tools/docker/Dockerfile",
      "src/docker/Dockerfile",
      "web.Dockerfile",
      "Dockerfile.web",
      "Dockerfile.api",
      "docker/backend.Dockerfile",
      "docker/default.Dockerfile",
      "dockerfiles/Dockerfile.django",
    ];
    folder.write(Object.fromEntries(rare.map((each) => [path.join("shop", each), "FROM python:3.13\nCOPY . .\n"])));
    for (const each of rare) {
      assert.equal(findDockerfile("shop"), each);
      fs.rmSync(path.join("shop", each));
    }
    folder.write({ "shop/Dockerfile.web": "FROM nginx\n", "shop/Dockerfile.app": "FROM python:3.13\nCOPY . .\n" });
    assert.equal(findDockerfile("shop"), "Dockerfile.app");
    for (const proxy of [
      "FROM nginx:1.27\n# In front of gunicorn.\nCOPY uwsgi_params /etc/nginx/\n",
      "FROM nginxinc/nginx-unprivileged\nCOPY django.conf /etc/nginx/conf.d/\n",
      "FROM debian\n# In front of gunicorn.\nRUN apt-get install -y nginx\n",
    ]) {
      folder.write({ "shop/Dockerfile.web": proxy, "shop/uwsgi_params": "", "shop/django.conf": "" });
      assert.equal(findDockerfile("shop"), "Dockerfile.app", proxy);
    }
    folder.write({ "shop/Dockerfile.web": "FROM shop/base AS app\nCMD gunicorn shop.wsgi\nFROM nginx\n" });
    assert.equal(findDockerfile("shop"), "Dockerfile.web");
    folder.write({ "shop/Dockerfile.web": "FROM nginx\n" });
    folder.write({ "shop/Dockerfile.django": "FROM python:3.13\nCOPY requirements/gone.txt .\n" });
    assert.equal(findDockerfile("shop"), "Dockerfile.app");
    folder.write({ "shop/Dockerfile.web": "FROM shop/base\nRUN pip install -r requirements.txt\n" });
    assert.equal(findDockerfile("shop"), "Dockerfile.web");
    fs.rmSync("shop/Dockerfile.web");
    fs.rmSync("shop/Dockerfile.app");
    folder.write({ "shop/ops/requirements.txt": "ansible\n" });
    for (const text of [
      "FROM hashicorp/terraform\nRUN apk add py3-pip && pip install awscli\n",
      "FROM python:3.13\nCOPY ops/requirements.txt .\nRUN pip install -r requirements.txt\nCOPY ops /ops\n",
    ]) {
      folder.write({ "shop/ops/Dockerfile": text });
      assert.equal(findDockerfile("shop"), undefined, text);
    }
    folder.write({ "shop/src/manage.py": "", "shop/ops/Dockerfile": "FROM python:3.13\nCOPY src /srv\n" });
    assert.equal(findDockerfile("shop"), "ops/Dockerfile");
    fs.rmSync("shop/src/manage.py");
    folder.write({ "shop/src/core/manage.py": "" });
    assert.equal(findDockerfile("shop"), "ops/Dockerfile");
    folder.write({ "shop/ops/Dockerfile": stages, "shop/compose.yaml": compose("{ dockerfile: ops/Dockerfile }") });
    assert.equal(findDockerfile("shop"), "ops/Dockerfile");
  });

  it("is none where a compose file does not tell it", () => {
    folder.write({ "shop/ops/web.Dockerfile": stages, "shop/ops/other.Dockerfile": stages });
    for (const text of [
      "services: [",
      "services: {}",
      compose("{ dockerfile: ops/missing.Dockerfile }"),
      compose("{ context: .., dockerfile: ops/web.Dockerfile }"),
      compose("{ dockerfile: ops/web.Dockerfile }", "{ dockerfile: ops/other.Dockerfile }"),
    ]) {
      folder.write({ "shop/docker-compose.yml": text });
      assert.equal(findDockerfile("shop"), undefined, text);
    }
  });

  it("is no folder of that name", () => {
    folder.write({ "shop/Dockerfile/README.md": "", "shop/docker/Dockerfile": stages });
    assert.equal(dockerfileIn(place), "docker/Dockerfile");
  });

  it("is the one that is set, wherever it is", () => {
    folder.write({ "shop/Dockerfile": stages, "shop/ops/web.Dockerfile": stages, "web.Dockerfile": stages });
    assert.equal(dockerfileIn({ ...place, dockerfile: "ops/web.Dockerfile" }), "ops/web.Dockerfile");
    assert.equal(dockerfileIn({ ...place, dockerfile: "../web.Dockerfile" }), "../web.Dockerfile");
  });

  it("may have the stage that is set", () => {
    folder.write({ "shop/Dockerfile": stages });
    assert.equal(dockerfileIn({ ...place, stage: "build" }), "Dockerfile");
  });

  const example = "run `git checkout -- app` to get the example back";
  const refused: [what: string, given: Partial<typeof place> | object, message: string][] = [
    [
      "a folder that is not there",
      { folder: "../none" },
      'Config key "project" is "../none", and there is no such folder: allowed is the folder of a Django project, relative to this one; run `pulumi config set project ../FOLDER`.',
    ],
    [
      "a file in place of a folder",
      { folder: "shop/manage.py" },
      'Config key "project" is "shop/manage.py", a file: allowed is the folder of a Django project, relative to this one; run `pulumi config set project shop`.',
    ],
    [
      "a path below a file",
      { folder: "shop/manage.py/shop" },
      'Config key "project" is "shop/manage.py/shop", and there is no such folder: allowed is the folder of a Django project, relative to this one; run `pulumi config set project ../FOLDER`.',
    ],
    [
      "a link that leads nowhere",
      { folder: "gone" },
      'Config key "project" is "gone", a link that leads nowhere: allowed is the folder of a Django project, relative to this one; run `pulumi config set project ../FOLDER`.',
    ],
    [
      "the example that was removed",
      { folder: "app" },
      `Config key "project" is "app", and there is no such folder: allowed is the folder of a Django project, relative to this one; ${example}, or \`pulumi config set project ../FOLDER\`.`,
    ],
    [
      "no Dockerfile",
      {},
      "shop has no Dockerfile, which says how the image of your project is built; run `npm run init -- shop`, which writes one, or `pulumi config set dockerfile PATH`.",
    ],
    [
      "no Dockerfile in a folder with a blank",
      { folder: "my shop" },
      "my shop has no Dockerfile, which says how the image of your project is built; run `npm run init -- 'my shop'`, which writes one, or `pulumi config set dockerfile PATH`.",
    ],
    [
      "a Dockerfile that is not there",
      { dockerfile: "ops/Dockerfile" },
      'Config key "dockerfile" is "ops/Dockerfile", and shop/ops/Dockerfile is no file: allowed is the path of a Dockerfile, relative to the project; run `pulumi config set dockerfile PATH`.',
    ],
  ];
  for (const [what, given, message] of refused) {
    it(`is refused for ${what}`, () => {
      folder.write({ "my shop/manage.py": "" });
      fs.symlinkSync("nowhere", "gone");
      assert.throws(() => dockerfileIn({ ...place, ...given }), isProblem(message));
    });
  }

  it("is refused for an example without one", () => {
    folder.write({ "app/manage.py": "" });
    assert.throws(
      () => dockerfileIn({ ...place, folder: "app" }),
      isProblem(
        `app has no Dockerfile, which says how the image of your project is built; ${example}, or \`npm run init -- FOLDER\` with the folder of your project.`,
      ),
    );
  });

  it("is refused for one that is set and not there, with the one that is", () => {
    folder.write({ "shop/docker/Dockerfile": stages });
    assert.throws(
      () => dockerfileIn({ ...place, dockerfile: "Dockerfile" }),
      isProblem(
        'Config key "dockerfile" is "Dockerfile", and shop/Dockerfile is no file: allowed is the path of a Dockerfile, relative to the project; run `pulumi config rm dockerfile`, which leaves shop/docker/Dockerfile.',
      ),
    );
  });

  it("is refused for a stage that it does not have", () => {
    folder.write({ "shop/Dockerfile": stages });
    assert.throws(
      () => dockerfileIn({ ...place, stage: "test" }),
      isProblem(
        'Config key "buildTarget" is "test", and shop/Dockerfile has no such stage; run `pulumi config rm buildTarget`, which leaves the last one.',
      ),
    );
  });
});
