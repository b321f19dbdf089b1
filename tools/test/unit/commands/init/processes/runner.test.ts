import assert from "node:assert/strict";

import { byRunner } from "../../../../../commands/init/processes/runner";

describe("A command of a project whose environment is not on PATH", () => {
  const cases: [command: string, like: string | undefined, expected: string][] = [
    ["celery -A shop worker", undefined, "celery -A shop worker"],
    ["celery -A shop worker", "gunicorn shop.wsgi", "celery -A shop worker"],
    ["celery -A shop worker", "exec uv run --no-sync gunicorn shop.wsgi", "uv run --no-sync celery -A shop worker"],
    [
      "celery -A shop worker",
      "uv run --frozen --extra web --group=prod gunicorn shop.wsgi",
      "uv run --frozen --extra web --group=prod celery -A shop worker",
    ],
    // An ENTRYPOINT that runs the command so already
    ["celery -A shop worker", "uv run --no-sync", "celery -A shop worker"],
    ["poetry run celery -A shop worker", "uv run gunicorn shop.wsgi", "poetry run celery -A shop worker"],
    ["cd shop && uv run celery -A shop worker", "uv run gunicorn shop.wsgi", "cd shop && uv run celery -A shop worker"],
    ["cd shop && celery -A shop worker", "uv run gunicorn x", "uv run /bin/sh -c 'cd shop && celery -A shop worker'"],
    ["gunicorn --bind 0.0.0.0:$PORT shop", "uv run gunicorn shop", "uv run gunicorn --bind 0.0.0.0:$PORT shop"],
    ["ROLE=worker celery worker", "uv run gunicorn shop.wsgi", "uv run /bin/sh -c 'ROLE=worker celery worker'"],
  ];
  for (const [command, like, expected] of cases) {
    it(`is run as its web process is: ${command}, where that is ${like ?? "not known"}`, () => {
      assert.equal(byRunner(command, like), expected);
    });
  }
});
