import assert from "node:assert/strict";

import { reachable, migrates, portIn, serverOf } from "../../../../../commands/init/processes/commandWords";
import { onlyMigrates } from "../../../../../commands/init/processes/ends";
import { workersIn } from "../../../../../commands/init/processes/workers";

describe("a command line of a project", () => {
  const ports: [line: string, port: number | undefined][] = [
    ["gunicorn shop.wsgi --bind 0.0.0.0:5000", 5000],
    ["gunicorn -b :5001 shop.wsgi", 5001],
    ["uwsgi --socket 0.0.0.0:5011 --module shop.wsgi", 5011],
    ["gunicorn shop.wsgi --bind=0.0.0.0:5002", 5002],
    ["gunicorn shop.wsgi --bind 0.0.0.0:$PORT", undefined],
    ["python manage.py runserver", 8000],
    ["python manage.py runserver 0.0.0.0:8080", 8080],
    ["python manage.py runserver --verbosity 2 0.0.0.0:8081", 8081],
    ["daphne -b 0.0.0.0 -p 9000 shop.asgi:application", 9000],
    ["uvicorn shop.asgi:application --host 0.0.0.0 --port 9001", 9001],
    ["uwsgi --http :9002 --module shop.wsgi", 9002],
    ["sh -c 'python manage.py migrate && gunicorn shop.wsgi -b 0.0.0.0:9003'", 9003],
    ["uvicorn shop.asgi:application --port $PORT", undefined],
    ["gunicorn shop.wsgi -b unix:$FOLDER/shop.sock -b 0.0.0.0:9004", 9004],
    ["gunicorn shop.wsgi --bind unix:/run/shop.sock", undefined],
    ["celery -A shop worker -p 1", undefined],
  ];
  for (const [line, port] of ports) {
    it(`listens on ${port === undefined ? "no port that is a number" : String(port)} with ${line}`, () => {
      assert.equal(portIn(line), port);
    });
  }

  it("starts no server that it only asks for, tells of or installs", () => {
    for (const line of [
      'if [ "$1" = "gunicorn" ]; then',
      "if command -v gunicorn; then echo gunicorn; fi",
      "  gunicorn | uvicorn)",
      "/bin/echo Starting gunicorn",
      "/venv/bin/pip install gunicorn",
    ]) {
      assert.equal(serverOf(line), undefined, line);
    }
    for (const line of [
      'if [ -n "$PORT" ]; then exec gunicorn shop.wsgi; fi',
      "test -f x && gunicorn shop.wsgi",
      "command gunicorn shop.wsgi",
      "web) gunicorn shop.wsgi ;;",
      "until gunicorn shop.wsgi; do sleep 1; done",
    ]) {
      assert.equal(serverOf(line), "gunicorn", line);
    }
  });

  it("listens on all addresses where it would on 127.0.0.1", () => {
    const lines: [string, string][] = [
      ["python manage.py runserver", "python manage.py runserver 0.0.0.0:8000"],
      ["python manage.py runserver -v 2 0.0.0.0:8000", "python manage.py runserver -v 2 0.0.0.0:8000"],
      ["python manage.py runserver --settings a2 8001", "python manage.py runserver --settings a2 0.0.0.0:8001"],
      ["python manage.py runserver 127.0.0.1:8000", "python manage.py runserver 0.0.0.0:8000"],
      ["./manage.py runserver 8001 --noreload", "./manage.py runserver 0.0.0.0:8001 --noreload"],
      [
        "sh -c 'python manage.py migrate && python manage.py runserver localhost:80'",
        "sh -c 'python manage.py migrate && python manage.py runserver 0.0.0.0:80'",
      ],
      ["python manage.py runserver 0.0.0.0:8000", "python manage.py runserver 0.0.0.0:8000"],
      ["gunicorn shop.wsgi", "gunicorn shop.wsgi"],
      ["uwsgi --socket=:8002 --module shop.wsgi", "uwsgi --http-socket=:8002 --module shop.wsgi"],
      ["uwsgi --socket :8002 --http :8000", "uwsgi --socket :8002 --http :8000"],
      ["uwsgi --socket /tmp/shop.sock", "uwsgi --socket /tmp/shop.sock"],
    ];
    for (const [before, after] of lines) {
      assert.equal(reachable(before), after);
    }
  });

  it("is read where it has a substitution that no shell can make, as a line of a script may in quotes or a comment", () => {
    assert.equal(serverOf("gunicorn shop.wsgi --access-logformat ${}"), "gunicorn");
    assert.deepEqual(workersIn("sh -c 'celery -A shop worker ${'"), ["celery"]);
  });

  it("tells servers, workers and migrations apart", () => {
    assert.equal(serverOf("/venv/bin/gunicorn shop.wsgi"), "gunicorn");
    assert.equal(serverOf("celery -A shop worker"), undefined);
    assert.deepEqual(workersIn("python manage.py rqworker"), ["rq"]);
    assert.equal(migrates("bash -lc 'python manage.py migrate && gunicorn shop.wsgi'"), true);
    assert.equal(onlyMigrates("python manage.py migrate"), true);
    assert.equal(onlyMigrates("sh -c 'python manage.py migrate; gunicorn shop.wsgi'"), false);
  });
});
