import assert from "node:assert/strict";

import { decidedFor, type Project } from "./decided";

const base = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n";
const sqlite = (name: string): string =>
  `${base}DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ${name}}}\n`;
const compose = (volumes: string, environment = "{}"): Record<string, string> => ({
  "compose.yaml": `services: { web: { build: ., command: gunicorn shop.wsgi, volumes: ${volumes}, environment: ${environment} } }`,
});
const usual = sqlite('BASE_DIR / "data" / "db.sqlite3"');

describe("the volume for the file of SQLite that init decides on", () => {
  const cases: [title: string, project: Project, size: string | undefined][] = [
    [
      "is there where a compose file keeps its folder",
      { settings: usual, files: compose("['data:/app/data']") },
      "1Gi",
    ],
    [
      "is there where that is a folder of the machine",
      { settings: usual, files: compose("['static:/app/static', './data:/app/data']") },
      "1Gi",
    ],
    [
      "is there where that is the file itself",
      { settings: sqlite('BASE_DIR / "db.sqlite3"'), files: compose("['./db.sqlite3:/app/db.sqlite3']") },
      "1Gi",
    ],
    [
      "is there where a variable says where the file is",
      {
        settings: sqlite('os.environ.get("SQLITE_FILE", BASE_DIR / "db.sqlite3")'),
        files: compose("['data:/data']", "{ SQLITE_FILE: /data/shop.sqlite3 }"),
      },
      "1Gi",
    ],
    [
      "is there where a URL says it",
      {
        settings: "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n",
        files: compose("['data:/data']", "{ DATABASE_URL: sqlite:////data/shop.sqlite3 }"),
      },
      "1Gi",
    ],
    [
      "is there where a hosting platform has it",
      {
        settings: sqlite('"/data/db.sqlite3"'),
        files: {
          "fly.toml": '[processes]\napp = "gunicorn shop.wsgi"\n[mounts]\nsource = "data"\ndestination = "/data"\n',
        },
      },
      "1Gi",
    ],
    ["is none where the volume has something else", { settings: usual, files: compose("['m:/app/media']") }, undefined],
    [
      "is none where the volume has the project, as on a developer's machine",
      { settings: usual, files: compose("['.:/app']") },
      undefined,
    ],
    [
      "is none where the database is in memory",
      { settings: sqlite('":memory:"'), files: compose("['d:/']") },
      undefined,
    ],
    [
      "is none where the database is Postgres",
      {
        settings: `${base}DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}\n`,
        files: compose("['data:/app']"),
      },
      undefined,
    ],
  ];
  for (const [title, project, size] of cases) {
    it(title, async () => {
      await decidedFor(project, ({ databaseStorage }) => {
        assert.equal(databaseStorage, size);
      });
    });
  }
});
