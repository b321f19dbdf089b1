import assert from "node:assert/strict";

import { below, decidedFor } from "./decided";

const postgres = "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n";

describe("the variables that init decides on", () => {
  it("include the database's where only a script of the image reads them", async () => {
    const project = {
      settings: postgres,
      dockerfile:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./start.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
      files: {
        "requirements.txt": "psycopg\n",
        "start.sh":
          '#!/bin/sh\nuntil nc -z "$DATABASE_HOST" ${DB_PORT:-5432}; do sleep 1; done\necho "$GREETING"\nexec "$@"\n',
      },
    };
    await decidedFor(project, (values) => {
      assert.deepEqual(below("env", values), { DATABASE_HOST: "$(PGHOST)", DB_PORT: "$(PGPORT)" });
    });
    await decidedFor({ ...project, settings: "", files: { "start.sh": project.files["start.sh"] } }, (values) => {
      assert.deepEqual(below("env", values), {});
    });
  });
});
