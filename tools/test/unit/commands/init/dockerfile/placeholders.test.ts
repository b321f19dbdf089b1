import assert from "node:assert/strict";

import { placeholders } from "../../../../../commands/init/dockerfile/placeholders";
import type { Variable } from "../../../../../commands/init/findings";
import { found, settings } from "./helpers";

const variable = (name: string, isRequired = true): Variable => ({
  name,
  where: "shop/settings.py:1",
  hasDefault: !isRequired,
  isRequired,
  defaultText: undefined,
  isSecret: false,
});

describe("what collectstatic gets in place of variables", () => {
  it("is a value of the shape that a variable's name promises, and nothing for one that settings do without", () => {
    const names = [
      "SECRET_KEY",
      "DATABASE_URL",
      "DJANGO_DB_ENGINE",
      "REDIS_URL",
      "API_URL",
      "DB_PORT",
      "ALLOWED_HOSTS",
      "USE_S3",
      "KEY_FILE",
    ];
    const variables = [...names.map((name) => variable(name)), variable("SENTRY_DSN", false)];
    assert.deepEqual(Object.fromEntries(placeholders(settings({ variables }))), {
      SECRET_KEY: "placeholder",
      DATABASE_URL: "sqlite:////tmp/placeholder.sqlite3",
      DJANGO_DB_ENGINE: "django.db.backends.sqlite3",
      REDIS_URL: "redis://placeholder:6379/0",
      API_URL: "http://placeholder.invalid",
      DB_PORT: "1",
      ALLOWED_HOSTS: "placeholder.invalid",
      USE_S3: "0",
      KEY_FILE: "/dev/null",
    });
  });

  it("is the last part of an engine where the settings put Django's path before it", () => {
    const changes = { databaseVariables: { engine: "DB_ENGINE" }, enginePath: "django.db.backends." };
    const values = placeholders(settings({ variables: [variable("DB_ENGINE")], ...changes }));
    assert.deepEqual([...values], [["DB_ENGINE", "sqlite3"]]);
  });

  it("is the value with debug off for the variable that decides", () => {
    const changes = { debugVariable: found("DJANGO_DEBUG"), debugValues: found("True,False") };
    const values = placeholders(settings({ variables: [variable("DJANGO_DEBUG")], ...changes }));
    assert.deepEqual([...values], [["DJANGO_DEBUG", "False"]]);
  });
});
