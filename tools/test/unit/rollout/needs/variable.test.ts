import assert from "node:assert/strict";

import { needOf } from "../../../../rollout/needs/needOf";
import { baseline, restricted, withPostgres } from "./runs";

const keyError = (name: string): string =>
  `Traceback (most recent call last):\n  File "/app/shop/settings.py", line 9, in <module>\n    X = os.environ["${name}"]\n        ~~~~~~~~~~^^^^\n  File "<frozen os>", line 714, in __getitem__\nKeyError: '${name}'\n`;

describe("A variable that a project needs", () => {
  const plain = "run `pulumi config set --path env.SMTP_HOST VALUE`";
  for (const said of [
    keyError("SMTP_HOST"),
    keyError("SMTP_HOST").replace("<frozen os>", "/usr/lib/python3.11/os.py"),
    "django.core.exceptions.ImproperlyConfigured: Set the SMTP_HOST environment variable",
    "decouple.UndefinedValueError: SMTP_HOST not found. Declare it as envvar or define a default value.",
    'environs.EnvError: Environment variable "SMTP_HOST" not set',
    "pydantic_core.ValidationError: 1 validation error for Settings\nsmtp_host\n  Field required [type=missing, input_value={}]",
    "/entrypoint.sh: line 5: SMTP_HOST: unbound variable",
    "/entrypoint.sh: 5: SMTP_HOST: parameter not set",
  ]) {
    it(`is told with the key that sets it: ${said.trim().split("\n").at(-1) ?? ""}`, () => {
      assert.deepEqual(needOf(said, baseline), {
        detail: "the project needs the variable SMTP_HOST, which is not set",
        nextStep: plain,
      });
    });
  }

  it("is DEBUG off, for an image that checks it before it serves", () => {
    const said = "WARNINGS:\n?: (security.W018) You should not have DEBUG set to True in deployment.\n";
    assert.deepEqual(needOf(said, baseline), {
      detail: "the project refuses to start with debug on",
      nextStep: "run `pulumi config set debug false`",
    });
    assert.equal(needOf(said, { ...baseline, variables: new Map([["DEBUG", "0"]]) }), undefined);
  });

  const values: [name: string, setting: string, run?: typeof baseline][] = [
    ["STRIPE_SECRET_KEY", "`pulumi config set --secret --path secretEnv.STRIPE_SECRET_KEY VALUE`"],
    ["SENTRY_DSN", "`pulumi config set --secret --path secretEnv.SENTRY_DSN VALUE`"],
    ["SHOP_SECRET_KEY", "`pulumi config set --path env.SHOP_SECRET_KEY '$(SECRET_KEY)'`"],
    ["SHOP_ALLOWED_HOSTS", "`pulumi config set --path env.SHOP_ALLOWED_HOSTS '$(ALLOWED_HOSTS)'`"],
    ["SQL_HOST", "`pulumi config set --path env.SQL_HOST '$(PGHOST)'`", withPostgres],
    ["DB_PASSWORD", "`pulumi config set --path env.DB_PASSWORD '$(PGPASSWORD)'`", withPostgres],
    ["SQL_HOST", "`pulumi config set database postgres` and `pulumi config set --path env.SQL_HOST '$(PGHOST)'`"],
    ["DATABASE_URL", "`pulumi config set database postgres`"],
    ["REDIS_URL", "`pulumi config set redis namespace`"],
    [
      "CACHE_REDIS_HOST",
      "`pulumi config set redis namespace` and `pulumi config set --path env.CACHE_REDIS_HOST '$(REDIS_HOST)'`",
    ],
  ];
  for (const [name, setting, run = baseline] of values) {
    it(`is ${name}, set with ${setting}`, () => {
      assert.equal(needOf(keyError(name), run)?.nextStep, `run ${setting}`);
    });
  }

  it("is none that a dictionary lacks", () => {
    assert.equal(
      needOf("  File \"/app/views.py\", line 3, in index\n    request.session['cart']\nKeyError: 'cart'", baseline),
      undefined,
    );
  });

  it("may be one whose value the project does not take", () => {
    const variables = new Map([...baseline.variables, ["WORKERS", "many"] as const]);
    assert.equal(
      needOf('environs.EnvValidationError: Environment variable "WORKERS" invalid: not a number', {
        ...baseline,
        variables,
      })?.detail,
      "the project does not take the value of the variable WORKERS",
    );
  });

  it("is what the last line that tells of a need says", () => {
    const said = `${keyError("FIRST")}\nDuring handling of the above exception, another exception occurred:\n\ndjango.core.exceptions.ImproperlyConfigured: Set the SECOND environment variable\n`;
    assert.match(needOf(said, baseline)?.detail ?? "", /variable SECOND/);
  });
});

describe("What a process said before it ended", () => {
  const noise = "chown: changing ownership of '/app/media': Read-only file system";

  it("is no need where another traceback ends it", () => {
    const said = `${noise}\nTraceback (most recent call last):\n  File "/app/shop/settings.py", line 1\nNameError: x\n`;
    assert.equal(needOf(said, restricted), undefined);
  });

  it("is one where the last traceback goes on from it, or nothing else does", () => {
    const cause = keyError("SMTP_HOST");
    const said = `${cause}\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File "/app/manage.py", line 9\nRuntimeError: no settings\n[INFO] Worker exiting\n`;
    assert.match(needOf(said, restricted)?.detail ?? "", /variable SMTP_HOST/);
    assert.match(needOf(`${noise}\nend\n`, restricted)?.detail ?? "", /cannot write to \/app\/media/);
  });
});

describe("A server that does not run", () => {
  const variables = new Map([...withPostgres.variables, ["SQL_HOST", "db"] as const]);
  for (const said of [
    'psycopg2.OperationalError: could not translate host name "db" to address: Name or service not known',
    "psycopg.OperationalError: failed to resolve host 'db': [Errno -3] Temporary failure in name resolution",
    "nc: bad address 'db'",
  ]) {
    it(`is the stack's Postgres under another name: ${said}`, () => {
      assert.deepEqual(needOf(said, { ...withPostgres, variables }), {
        detail: "there is no host of the name db",
        nextStep: "run `pulumi config set --path env.SQL_HOST '$(PGHOST)'`",
        mayPass: true,
      });
    });
  }

  it("is a Postgres that the stack does not have, whose variable nobody knows", () => {
    assert.equal(
      needOf('could not translate host name "db" to address', baseline)?.nextStep,
      "run `pulumi config set database postgres` and `pulumi config set --path env.NAME '$(PGHOST)'`, with the variable that its settings take the host from for NAME",
    );
  });

  it("is one that the settings look for in the pod, which nothing changes there", () => {
    for (const said of [
      'connection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused',
      'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory',
    ]) {
      const need = needOf(`django.db.utils.OperationalError: ${said}`, withPostgres);
      assert.deepEqual([need?.detail, need?.mayPass], ["no Postgres runs in the pod", false]);
      assert.match(need?.nextStep ?? "", /^run `pulumi config set --path env\.NAME '\$\(PGHOST\)'`/);
    }
  });
});
