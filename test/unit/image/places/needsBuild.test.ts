import assert from "node:assert/strict";

import { temporaryFolder } from "../../helpers/folders";
import { knownPlaces, placesWith } from "../../helpers/imagePlaces";

describe("A changed file", () => {
  const folder = temporaryFolder();
  const head = ["FROM python:3.13", "WORKDIR /app"];
  const files = ["manage.py", "shop/__init__.py", "shop/apps.py", "shop/models.py", "shop/views.py"];
  const reason = (lines: string[], file: string, debug = true, more: string[] = []): string | undefined =>
    knownPlaces(folder, { lines: [...head, ...lines], files: [...files, ...more, file] }).needsBuild(file, { debug });

  const rows: [what: string, lines: string[], file: string, reason: string | undefined][] = [
    ["is put in its place", ["COPY . ."], "shop/views.py", undefined],
    ["is put in its place although it is new", ["COPY . ."], "shop/tasks.py", undefined],
    ["is nothing to build for if the image does not have it", ["COPY shop shop"], "docs/index.md", undefined],

    ["is built if it is the Dockerfile", ["COPY . ."], "Dockerfile", "it says how the image is built"],
    ["is built if it is the ignore file", ["COPY shop ."], ".dockerignore", "it says how the image is built"],
    [
      "is built if it is the Dockerfile's ignore file",
      ["COPY shop ."],
      "Dockerfile.dockerignore",
      "it says how the image is built",
    ],

    ...["requirements.txt", "requirements-dev.txt", "requirements/base.in", "setup.cfg", "uv.lock", "package.json"].map(
      (file): [string, string[], string, string] => [
        `is built if it is ${file}`,
        ["COPY . ."],
        file,
        "it says what is installed in the image",
      ],
    ),
    ["is put in its place if it is a module named setup.py", ["COPY . ."], "shop/setup.py", undefined],
    ["is nothing to build for if it lists what is not installed", ["COPY shop ."], "docs/requirements.txt", undefined],

    ["is built if it is unpacked", ["ADD fonts.tar.xz /fonts", "COPY . ."], "fonts.tar.xz", "the build unpacks it"],
    [
      "is built if a step has it before the sources",
      ["COPY conf/a.ini /etc/", "RUN make", "COPY . ."],
      "conf/a.ini",
      "a build step reads it",
    ],
    [
      "is built if a step mounts it",
      ["RUN --mount=type=bind,source=conf,target=/conf make", "COPY . ."],
      "conf/a.ini",
      "a build step reads it",
    ],
    ["is put in its place if a later step may read it", ["COPY . .", "RUN make"], "conf/a.ini", undefined],
    [
      "is put in its place if a step mounts all sources",
      ["RUN --mount=target=/src make", "COPY . ."],
      "conf/a.ini",
      undefined,
    ],
    [
      "is built if the ENTRYPOINT runs it",
      ["COPY . .", 'ENTRYPOINT ["/app/run.sh"]'],
      "run.sh",
      "it is the image's ENTRYPOINT",
    ],
    [
      "is built if the ENTRYPOINT runs it in a shell",
      ["COPY . .", "ENTRYPOINT exec ./bin/run"],
      "bin/run",
      "it is the image's ENTRYPOINT",
    ],
    ["is put in its place if the CMD runs it", ["COPY . .", 'CMD ["./run.sh"]'], "run.sh", undefined],
    [
      "is put in its place if it is manage.py",
      ["COPY . .", 'ENTRYPOINT ["python", "manage.py"]'],
      "manage.py",
      undefined,
    ],

    [
      "is built if its place is outside of the project",
      ["COPY a.ini /etc/a.ini", "COPY shop shop"],
      "a.ini",
      "/etc/a.ini in the image is outside of /app/shop",
    ],
    [
      "is built if its place is not known",
      ["COPY a.ini $NOWHERE", "COPY shop shop"],
      "a.ini",
      "its place in the image is not known",
    ],

    [
      "is built if it is a translation that is compiled",
      ["COPY . .", "RUN ./manage.py compilemessages"],
      "shop/locale/de/LC_MESSAGES/django.po",
      "compilemessages reads it while the image is built",
    ],
    [
      "is put in its place if it is a translation that is compiled elsewhere",
      ["COPY . ."],
      "shop/locale/de/LC_MESSAGES/django.po",
      undefined,
    ],
    [
      "is built if a script is made of it",
      ["COPY . .", "RUN npm run build"],
      "shop/main.ts",
      "a build step makes stylesheets or scripts of it",
    ],
    ["is put in its place if nothing is made of it", ["COPY . ."], "shop/main.js", undefined],
    [
      "is put in its place if stylesheets are made for it",
      ["COPY t t", "RUN npx tailwindcss -o a.css", "COPY . ."],
      "t/a.html",
      undefined,
    ],
  ];
  for (const [what, lines, file, expected] of rows) {
    it(what, () => {
      assert.equal(reason(lines, file), expected);
    });
  }

  describe("that is static", () => {
    const collects = "collectstatic copies it while the image is built";
    const ofPages: [what: string, lines: string[], file: string, reason: string | undefined][] = [
      [
        "is built where it is collected",
        ["COPY . .", "RUN python manage.py collectstatic"],
        "shop/static/a.pdf",
        collects,
      ],
      [
        "is built where a shell collects it",
        ["COPY . .", 'RUN su web -c "./manage.py collectstatic"'],
        "a.css",
        collects,
      ],
      [
        "is built where lines collect it",
        ["COPY . .", "RUN <<END", "./manage.py collectstatic", "END"],
        "a.js",
        collects,
      ],
      ["is put in its place where nothing collects it", ["COPY . ."], "shop/static/a.css", undefined],
      [
        "is put in its place as a template",
        ["COPY . .", "RUN ./manage.py collectstatic"],
        "templates/a.svg",
        undefined,
      ],
    ];
    for (const [what, lines, file, expected] of ofPages) {
      it(`${what}, with debug off`, () => {
        assert.equal(reason(lines, file, false), expected);
        assert.equal(reason(lines, file, true), undefined);
      });
    }

    it("is built also with debug on where uWSGI serves what is collected", () => {
      const lines = ["COPY . .", "RUN python manage.py collectstatic", 'CMD ["uwsgi", "--ini", "/etc/uwsgi.ini"]'];
      assert.equal(reason(lines, "shop/static/shop/a.css"), collects);
    });
  });

  it("cannot be put anywhere in an image that has none of the project's folders, which says what to do", () => {
    const refused = (...lines: string[]): unknown => placesWith(folder, { lines, files: [...files, "setup.py"] });
    assert.deepEqual(refused("FROM python", "COPY . .", "WORKDIR /app"), {
      refused: "line 2 of Dockerfile copies the project to a folder that Dockerfile does not tell",
      help: "write `WORKDIR /app` before that line",
    });
    assert.deepEqual(refused("FROM python", "RUN --mount=target=/src pip install /src"), {
      refused: "line 2 of Dockerfile installs the project as a package, which a changed file does not reach",
      help: "install it with `--editable`, or its dependencies only",
    });
    assert.deepEqual(refused("FROM python", "COPY . /usr/lib/site/", "COPY shop/apps.py /"), {
      refused: "Dockerfile copies the project into /usr/lib/site, a folder of the base image's own",
      help: "copy it into one such as /app, and write `WORKDIR /app`",
    });
    assert.deepEqual(refused("FROM python", "COPY manage.py shop/*.py /app/"), {
      refused: "Dockerfile copies the project into no folder of its own",
      help: "copy it into one such as /app, and write `WORKDIR /app`",
    });
    assert.deepEqual(refused("ARG A=b"), {
      refused: "Dockerfile copies no Python file of the project into the image",
      help: "copy it with `COPY . .`",
    });
  });
});

