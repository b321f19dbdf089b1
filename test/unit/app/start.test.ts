import assert from "node:assert/strict";

import { afterRelease, otherStartOf, releaseTagOf, type StartArgs, startOf } from "../../../components/app/start";
import { agentFile } from "../../../components/liveReload/agentCommand";
import { isProblem } from "../helpers/problems";

const sqlite: StartArgs = {
  command: undefined,
  release: undefined,
  database: "sqlite",
  databaseStorage: undefined,
  config: { entrypoint: ["/entrypoint"], command: ["gunicorn", "shop.wsgi"] },
  entrypointRunsCommand: true,
  dockerfile: "../shop/Dockerfile",
};
const postgres: StartArgs = { ...sqlite, database: "postgres" };
const images = { command: undefined, args: undefined, release: undefined };
const byEntrypoint = (...args: string[]): object => ({ command: undefined, args });

describe("The start of processes", () => {
  it("is the image's where no command is set", () => {
    assert.deepEqual(startOf(sqlite), images);
  });

  it("has a command in place of the image's CMD, and leaves its ENTRYPOINT", () => {
    assert.deepEqual(startOf({ ...sqlite, command: "gunicorn 'a b'" }), { ...images, args: ["gunicorn", "a b"] });
    const line = "gunicorn --bind :$PORT";
    assert.deepEqual(startOf({ ...sqlite, command: line }), { ...images, args: ["/bin/sh", "-c", line] });
  });

  it("comes after a migration with a Postgres", () => {
    const release = byEntrypoint("python", "manage.py", "migrate", "--noinput");
    assert.deepEqual(startOf(postgres), { ...images, release });
    assert.deepEqual(startOf({ ...postgres, command: "serve" }), { command: undefined, args: ["serve"], release });
  });

  it("comes after the release command that is set, and after none for none", () => {
    const release = "python manage.py migrate && python manage.py seed";
    const made = byEntrypoint("make", "release");
    assert.deepEqual(startOf({ ...postgres, release: "make release" }), { ...images, release: made });
    assert.deepEqual(startOf({ ...postgres, release }), { ...images, release: byEntrypoint("/bin/sh", "-c", release) });
    for (const args of [postgres, sqlite]) {
      assert.deepEqual(startOf({ ...args, release: "none" }), images);
    }
  });

  it("is known to a Postgres whatever the Dockerfile says", () => {
    const config = { entrypoint: undefined, command: undefined };
    assert.deepEqual(startOf({ ...postgres, config, release: "a" }), { ...images, release: byEntrypoint("a") });
  });

  it("leaves out an ENTRYPOINT that is a command itself where the release command runs", () => {
    const config = { entrypoint: ["gunicorn"], command: ["shop.wsgi"] };
    const args = { ...postgres, config, entrypointRunsCommand: false, release: "make release" };
    assert.deepEqual(startOf(args).release, { command: ["make", "release"], args: undefined });
  });

  const live = { port: 8000, graceSeconds: 20 };
  const agent = ["python3", agentFile, "run", "--port", "8000", "--grace", "20", "--"];
  const gunicorn = ["gunicorn", "shop.wsgi"];

  it("is the agent's that starts processes again, by the image's ENTRYPOINT", () => {
    assert.deepEqual(startOf({ ...sqlite, live }), { ...images, args: [...agent, ...gunicorn] });
    const { release } = startOf(postgres);
    assert.deepEqual(startOf({ ...postgres, live, command: "serve" }), {
      command: undefined,
      args: [...agent, "serve"],
      release,
    });
  });

  it("is the agent's for an ENTRYPOINT that is a command itself, and after a release command in the pod", () => {
    const config = { entrypoint: ["gunicorn"], command: ["shop.wsgi"] };
    assert.deepEqual(startOf({ ...sqlite, live, config, entrypointRunsCommand: false }), {
      ...images,
      command: [...agent, ...gunicorn],
    });
    const first = startOf({ ...sqlite, live, release: "migrate" });
    assert.ok(first.args);
    assert.deepEqual(first.args, [...script, ...agent, ...gunicorn]);
    assert.deepEqual(afterRelease(first.args), { hasRelease: true, args: gunicorn });
  });

  it("is refused to the agent where nobody knows the image's command", () => {
    const config = { entrypoint: undefined, command: undefined };
    assert.throws(
      () => startOf({ ...sqlite, live, config }),
      isProblem(
        'Config key "liveReload" is "true", for which something runs before the image\'s own command, and ../shop/Dockerfile has no CMD that says what that is; run `pulumi config set command \'COMMAND\'` with the command of the web process, or `pulumi config set liveReload false`.',
      ),
    );
  });

  const script = ["/bin/sh", "-c", '(migrate\n) && exec "$@"', "release"];
  const inPod = (...args: string[]): object => ({ command: undefined, args: [...script, ...args], release: undefined });
  const alone = (...args: string[]): object => ({ command: script, args, release: undefined });

  it("comes after a release command that is set in the pod with a file, and both after the ENTRYPOINT", () => {
    assert.deepEqual(startOf({ ...sqlite, release: "migrate" }), inPod("gunicorn", "shop.wsgi"));
    assert.deepEqual(startOf({ ...sqlite, release: "migrate", command: "serve a" }), inPod("serve", "a"));
    const config = { entrypoint: undefined, command: undefined };
    assert.deepEqual(startOf({ ...sqlite, release: "migrate", command: "serve", config }), inPod("serve"));
  });

  it("comes after it as an ENTRYPOINT that is a command itself", () => {
    const whole = { entrypoint: ["gunicorn", "shop.wsgi"], command: undefined };
    assert.deepEqual(startOf({ ...sqlite, release: "migrate", config: whole }), alone("gunicorn", "shop.wsgi"));
    const parts = { entrypoint: ["gunicorn"], command: ["shop.wsgi"] };
    assert.deepEqual(
      startOf({ ...sqlite, release: "migrate", config: parts, entrypointRunsCommand: false }),
      alone("gunicorn", "shop.wsgi"),
    );
  });

  it("repeats the image's own command as it is, of which Kubernetes would make something else", () => {
    const config = { entrypoint: ["/entry", "$(DATE)"], command: ["sh", "-c", "echo $$ $1"] };
    const { args } = startOf({ ...sqlite, release: "migrate", entrypointRunsCommand: false, config });
    assert.deepEqual(args, ["/entry", "$$(DATE)", "sh", "-c", "echo $$$$ $1"]);
  });

  it("follows what keeps the file of SQLite in a volume, and is a migration there unless it is said otherwise", () => {
    const kept = { ...sqlite, databaseStorage: "1Gi" };
    const [shell, option, line = ""] = startOf(kept).command ?? [];
    assert.deepEqual([shell, option], ["/bin/sh", "-c"]);
    assert.match(
      line,
      /^\(python manage\.py shell [^]*os\.symlink\(kept, path\)\n' && python manage\.py migrate --noinput\n\) && exec "\$@"$/,
    );
    assert.deepEqual(startOf(kept).args, ["/entrypoint", "gunicorn", "shop.wsgi"]);
    assert.match(
      startOf({ ...kept, release: "none" }).command?.[2] ?? "",
      /os\.symlink\(kept, path\)\n'\n\) && exec "\$@"$/,
    );
    assert.throws(
      () => startOf({ ...kept, config: { entrypoint: undefined, command: undefined } }),
      isProblem(
        'Config key "databaseStorage" is "1Gi", for which something runs before the image\'s own command, and ../shop/Dockerfile has no CMD that says what that is; run `pulumi config set command \'COMMAND\'` with the command of the web process, or `pulumi config rm databaseStorage`.',
      ),
    );
  });

  it("is refused where the Dockerfile does not say what comes after it", () => {
    assert.throws(
      () => startOf({ ...sqlite, release: "migrate", config: { entrypoint: undefined, command: undefined } }),
      isProblem(
        'Config key "release" is "migrate", for which something runs before the image\'s own command, and ../shop/Dockerfile has no CMD that says what that is; run `pulumi config set command \'COMMAND\'` with the command of the web process, or `pulumi config set release none`.',
      ),
    );
  });
});

describe("The start of another process", () => {
  it("has its command in place of the image's CMD, and runs no release command", () => {
    const release = "make release";
    const started = { ...images, args: ["celery", "worker"] };
    assert.deepEqual(otherStartOf("celery worker", { ...postgres, command: "serve" }), {
      ...started,
      release: undefined,
    });
    assert.deepEqual(otherStartOf("celery worker", { ...sqlite, release, databaseStorage: "1Gi" }).args?.slice(-2), [
      "celery",
      "worker",
    ]);
    const { command = [] } = otherStartOf("celery worker", { ...sqlite, release, databaseStorage: "1Gi" });
    assert.ok(!command.join(" ").includes(release) && command.join(" ").includes("os.symlink"));
  });

  it("comes after the release command where each pod has a database of its own", () => {
    const { args = [] } = otherStartOf("celery worker", { ...sqlite, release: "make release" });
    const script = ["/bin/sh", "-c", '(make release\n) && exec "$@"', "release"];
    assert.deepEqual(args, [...script, "celery", "worker"]);
  });
});

describe("What the result of a release command depends on", () => {
  const project = { hash: "0123456789ab", codeHash: "c0de00000000" };
  const withPages = { ...project, hash: "ffffffffffff" };
  const withCode = { hash: "ffffffffffff", codeHash: "c0de11111111" };
  const env = { A: "b" };

  for (const release of [undefined, "python shop/manage.py migrate --noinput"]) {
    it(`is the code where it is ${release ?? "the usual one"}`, () => {
      const tag = releaseTagOf({ release, env }, project);
      assert.match(tag, /^[0-9a-f]{12}$/);
      assert.equal(releaseTagOf({ release, env }, withPages), tag);
      assert.notEqual(releaseTagOf({ release, env }, withCode), tag);
    });
  }

  for (const release of ["make release", "python manage.py migrate && python manage.py seed"]) {
    it(`is the whole image where it is ${release}`, () => {
      assert.notEqual(releaseTagOf({ release, env }, withPages), releaseTagOf({ release, env }, project));
    });
  }

  it("is the command and the variables as well", () => {
    const tag = releaseTagOf({ release: undefined, env }, project);
    assert.notEqual(releaseTagOf({ release: undefined, env: { A: "c" } }, project), tag);
    assert.notEqual(releaseTagOf({ release: "python manage.py migrate shop", env }, project), tag);
    const other = releaseTagOf({ release: undefined, env: { B: "1", A: "2" } }, project);
    assert.equal(releaseTagOf({ release: undefined, env: { A: "2", B: "1" } }, project), other);
  });
});
