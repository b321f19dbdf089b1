import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { writeTree } from "../../../test/unit/helpers/folders";
import { until } from "../../waiting";
import { inspectDependencies } from "../../commands/init/dependencies/inspectDependencies";
import { planDockerfile } from "../../commands/init/dockerfile/planDockerfile";
import { writeDockerfile } from "../../commands/init/dockerfile/writeDockerfile";
import { writeDockerignore } from "../../commands/init/dockerfile/writeDockerignore";
import type { SettingsFindings } from "../../commands/init/findings";
import { docker } from "../../sandbox/cluster/dockerCli";
import { local } from "../../sandbox/cluster/kinds";
import { baseImage } from "../../sandbox/images/baseImage";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { found, settings } from "../unit/commands/init/dockerfile/helpers";
import { figure } from "./helpers/cluster";
import { Kubectl } from "./helpers/kubectl";

const django = "Django==5.2.19\n";

/** A project as startproject makes it, that keeps a name of its static files and its database beside manage.py. */
const project = {
  "manage.py": `import os, sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
execute_from_command_line(sys.argv)
`,
  "shop/settings.py": `import os
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ["DEBUG"] == "1"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib." + name for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "assets/"
`,
  "shop/urls.py": `from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse(f"{User.objects.count()} users"))]
`,
  "shop/wsgi.py": `import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
`,
  "shop/asgi.py": `import os
from django.core.asgi import get_asgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_asgi_application()
`,
};

const withRoot = `${project["shop/settings.py"]}STATIC_ROOT = BASE_DIR.parent / "collected"\n`;
const secretKey = { where: "shop/settings.py", hasDefault: false, isRequired: true, defaultText: undefined };
const variables = ["SECRET_KEY", "DEBUG"].map((name) => ({ ...secretKey, name, isSecret: name === "SECRET_KEY" }));

describe("the image of a project without a Dockerfile", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-dockerfile-"));
  let kubectl: Kubectl;
  const run = async (...args: string[]): Promise<string> => await docker(local, kubectl.environment, args);

  before(async () => {
    kubectl = await Kubectl.of(local);
    await ensureImage(local, baseImage);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Builds a project's image, and returns the megabytes that it adds to the base. */
  async function build(
    name: string,
    tree: Record<string, string>,
    changes: Partial<SettingsFindings>,
  ): Promise<number> {
    const root = path.join(folder, name);
    const all = settings({ variables, ...changes });
    writeTree(root, { ...project, ...tree });
    const plan = planDockerfile(all, inspectDependencies(root));
    writeTree(root, { Dockerfile: writeDockerfile(plan), ".dockerignore": writeDockerignore(all) });
    await run("build", "--progress", "plain", "--tag", name, root);
    const size = async (image: string): Promise<number> =>
      Number(await run("image", "inspect", "--format", "{{.Size}}", image)) / 1e6;
    return (await size(name)) - (await size(baseImage));
  }

  /** Runs an image, asks for its pages and stops it. */
  async function serve(name: string, debug: "0" | "1"): Promise<{ page: string; css: string; exitCode: string }> {
    const given = ["SECRET_KEY=of-the-test", `DEBUG=${debug}`, "PORT=8321"].flatMap((each) => ["--env", each]);
    const container = await run("run", "--detach", ...given, name);
    try {
      const address = await run("inspect", "--format", "{{.NetworkSettings.IPAddress}}", container);
      const url = `http://${address}:8321`;
      const get = async (file: string): Promise<Response> =>
        await fetch(`${url}${file}`, { headers: { connection: "close" } });
      const css = await until(async () => await get("/assets/admin/css/base.css"), { seconds: 120 });
      await run("exec", container, "python", "manage.py", "migrate", "--skip-checks", "--verbosity", "0");
      const page = await (await get("/")).text();
      await run("stop", "-t", "60", container);
      const exitCode = await run("inspect", "--format", "{{.State.ExitCode}}", container);
      return { page, css: `${css.status} ${css.headers.get("content-type") ?? ""}`, exitCode };
    } finally {
      await run("rm", "--force", container);
    }
  }

  const served = { page: "0 users", css: '200 text/css; charset="utf-8"', exitCode: "0" };

  it("serves pages, static files and writes to SQLite by gunicorn, with debug on and off", async function () {
    const megabytes = await build("init-gunicorn", { "requirements.txt": django }, {});
    figure(this, `${megabytes.toFixed(0)} MB above the base`);
    assert.deepEqual(await serve("init-gunicorn", "1"), served);
    assert.deepEqual(await serve("init-gunicorn", "0"), served);
    assert.ok(megabytes < 45, `${megabytes} MB`);
  });

  it("serves them by uvicorn, with static files that are collected outside the project", async () => {
    const tree = { "requirements.txt": django, "shop/settings.py": withRoot };
    await build("init-uvicorn", tree, { needsAsgi: found(true as const), staticRoot: found(true as const) });
    assert.deepEqual(await serve("init-uvicorn", "0"), served);
  });

  it("is not built where static files cannot be collected", async () => {
    const broken = `${withRoot}STATICFILES_FINDERS = ["shop.missing.Finder"]\n`;
    const tree = { "requirements.txt": django, "shop/settings.py": broken };
    await assert.rejects(
      build("init-broken", tree, { staticRoot: found(true as const) }),
      /No module named 'shop\.missing'/,
    );
  });
});
