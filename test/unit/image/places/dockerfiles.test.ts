import assert from "node:assert/strict";

import { temporaryFolder } from "../../helpers/folders";
import { type Built, placesWith } from "../../helpers/imagePlaces";

/** What is known of an image: why it is refused, or its folders of the project and what has to be built. */
interface Known {
  refused?: string;
  roots?: string[];
  /** Places of shop/views.py. */
  view?: string[];
  /** Files for which the image has to be built with debug on. */
  builds?: string[];
  /** Those for which it has to be built with debug off only. */
  collected?: string[];
}

const project = [
  "config/__init__.py",
  "config/settings.py",
  "config/wsgi.py",
  "manage.py",
  "shop/__init__.py",
  "shop/static/shop/site.css",
  "shop/templates/shop/index.html",
  "shop/views.py",
];
const [pip, toml, css] = ["requirements.txt", "pyproject.toml", "shop/static/shop/site.css"];
const slim = "FROM python:3.13-slim";

/** Shapes of Dockerfiles as public projects and guides have them. */
const shapes: [shape: string, built: Omit<Built, "files">, more: string[], known: Known][] = [
  [
    "of Docker's guide for Django",
    {
      lines: [
        `${slim} AS builder`,
        "RUN mkdir /app",
        "WORKDIR /app",
        "RUN pip install --upgrade pip",
        "COPY requirements.txt /app/",
        "RUN pip install --no-cache-dir -r requirements.txt",
        slim,
        "RUN useradd -m -r appuser && mkdir /app && chown -R appuser /app",
        "COPY --from=builder /usr/local/lib/python3.13/site-packages/ /usr/local/lib/python3.13/site-packages/",
        "COPY --from=builder /usr/local/bin/ /usr/local/bin/",
        "WORKDIR /app",
        "COPY --chown=appuser:appuser . .",
        "USER appuser",
        'CMD ["gunicorn", "--bind", "0.0.0.0:8000", "config.wsgi:application"]',
      ],
    },
    [pip],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [pip] },
  ],
  [
    "of the old compose tutorial",
    {
      lines: [
        "FROM python:3",
        "RUN mkdir /code",
        "WORKDIR /code",
        "ADD requirements.txt /code/",
        "RUN pip install -r requirements.txt",
        "ADD . /code/",
      ],
    },
    [pip],
    { roots: ["/code"], view: ["/code/shop/views.py"], builds: [pip] },
  ],
  [
    "of cookiecutter-django for production",
    {
      dockerfile: "compose/production/django/Dockerfile",
      lines: [
        "FROM docker.io/node:22 AS client-builder",
        "ARG APP_HOME=/app",
        "WORKDIR ${APP_HOME}",
        "COPY ./package.json ${APP_HOME}",
        "RUN npm install && npm cache clean --force",
        "COPY . ${APP_HOME}",
        "RUN npm run build",
        "FROM docker.io/python:3.13 AS python",
        "FROM python AS python-build-stage",
        "ARG BUILD_ENVIRONMENT=production",
        "COPY ./requirements .",
        "RUN pip wheel --wheel-dir /usr/src/app/wheels -r ${BUILD_ENVIRONMENT}.txt",
        "FROM python AS python-run-stage",
        "ARG APP_HOME=/app",
        "WORKDIR ${APP_HOME}",
        "COPY --from=python-build-stage /usr/src/app/wheels /wheels/",
        "RUN pip install --no-cache-dir --no-index --find-links=/wheels/ /wheels/* && rm -rf /wheels/",
        "COPY --chown=django:django ./compose/production/django/entrypoint /entrypoint",
        "RUN sed -i 's/\\r$//g' /entrypoint && chmod +x /entrypoint",
        "COPY --chown=django:django ./compose/production/django/celery/worker/start /start-celeryworker",
        "RUN sed -i 's/\\r$//g' /start-celeryworker",
        "COPY --from=client-builder --chown=django:django ${APP_HOME} ${APP_HOME}",
        "RUN chown -R django:django ${APP_HOME}",
        "USER django",
        "RUN DATABASE_URL='' python manage.py compilemessages",
        'ENTRYPOINT ["/entrypoint"]',
      ],
    },
    [
      "compose/production/django/celery/worker/start",
      "compose/production/django/entrypoint",
      "locale/de/LC_MESSAGES/django.po",
      "package.json",
      "requirements/base.txt",
      "requirements/production.txt",
      "shop/static/sass/project.scss",
      "webpack/common.config.js",
      "webpack.config.js",
    ],
    {
      roots: ["/app"],
      view: ["/app/shop/views.py"],
      builds: [
        "compose/production/django/celery/worker/start",
        "compose/production/django/entrypoint",
        "locale/de/LC_MESSAGES/django.po",
        "package.json",
        "requirements/base.txt",
        "requirements/production.txt",
        "shop/static/sass/project.scss",
        css,
        "webpack.config.js",
        "webpack/common.config.js",
      ],
    },
  ],
  [
    "of cookiecutter-django for development",
    {
      lines: [
        "FROM docker.io/python:3.13 AS python",
        "FROM python AS python-build-stage",
        "COPY ./requirements .",
        "RUN pip wheel --wheel-dir /usr/src/app/wheels -r local.txt",
        "FROM python AS python-run-stage",
        "ARG APP_HOME=/app",
        "WORKDIR ${APP_HOME}",
        "COPY --from=python-build-stage /usr/src/app/wheels /wheels/",
        "COPY ./compose/local/django/start /start",
        "RUN sed -i 's/\\r$//g' /start",
        "COPY . ${APP_HOME}",
      ],
    },
    ["compose/local/django/start", "requirements/local.txt"],
    {
      roots: ["/app"],
      view: ["/app/shop/views.py"],
      builds: ["compose/local/django/start", "requirements/local.txt"],
    },
  ],
  [
    "of the Wagtail bakery",
    {
      lines: [
        "FROM python:3.12-slim-bookworm",
        "ADD requirements/ /requirements/",
        "RUN pip install -r /requirements/production.txt",
        "RUN mkdir /code/",
        "WORKDIR /code/",
        "ADD . /code/",
        "ENV PORT=8000",
        "RUN DATABASE_URL=postgres://none REDIS_URL=none python manage.py collectstatic --noinput",
        "RUN mkdir -p /code/shop/media && chown -R 1000:2000 /code/shop/media",
        "USER 1000:2000",
        'ENTRYPOINT ["/code/docker-entrypoint.sh"]',
        'CMD ["uwsgi", "/code/etc/uwsgi.ini"]',
      ],
    },
    ["docker-entrypoint.sh", "etc/uwsgi.ini", "requirements/production.txt"],
    {
      roots: ["/code"],
      view: ["/code/shop/views.py"],
      builds: ["docker-entrypoint.sh", "requirements/production.txt", css],
    },
  ],
  [
    "of `wagtail start`",
    {
      lines: [
        slim,
        "RUN useradd wagtail",
        'RUN pip install "gunicorn==20.0.4"',
        "COPY requirements.txt /",
        "RUN pip install -r /requirements.txt",
        "WORKDIR /app",
        "RUN chown wagtail:wagtail /app",
        "COPY --chown=wagtail:wagtail . .",
        "USER wagtail",
        "RUN python manage.py collectstatic --noinput --clear",
        "CMD set -xe; python manage.py migrate --noinput; gunicorn config.wsgi:application",
      ],
    },
    [pip],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [pip], collected: [css] },
  ],
  [
    "of Saleor",
    {
      lines: [
        "FROM python:3.12 AS build-python",
        "COPY --from=ghcr.io/astral-sh/uv:0.8 /uv /uvx /bin/",
        "WORKDIR /app",
        "RUN --mount=type=cache,target=/root/.cache/uv \\",
        "    --mount=type=bind,source=uv.lock,target=uv.lock \\",
        "    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\",
        "    uv sync --locked --no-install-project --no-editable",
        "FROM python:3.12-slim",
        "RUN mkdir -p /app/media /app/static && chown -R saleor:saleor /app/",
        "COPY --from=build-python /app/.venv /app/.venv",
        "ENV PATH=/app/.venv/bin:$PATH",
        "COPY . /app",
        "WORKDIR /app",
        "RUN SECRET_KEY=dummy STATIC_URL=${STATIC_URL} python3 manage.py collectstatic --no-input",
        'CMD ["uvicorn", "config.asgi:application", "--host=0.0.0.0"]',
      ],
    },
    [toml, "uv.lock"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [toml, "uv.lock"], collected: [css] },
  ],
  [
    "of uv's example",
    {
      lines: [
        "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim",
        "WORKDIR /app",
        "ENV UV_COMPILE_BYTECODE=1",
        "RUN --mount=type=cache,target=/root/.cache/uv --mount=type=bind,source=uv.lock,target=uv.lock \\",
        "    --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --locked --no-install-project --no-dev",
        "COPY . /app",
        "RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev",
        "ENTRYPOINT []",
        'CMD ["fastapi", "dev", "--host", "0.0.0.0", "src/uv_docker_example"]',
      ],
    },
    [toml, "uv.lock"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [toml, "uv.lock"] },
  ],
  [
    "of uv's example with stages",
    {
      lines: [
        "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim AS builder",
        "WORKDIR /app",
        "RUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\",
        "    uv sync --locked --no-install-project --no-dev",
        "COPY . /app",
        "RUN uv sync --locked --no-dev",
        "FROM python:3.12-slim-bookworm",
        "COPY --from=builder --chown=nonroot:nonroot /app /app",
        'ENV PATH="/app/.venv/bin:$PATH"',
        "WORKDIR /app",
      ],
    },
    [toml, "uv.lock"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [toml, "uv.lock"] },
  ],
  [
    "of uv with an environment that has the project",
    {
      lines: [
        "FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim AS builder",
        "WORKDIR /app",
        "COPY . /app",
        "RUN uv sync --locked --no-editable",
        slim,
        "COPY --from=builder /app/.venv /app/.venv",
      ],
    },
    [toml, "uv.lock"],
    { refused: "line 4 of Dockerfile installs the project as a package, which a changed file does not reach" },
  ],
  [
    "of Poetry with stages",
    {
      lines: [
        "FROM python:3.11-buster AS builder",
        "RUN pip install poetry==1.4.2",
        "ENV POETRY_VIRTUALENVS_IN_PROJECT=1",
        "WORKDIR /app",
        "COPY pyproject.toml poetry.lock ./",
        "RUN touch README.md",
        "RUN poetry install --without dev --no-root && rm -rf $POETRY_CACHE_DIR",
        "FROM python:3.11-slim-buster AS runtime",
        'ENV VIRTUAL_ENV=/app/.venv PATH="/app/.venv/bin:$PATH"',
        "WORKDIR /app",
        "COPY --from=builder ${VIRTUAL_ENV} ${VIRTUAL_ENV}",
        "COPY config ./config",
        "COPY shop ./shop",
        "COPY manage.py .",
      ],
    },
    [toml, "poetry.lock"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: ["poetry.lock", toml] },
  ],
  [
    "of a wheel that Poetry builds",
    {
      lines: [
        "FROM python:3.11 AS builder",
        "WORKDIR /src",
        "COPY . .",
        "RUN python -m venv /venv && poetry build && /venv/bin/pip install dist/*.whl",
        slim,
        "COPY --from=builder /venv /venv",
        "COPY docker-entrypoint.sh /",
        'CMD ["./docker-entrypoint.sh"]',
      ],
    },
    [toml, "docker-entrypoint.sh"],
    { refused: "line 4 of Dockerfile installs the project as a package, which a changed file does not reach" },
  ],
  [
    "of a package in src that pip installs",
    {
      lines: [slim, "WORKDIR /app", "COPY . .", "RUN pip install --no-cache-dir '.[postgres]'", "CMD shop serve"],
    },
    [toml, "src/a/__init__.py", "src/a/b.py", "src/a/c.py", "src/a/d.py", "src/a/e.py", "src/a/f.py", "src/a/g.py"],
    { refused: "line 4 of Dockerfile installs the project as a package, which a changed file does not reach" },
  ],
  [
    "of a project that pip installs and that runs from its folder",
    { lines: [slim, "WORKDIR /app", "COPY . .", "RUN pip install .", "CMD python manage.py runserver"] },
    [toml],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [toml] },
  ],
  [
    "of a project that pip installs in place",
    { lines: [slim, "COPY . /srv/shop", "RUN pip install --no-deps -e /srv/shop", "CMD shop"] },
    [toml],
    { roots: ["/srv/shop"], view: ["/srv/shop/shop/views.py"], builds: [toml] },
  ],
  [
    "of dependencies that pip reads in pyproject.toml",
    { lines: [slim, "WORKDIR /srv", "COPY pyproject.toml .", "RUN pip install .", "COPY . src/", "CMD shop"] },
    [toml],
    { roots: ["/srv/src"], view: ["/srv/src/shop/views.py"], builds: [toml] },
  ],
  [
    "of Heroku's buildpack for Python",
    {
      lines: [
        "FROM heroku/heroku:24-build",
        "WORKDIR /app",
        "COPY runtime.txt requirements.txt /app/",
        "RUN python3 -m venv /app/.venv && /app/.venv/bin/pip install -r requirements.txt",
        "COPY . /app",
        "CMD honcho start web",
      ],
    },
    [pip, "Procfile", "runtime.txt"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: [pip, "runtime.txt"] },
  ],
  [
    "of Mozilla's Bedrock",
    {
      lines: [
        "FROM node:20-slim AS assets",
        "WORKDIR /app",
        "COPY package.json package-lock.json ./",
        "RUN npm ci --verbose",
        "COPY ./media ./media",
        "COPY webpack.config.js ./",
        "RUN npm run build",
        "FROM python:3.13-slim AS python-builder",
        "WORKDIR /app",
        'ENV PATH="/venv/bin:$PATH"',
        "COPY requirements/prod.txt ./requirements/",
        "RUN pip install --require-hashes --no-cache-dir -r requirements/prod.txt",
        "FROM python:3.13-slim AS app-base",
        "WORKDIR /app",
        "EXPOSE 8000",
        'CMD ["./bin/run.sh"]',
        "COPY --from=python-builder /venv /venv",
        "COPY ./config ./config",
        "COPY ./shop ./shop",
        "COPY ./bin ./bin",
        "COPY ./manage.py ./",
        "COPY ./etc ./etc",
        "FROM app-base AS release",
        "RUN bin/run-sync-all.sh",
        "COPY --from=assets /app/assets /app/assets",
        "RUN honcho run --env docker/envfiles/prod.env docker/bin/build_staticfiles.sh",
        "RUN chown webdev.webdev -R .",
        "USER webdev",
      ],
    },
    ["bin/run.sh", "media/css/a.scss", "media/js/a.js", "package.json", "requirements/prod.txt", "webpack.config.js"],
    {
      roots: ["/app"],
      view: ["/app/shop/views.py"],
      builds: ["media/css/a.scss", "media/js/a.js", "package.json", "requirements/prod.txt", "webpack.config.js"],
      collected: [css],
    },
  ],
  [
    "of nickjj's example",
    {
      lines: [
        "FROM node:22 AS assets",
        "WORKDIR /app/assets",
        "COPY assets/package.json assets/*yarn* ./",
        "RUN yarn install && yarn cache clean",
        "COPY .. /app",
        "RUN ../run yarn:build:js",
        'CMD ["bash"]',
        "FROM python:3.14-slim AS app-build",
        "WORKDIR /app",
        "COPY --chown=python:python pyproject.toml uv.lock* ./",
        "COPY --chown=python:python bin/ ./bin",
        "RUN chmod 0755 bin/* && bin/uv-install",
        'CMD ["bash"]',
        "FROM python:3.14-slim AS app",
        "WORKDIR /app",
        "COPY --chown=python:python --from=assets /app/public /public",
        "COPY --chown=python:python --from=app-build /home/python/.local /home/python/.local",
        "COPY --chown=python:python . .",
        "WORKDIR /app/shop",
        'ENTRYPOINT ["/app/bin/docker-entrypoint-web"]',
        'CMD ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]',
      ],
    },
    ["assets/package.json", "bin/docker-entrypoint-web", "bin/uv-install", toml, "public/logo.png", "uv.lock"],
    {
      roots: ["/app", "/public"],
      view: ["/app/shop/views.py"],
      builds: ["assets/package.json", "bin/docker-entrypoint-web", "bin/uv-install", toml, css, "uv.lock"],
    },
  ],
  [
    "of a project in a folder of a larger repository",
    {
      dockerfile: "backend/Dockerfile",
      lines: [
        "FROM node:22 AS web",
        "WORKDIR /web",
        "COPY frontend/package.json frontend/package-lock.json ./",
        "RUN npm ci",
        "COPY frontend .",
        "RUN npm run build",
        slim,
        "WORKDIR /srv/backend",
        "COPY backend/requirements.txt .",
        "RUN pip install -r requirements.txt",
        "COPY backend .",
        "COPY --from=web /web/dist ./static/dist",
      ],
    },
    [
      "backend/app/__init__.py",
      ...["a", "b", "c", "d", "e", "f"].map((name) => `backend/app/${name}.py`),
      "backend/requirements.txt",
      "frontend/index.html",
      "frontend/package.json",
      "frontend/src/main.tsx",
    ],
    {
      roots: ["/srv/backend"],
      view: [],
      builds: ["backend/requirements.txt", "frontend/index.html", "frontend/package.json", "frontend/src/main.tsx"],
    },
  ],
  [
    "of Tailwind's command in the same stage",
    {
      lines: [
        slim,
        "WORKDIR /app",
        "COPY requirements.txt .",
        "RUN pip install -r requirements.txt",
        "COPY . .",
        "RUN python manage.py tailwind build && python manage.py collectstatic --noinput",
      ],
    },
    [pip, "theme/static_src/styles.css", "theme/static_src/tailwind.config.js"],
    {
      roots: ["/app"],
      view: ["/app/shop/views.py"],
      builds: [pip, css, "theme/static_src/styles.css", "theme/static_src/tailwind.config.js"],
    },
  ],
  [
    "of stages without WORKDIR before the last one",
    {
      lines: [
        "FROM node:22 AS assets",
        "COPY . .",
        "RUN npm ci && npm run build",
        `${slim} AS sources`,
        "COPY shop /shop/",
        "COPY config config",
        slim,
        "WORKDIR /app",
        "COPY --from=sources /shop shop",
        "COPY --from=sources /config config",
        "COPY manage.py .",
        "COPY --from=assets /dist shop/static/dist",
      ],
    },
    ["package.json"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: ["package.json", css] },
  ],
  [
    "of stylesheets that a stage makes of templates",
    {
      lines: [
        "FROM node:22 AS css",
        "WORKDIR /css",
        "COPY shop/templates shop/templates",
        "COPY tailwind.config.js input.css ./",
        "RUN npx tailwindcss -i input.css -o out.css",
        slim,
        "WORKDIR /app",
        "COPY . .",
        "COPY --from=css /css/out.css shop/static/out.css",
      ],
    },
    ["input.css", "tailwind.config.js"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: ["input.css", "tailwind.config.js"] },
  ],
  [
    "of one stage for each use",
    {
      stage: "development",
      lines: [
        `${slim} AS base`,
        "WORKDIR /usr/src/app",
        "COPY requirements.txt dev-requirements.txt ./",
        "FROM base AS development",
        "RUN pip install -r dev-requirements.txt",
        "COPY . .",
        "FROM base AS production",
        "RUN pip install -r requirements.txt",
        "COPY . /srv",
        "RUN python /srv/manage.py collectstatic",
      ],
    },
    [pip, "dev-requirements.txt"],
    { roots: ["/usr/src/app"], view: ["/usr/src/app/shop/views.py"], builds: ["dev-requirements.txt", pip] },
  ],
  [
    "of a folder that a build argument names",
    {
      lines: ["ARG ROOT=/app", slim, "ARG ROOT", "WORKDIR $ROOT", "COPY . ./"],
      buildArgs: { ROOT: "/home/django/site" },
    },
    [],
    { roots: ["/home/django/site"], view: ["/home/django/site/shop/views.py"], builds: [] },
  ],
  [
    "of a project in a home folder",
    {
      lines: [slim, "RUN adduser --disabled-password web", "USER web", "WORKDIR /home/web", "COPY --chown=web . ."],
    },
    [],
    { roots: ["/home/web"], view: ["/home/web/shop/views.py"], builds: [] },
  ],
  [
    "of a project in two folders",
    {
      lines: [
        slim,
        "COPY shop /opt/lib/shop",
        "COPY config /opt/site/config",
        "WORKDIR /opt/site",
        "COPY manage.py .",
        "ENV PYTHONPATH=/opt/lib",
      ],
    },
    [],
    { roots: ["/opt/lib/shop", "/opt/site"], view: ["/opt/lib/shop/views.py"], builds: [] },
  ],
  [
    "of configuration beside the project",
    {
      lines: [
        slim,
        "WORKDIR /app",
        "COPY docker/rootfs /",
        "COPY docker/nginx.conf /etc/nginx/nginx.conf",
        "COPY . .",
        'CMD ["supervisord", "-c", "/etc/supervisord.conf"]',
      ],
    },
    ["docker/nginx.conf", "docker/rootfs/etc/supervisord.conf"],
    {
      roots: ["/app"],
      view: ["/app/shop/views.py"],
      builds: ["docker/nginx.conf", "docker/rootfs/etc/supervisord.conf"],
    },
  ],
  [
    "of scripts that run before the sources are there",
    {
      lines: [
        "FROM debian:12",
        "COPY scripts/install.sh /tmp/",
        "RUN sh /tmp/install.sh",
        "WORKDIR /app",
        "COPY models/fetch.py /tmp/",
        "RUN python3 /tmp/fetch.py",
        "COPY . .",
      ],
    },
    ["models/fetch.py", "scripts/install.sh"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: ["models/fetch.py", "scripts/install.sh"] },
  ],
  [
    "of an environment in the project's folder",
    {
      lines: [
        slim,
        "WORKDIR /app",
        "COPY Pipfile Pipfile.lock ./",
        "RUN PIPENV_VENV_IN_PROJECT=1 pipenv sync",
        "COPY . .",
      ],
    },
    ["Pipfile", "Pipfile.lock"],
    { roots: ["/app"], view: ["/app/shop/views.py"], builds: ["Pipfile", "Pipfile.lock"] },
  ],
  [
    "without WORKDIR",
    { lines: ["FROM registry.example.com/django-base", "COPY . .", 'CMD ["./manage.py"]'] },
    [],
    { refused: "line 2 of Dockerfile copies the project to a folder that Dockerfile does not tell" },
  ],
  [
    "of a base image's variable",
    { lines: ["FROM registry.example.com/django-base", "COPY . $APP_ROOT/src"] },
    [],
    { refused: "line 2 of Dockerfile copies the project to a folder that Dockerfile does not tell" },
  ],
  [
    "with the project at the top of the file system",
    { lines: [slim, "COPY . /", "CMD python manage.py runserver"] },
    [],
    { refused: "Dockerfile copies the project into /, a folder of the base image's own" },
  ],
  [
    "with the project among the installed packages",
    { lines: [slim, "COPY . /usr/local/lib/python3.13/site-packages/"] },
    [],
    {
      refused:
        "Dockerfile copies the project into /usr/local/lib/python3.13/site-packages, a folder of the base image's own",
    },
  ],
  [
    "that clones the project",
    { lines: [slim, "RUN git clone https://example.com/shop /app", "COPY Makefile /app/"] },
    ["Makefile"],
    { refused: "Dockerfile copies no Python file of the project into the image" },
  ],
];

describe("A Dockerfile", () => {
  const folder = temporaryFolder();
  for (const [shape, built, more, known] of shapes) {
    it(`${shape} ${known.refused === undefined ? "tells where the project is" : "is refused"}`, () => {
      const files = [...project, ...more].sort();
      const places = placesWith(folder, { ...built, files });
      if ("refused" in places) {
        assert.deepEqual({ refused: places.refused }, known);
        return;
      }
      const builds = (debug: boolean): string[] =>
        files.filter((file) => places.needsBuild(file, { debug }) !== undefined);
      const collected = builds(false).filter((file) => !builds(true).includes(file));
      assert.deepEqual(
        {
          roots: places.roots,
          view: places.placesOf("shop/views.py"),
          builds: builds(true),
          ...(collected.length > 0 && { collected }),
        },
        known,
      );
    });
  }
});
