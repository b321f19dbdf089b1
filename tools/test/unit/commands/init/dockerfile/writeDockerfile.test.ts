import assert from "node:assert/strict";

import { planDockerfile } from "../../../../../commands/init/dockerfile/planDockerfile";
import { writeDockerfile } from "../../../../../commands/init/dockerfile/writeDockerfile";
import { writeDockerignore } from "../../../../../commands/init/dockerfile/writeDockerignore";
import type { DependencyTool, Variable } from "../../../../../commands/init/findings";
import { dependencies, found, settings } from "./helpers";

const secretKey: Variable = {
  name: "SECRET_KEY",
  where: "shop/settings.py:20",
  hasDefault: false,
  isRequired: true,
  defaultText: undefined,
  isSecret: true,
};

describe("the Dockerfile that is written", () => {
  it("gives a token in the URL of an index to the installation alone, as a build secret", () => {
    const text = writeDockerfile(
      planDockerfile(settings({}), dependencies(["django"], { indexVariables: [{ value: "TOKEN", where: "r.txt" }] })),
    );
    assert.match(
      text,
      /--mount=type=secret,id=TOKEN \\\n {4}export TOKEN="\$\(cat \/run\/secrets\/TOKEN\)" && \\\n {4}python -m pip .*\\\n.* -r requirements\.txt\n/,
    );
    assert.equal(text.split("type=secret").length, 2);
  });

  it("installs the last setuptools with pkg_resources that an older Python has, unless there is one", () => {
    assert.match(
      writeDockerfile(planDockerfile(settings({}), dependencies(["django"], { python: found("3.8") }))),
      /unless a package has brought an older one\.\nRUN .*\n {4}python -m pip .*\n.* --no-compile "setuptools<81"\n/,
    );
  });

  it("installs the member of a workspace, with the extra that has Django", () => {
    const uv = { tool: found<DependencyTool>("uv"), files: ["uv.lock"], member: "web", extras: ["site"] };
    assert.match(
      writeDockerfile(planDockerfile(settings({}), dependencies(["django"], uv))),
      /uv sync --frozen --no-dev --package web --no-install-package web \\\n {8}--extra site\n/,
    );
  });

  it("installs requirements, collects static files and serves them with WhiteNoise", () => {
    const changes = { staticRoot: found(true as const), variables: [secretKey] };
    assert.equal(
      writeDockerfile(planDockerfile(settings(changes), dependencies(["django"]))),
      `ARG PYTHON_VERSION=3.13

FROM python:\${PYTHON_VERSION}-slim AS venv

WORKDIR /app

# pip stays out of the image: the base's pip installs into the environment.
RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,source=requirements.txt,target=requirements.txt \\
    python -m pip --python /venv/bin/python install \\
        --disable-pip-version-check --no-compile -r requirements.txt

# What serves the project.
RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m pip --python /venv/bin/python install \\
        --disable-pip-version-check --no-compile gunicorn==27.0.1 whitenoise==6.12.0

# Nothing can be compiled on a read-only file system, and a start without bytecode is slow. The tests of packages
# do without, and of translations only the compiled ones are read. Some packages contain templates that cannot be
# compiled.
RUN find /venv -name "*.po" -delete; \\
    python -m compileall -qq --invalidation-mode unchecked-hash \\
        -x "site-packages/(?!django/).*/tests?/" /venv/lib || true


FROM python:\${PYTHON_VERSION}-slim

# The user owns the project's folder: a SQLite file or uploads can be written there.
RUN useradd --uid 10001 --user-group --create-home --key HOME_MODE=0755 django \\
    && install --directory --owner 10001 --group 10001 /app

ENV PATH=/venv/bin:$PATH \\
    PYTHONUNBUFFERED=1 \\
    PORT=8000 \\
    WEB_CONCURRENCY=2 \\
    PYTHONPATH=/srv

WORKDIR /app

COPY --from=venv /venv /venv

# The official image has no bytecode for Python's own library either: load once what every start loads.
RUN python -c "import gunicorn.app.wsgiapp, gunicorn.workers.gthread; from django.conf import settings; \\
        settings.configure(); \\
        from django.core.wsgi import get_wsgi_application as start; start()"

COPY <<"END" /srv/with_static_files.py
"""The project with its static files, which settings leave to a web server."""

from whitenoise import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

from shop.wsgi import application as project


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise as the settings configure it, in front of Django instead of in it."""

    __call__ = WhiteNoise.__call__
    serve = staticmethod(WhiteNoise.serve)

    def __init__(self):
        super().__init__()
        self.use_finders = True
        if not self.autorefresh:
            self.add_files_from_finders()


application = StaticFiles()
application.application = project
END

COPY --chown=10001:10001 . /app

# The settings have no default for these variables: collectstatic gets placeholders, which the image does
# not keep. Add those that it still misses.
RUN python -m compileall -qq --invalidation-mode unchecked-hash /app; \\
    SECRET_KEY=placeholder \\
    python manage.py collectstatic --no-input --verbosity 0 \\
    && chown --recursive --from=root:root 10001:10001 /app

# Numeric, so that Kubernetes can tell that it is not root.
USER 10001:10001

EXPOSE 8000

CMD ["gunicorn", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket", "--access-logfile", "-", "with_static_files:application"]
`,
    );
  });

  it("has the libraries of a psycopg2 that is compiled, in a project below src/", () => {
    const changes = {
      manageFolder: "src",
      servesStaticFiles: found(true as const),
      inspectedModule: "shop.settings.production",
    };
    const locked = dependencies(["django", "psycopg2", "gunicorn"], {
      tool: found("uv"),
      files: ["uv.lock", "pyproject.toml"],
      python: found("3.12"),
    });
    assert.equal(
      writeDockerfile(planDockerfile(settings(changes), locked)),
      `ARG PYTHON_VERSION=3.12

FROM python:\${PYTHON_VERSION}-slim AS venv

WORKDIR /app

RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \\
    apt-get update && apt-get install --yes --no-install-recommends \\
        gcc libc6-dev libpq-dev

# pip stays out of the image: the base's pip installs into the environment.
RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m venv /tool && /tool/bin/pip install --disable-pip-version-check uv==0.13.9

ENV UV_LINK_MODE=copy \\
    UV_PROJECT_ENVIRONMENT=/venv \\
    UV_PYTHON=/venv/bin/python \\
    UV_PYTHON_DOWNLOADS=never
RUN --mount=type=cache,target=/root/.cache/uv \\
    --mount=type=bind,source=uv.lock,target=uv.lock \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    /tool/bin/uv sync --frozen --no-dev --no-install-project

# Nothing can be compiled on a read-only file system, and a start without bytecode is slow. The tests of packages
# do without, and of translations only the compiled ones are read. Some packages contain templates that cannot be
# compiled.
RUN find /venv -name "*.po" -delete; \\
    python -m compileall -qq --invalidation-mode unchecked-hash \\
        -x "site-packages/(?!django/).*/tests?/" /venv/lib || true


FROM python:\${PYTHON_VERSION}-slim

RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt/lists,sharing=locked \\
    apt-get update && apt-get install --yes --no-install-recommends \\
        libpq5

# The user owns the project's folder: a SQLite file or uploads can be written there.
RUN useradd --uid 10001 --user-group --create-home --key HOME_MODE=0755 django \\
    && install --directory --owner 10001 --group 10001 /app

ENV PATH=/venv/bin:$PATH \\
    PYTHONUNBUFFERED=1 \\
    PORT=8000 \\
    WEB_CONCURRENCY=2 \\
    DJANGO_SETTINGS_MODULE=shop.settings.production

WORKDIR /app/src

COPY --from=venv /venv /venv

# The official image has no bytecode for Python's own library either: load once what every start loads.
RUN python -c "import gunicorn.app.wsgiapp, gunicorn.workers.gthread; from django.conf import settings; \\
        settings.configure(); \\
        from django.core.wsgi import get_wsgi_application as start; start()"

COPY --chown=10001:10001 . /app

# A file that cannot be compiled is left to the process, whose traceback is shown.
RUN python -m compileall -qq --invalidation-mode unchecked-hash /app; \\
    chown --recursive --from=root:root 10001:10001 /app

# Numeric, so that Kubernetes can tell that it is not root.
USER 10001:10001

EXPOSE 8000

CMD ["gunicorn", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--access-logfile", "-", "shop.wsgi:application"]
`,
    );
  });

  it("names the settings where manage.py or wsgi.py does not", () => {
    const found = {
      settingsModule: { value: "shop.settings", where: "" },
      wsgi: { value: "shop.wsgi:app", where: "" },
    };
    const text = (namesSettings: boolean): string =>
      writeDockerfile(planDockerfile(settings({ ...found, namesSettings }), dependencies(["django"])));
    assert.match(text(false), /DJANGO_SETTINGS_MODULE=shop\.settings$/m);
    assert.doesNotMatch(text(true), /DJANGO_SETTINGS_MODULE/);
  });

  it("has the environment where scripts of the project activate it", () => {
    const text = writeDockerfile(planDockerfile(settings(), dependencies(["django"]), ["/venv", "/opt/venv"]));
    assert.match(text, /^RUN mkdir --parents \/opt && ln --symbolic \/venv \/opt\/venv$/m);
    assert.equal(text.match(/--symbolic/g)?.length, 1);
  });

  it("names the settings that the project is deployed with", () => {
    const found = { settingsModule: { value: "shop.settings", where: "" }, inspectedModule: "shop.render" };
    assert.match(
      writeDockerfile(planDockerfile(settings(found), dependencies(["django"]))),
      /DJANGO_SETTINGS_MODULE=shop\.render$/m,
    );
  });

  it("imports apps from src where manage.py is beside it", () => {
    const text = writeDockerfile(planDockerfile(settings({ importsFromSrc: true }), dependencies(["django"])));
    assert.match(text, /^ENV PATH=.*(\n .*)*\n {4}PYTHONPATH=\/app\/src:\/srv$/m);
  });

  it("puts WhiteNoise around an ASGI application", () => {
    const plan = planDockerfile(settings({ needsAsgi: found(true as const) }), dependencies(["django", "channels"]));
    const text = writeDockerfile(plan);
    const start = text.indexOf("COPY <<");
    assert.equal(
      text.slice(start, text.indexOf("\n\n", text.indexOf("\nEND"))),
      `COPY <<"END" /srv/with_static_files.py
"""The project with its static files, which settings leave to a web server."""

from asgiref.wsgi import WsgiToAsgi
from whitenoise import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

from shop.asgi import application as project


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise as the settings configure it, in front of Django instead of in it."""

    __call__ = WhiteNoise.__call__
    serve = staticmethod(WhiteNoise.serve)

    def __init__(self):
        super().__init__()
        self.use_finders = True
        if not self.autorefresh:
            self.add_files_from_finders()

    def has(self, path):
        return (self.find_file(path) if self.autorefresh else self.files.get(path)) is not None


static_files = StaticFiles()
serve_static_file = WsgiToAsgi(static_files)


async def application(scope, receive, send):
    is_static = scope["type"] == "http" and static_files.has(scope["path"])
    await (serve_static_file if is_static else project)(scope, receive, send)
END`,
    );
    assert.match(
      text,
      /^CMD \["sh", "-c", "exec uvicorn --host 0\.0\.0\.0 --port \$PORT .* with_static_files:application"\]$/m,
    );
  });

  const installations: [DependencyTool, string[], string][] = [
    [
      "pip",
      ["requirements/production.txt", "requirements/base.txt"],
      `RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,source=requirements/production.txt,target=requirements/production.txt \\
    --mount=type=bind,source=requirements/base.txt,target=requirements/base.txt \\
    python -m pip --python /venv/bin/python install \\
        --disable-pip-version-check --no-compile -r requirements/production.txt`,
    ],
    [
      "poetry",
      ["poetry.lock", "pyproject.toml"],
      `RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m venv /tool && /tool/bin/pip install --disable-pip-version-check poetry==2.5.1 poetry-plugin-export==1.10.1

ENV POETRY_NO_INTERACTION=1
RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,source=poetry.lock,target=poetry.lock \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    /tool/bin/poetry export --only main --output /requirements.txt \\
    && python -m pip --python /venv/bin/python install \\
        --disable-pip-version-check --no-compile -r /requirements.txt`,
    ],
    [
      "pdm",
      ["pdm.lock", "pyproject.toml"],
      `RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m venv /tool && /tool/bin/pip install --disable-pip-version-check pdm==2.29.4 hishel==1.4.0

ENV PDM_CHECK_UPDATE=0 \\
    PDM_IGNORE_SAVED_PYTHON=1 \\
    VIRTUAL_ENV=/venv
RUN --mount=type=cache,target=/root/.cache/pdm \\
    --mount=type=bind,source=pdm.lock,target=pdm.lock \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    /tool/bin/pdm sync --prod --no-self --no-editable`,
    ],
    [
      "pipenv",
      ["Pipfile.lock", "Pipfile"],
      `RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m venv /tool && /tool/bin/pip install --disable-pip-version-check pipenv==2026.10.3

ENV PIP_NO_COMPILE=1 \\
    PIPENV_IGNORE_VIRTUALENVS=0 \\
    VIRTUAL_ENV=/venv
RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,source=Pipfile.lock,target=Pipfile.lock \\
    --mount=type=bind,source=Pipfile,target=Pipfile \\
    /tool/bin/pipenv sync`,
    ],
    [
      "uv",
      ["pyproject.toml"],
      `RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    python -m venv /tool && /tool/bin/pip install --disable-pip-version-check uv==0.13.9

ENV UV_LINK_MODE=copy \\
    UV_PROJECT_ENVIRONMENT=/venv \\
    UV_PYTHON=/venv/bin/python \\
    UV_PYTHON_DOWNLOADS=never
RUN --mount=type=cache,target=/root/.cache/uv \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    /tool/bin/uv pip install --python /venv/bin/python -r pyproject.toml`,
    ],
    [
      "pip",
      ["setup.py"],
      `RUN python -m venv --without-pip /venv

RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,target=/app,rw \\
    python -m pip --python /venv/bin/python install \\
        --disable-pip-version-check --no-compile -e .`,
    ],
  ];
  for (const [tool, files, expected] of installations) {
    it(`installs from ${files.join(" and ")} with ${tool}`, () => {
      const changes = { tool: found(tool), files, needsSources: files[0] === "setup.py" };
      const text = writeDockerfile(planDockerfile(settings(), dependencies(["django"], changes)));
      const start = text.indexOf("RUN python -m venv --without-pip /venv");
      assert.equal(text.slice(start, text.indexOf("\n\n# What serves the project.")), expected);
    });
  }

  const withExtra: [tool: DependencyTool, file: string, expected: string][] = [
    ["uv", "uv.lock", "sync --frozen --no-dev --no-install-project \\\n        --extra prod\n"],
    ["uv", "pyproject.toml", "-r pyproject.toml \\\n        --extra prod\n"],
    ["poetry", "poetry.lock", "export --only main --extras prod --output /requirements.txt \\\n"],
    ["poetry", "pyproject.toml", "install --only main --no-root \\\n        --extras prod\n"],
    ["pdm", "pyproject.toml", "install --prod --no-self --no-editable \\\n        --group prod\n"],
  ];
  for (const [tool, file, expected] of withExtra) {
    it(`installs the project's extra for servers from ${file} with ${tool}`, () => {
      const changes = { tool: found(tool), files: [file], extras: ["prod"] };
      const text = writeDockerfile(planDockerfile(settings(), dependencies(["django"], changes)));
      assert.ok(text.includes(expected), text);
    });
  }
});

describe("the .dockerignore that is written", () => {
  it("keeps secrets, databases and what a developer's machine makes out of the image", () => {
    const lines = writeDockerignore(settings()).split("\n");
    for (const line of [".git", "**/.env", "**/.venv", "**/__pycache__", "**/node_modules", "**/*.sqlite3"]) {
      assert.ok(lines.includes(line), line);
    }
    assert.ok(!lines.includes("media"));
  });

  it("keeps uploads out where the settings have a folder for them", () => {
    assert.ok(
      writeDockerignore(settings({ mediaRoot: found("/media") }))
        .split("\n")
        .includes("media"),
    );
  });
});