describe("An installation of the project", () => {
  const folder = temporaryFolder();
  const files = ["pyproject.toml", "src/shop/__init__.py", "src/shop/models.py", "src/shop/views.py"];
  const isRefused = (command: string, ...more: string[]): boolean =>
    "refused" in
    placesWith(folder, { lines: ["FROM python", "WORKDIR /app", "COPY . .", `RUN ${command}`, ...more], files });

  for (const command of [
    "pip install .",
    "pip3 install --no-cache-dir ./",
    "/venv/bin/pip install --upgrade /app[postgres]",
    "python -m pip --python /venv/bin/python install .",
    "uv pip install --system '.[dev]'",
    "cd /app && pip install -r requirements.txt .",
    "pip wheel --wheel-dir /wheels . && pip install /wheels/*",
    'sh -c "pip install ."',
    '["pip", "install", "."]',
    "uv sync --frozen --no-editable",
    "pdm sync --prod --no-editable",
    "poetry build -f wheel",
    "uv build",
    "python -m build --wheel",
    "python setup.py install",
  ]) {
    it(`is one with ${command}`, () => {
      assert.equal(isRefused(command), true);
    });
  }

  for (const command of [
    "pip install -e .",
    "pip install --editable=.",
    "pip install -r requirements.txt",
    "pip install --target /app gunicorn",
    "pip install /wheels/*.whl",
    "pip install /opt/other",
    "uv sync --no-editable --no-install-project",
    "uv sync",
    "poetry install",
    "pdm sync --no-editable --no-self",
    "echo pip install",
  ]) {
    it(`is none with ${command}`, () => {
      assert.equal(isRefused(command), false);
    });
  }

  it("does not matter where processes find the project's folder first", () => {
    assert.equal(isRefused("pip install .", "WORKDIR src"), false);
    assert.equal(isRefused("pip install .", "ENV PYTHONPATH=/opt:/app/src"), false);
    assert.equal(isRefused("pip install .", "ENV PYTHONPATH=/app"), true);
  });
});
