import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout } from "node:timers/promises";

import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { processExists } from "../../../processExists";
import { until } from "../../../waiting";
import { Agents, exitOf, freePort, page, python, serverOf, type Stream, untilEqual, needsPython } from "./agent";

describe("A script that leads to a Python program", () => {
  needsPython();
  const folder = temporaryFolder();
  const agents = new Agents(folder);
  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  const server = (value: string, before?: string): string => serverOf(port, value, before);
  const script = (...lines: string[]): { executable: string } => ({
    executable: ["#!/bin/sh", "set -e", `echo ran >> ${folder.path("log")}`, ...lines, ""].join("\n"),
  });
  /** How often the script ran. */
  const runs = (): number => fs.readFileSync(folder.path("log"), "utf8").split("ran").length - 1;

  const start = async (
    files: Record<string, string | { executable: string }>,
    words = ["./start"],
  ): Promise<Stream> => {
    folder.write(Object.fromEntries(Object.entries(files).map(([name, content]) => [`app/${name}`, content])));
    agents.start(words, { port });
    await page(port);
    const stream = agents.stream();
    await stream.open({});
    return stream;
  };
  const restarted = async (stream: Stream, files: Record<string, string>): Promise<string> => {
    const { what, failure } = (await stream.restart(files)) ?? {};
    assert.deepEqual([what, failure], ["restarted", undefined]);
    return await page(port);
  };
  const value = "' '.join([sys.argv[1], os.environ['NAME'], os.path.basename(os.getcwd()), '%o' % os.umask(0o27)])";

  it("runs once, and the program is started again with what the script gave it", async () => {
    const lines = ["export NAME='a  b'", "umask 27", "cd inner", 'exec python "$@"'];
    const stream = await start({ start: script(...lines), "inner/server.py": server(value) }, [
      "./start",
      "server.py",
      "x y",
    ]);
    assert.equal(await page(port), "x y a  b inner 27");
    for (const version of ["2", "3"]) {
      const page = await restarted(stream, { "inner/server.py": server(`${value} + ' ${version}'`) });
      assert.equal(page, `x y a  b inner 27 ${version}`);
    }
    assert.equal(runs(), 1);
  });

  it("runs again when a file changed that only it can have read", async () => {
    const stream = await start({
      start: script("NAME=$(cat name) exec python server.py"),
      "server.py": server("os.environ['NAME']"),
      name: "one",
    });
    assert.equal(await restarted(stream, { name: "two" }), "two");
    assert.equal(runs(), 2);
  });

  it("leads to a server that it waits for, and does again what a change is of", async () => {
    const note = (command: string): string => `echo ${command} >> ${folder.path("done")}`;
    const manage = "import os, sys\nos.system('echo ' + sys.argv[1] + ' >> ../done')";
    const stream = await start({
      start: script("python manage.py migrate", "python manage.py collectstatic", "./gunicorn", note("never")),
      "manage.py": manage,
      gunicorn: { executable: `#!${python}\nimport server` },
      "server.py": server("1"),
    });
    assert.equal(await restarted(stream, { "server.py": server("2"), "manage.py": `${manage}\n` }), "2");
    const done = (): string => fs.readFileSync(folder.path("done"), "utf8");
    assert.equal(done(), "migrate\ncollectstatic\n");
    assert.equal(await restarted(stream, { "migrations/0001_initial.py": "" }), "2");
    assert.equal(done(), "migrate\ncollectstatic\n".repeat(2));
    assert.equal((await stream.change({ files: { "static/a.css": "" }, then: "nothing" }))?.what, "restarted");
    assert.equal((await stream.change({ files: { "README.md": "" }, then: "nothing" }))?.what, "nothing");
    assert.equal(runs(), 3);
  });

  it("lets the program be as it was while the new code cannot be imported, and says why", async () => {
    const stream = await start({ start: script("exec python server.py"), "server.py": server("1") });
    const { what, failure } = (await stream.restart({ "server.py": "import nothing" })) ?? {};
    assert.equal(what, "failed");
    assert.match(String(failure), /^Traceback[^]*No module named 'nothing'$/);
    assert.equal(await page(port), "1");
    assert.equal(await restarted(stream, { "server.py": server("2") }), "2");
    assert.equal(runs(), 1);
  });

  it("runs as a whole where it runs more than that program", async () => {
    const stream = await start({ start: script("sleep 100 &", "exec python server.py"), "server.py": server("1") });
    assert.equal(await restarted(stream, { "server.py": server("2") }), "2");
    assert.equal(runs(), 2);
  });

  it("runs again with what else it runs, also after a version that does not start", async () => {
    const pid = (): number => Number(fs.readFileSync(folder.path("pid"), "utf8"));
    const lines = [`sleep 100 & echo $! > ${folder.path("pid")}`, "exec python server.py"];
    const stream = await start({ start: script(...lines), "server.py": server("1") });
    assert.equal((await stream.restart({ "server.py": "import nothing" }))?.what, "failed");
    assert.equal(await restarted(stream, { "server.py": server("2") }), "2");
    assert.equal(await restarted(stream, { "server.py": server("3") }), "3");
    assert.ok(processExists(pid()));
  });

  it("keeps what a launcher of Python's runs beside the program", async () => {
    const launch =
      'import os, subprocess\nopen("../pid", "w").write(str(subprocess.Popen(["sleep", "100"]).pid))\n' +
      'os.execvp("python", ["python", "server.py"])';
    const stream = await start({ "start.py": launch, "server.py": server("1") }, ["python", "start.py"]);
    for (const value of ["2", "3"]) {
      assert.equal(await restarted(stream, { "server.py": server(value) }), value);
      assert.ok(processExists(Number(fs.readFileSync(folder.path("pid"), "utf8"))));
    }
  });

  it("is not ended before the program that it waits for has finished", async () => {
    const work = `
import os, signal, sys, time
def end(number, frame):
    time.sleep(0.3)
    open("../ended", "a").write("finished;")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
open("../ended", "a").write("began;")
time.sleep(100)
`;
    const celery = { executable: `#!${python}\nimport work` };
    folder.write({ "app/start": script("./celery worker", "echo more"), "app/celery": celery, "app/work.py": work });
    const agent = agents.start(["./start"], { grace: 5 });
    await untilEqual("began;", () => fs.readFileSync(folder.path("ended"), "utf8"));
    const stream = agents.stream();
    await stream.open({});
    assert.equal((await stream.restart({ "work.py": `${work}\n` }))?.what, "restarted");
    assert.equal(fs.readFileSync(folder.path("ended"), "utf8"), "began;finished;began;");
    agent.kill("SIGTERM");
    await exitOf(agent);
    assert.equal(fs.readFileSync(folder.path("ended"), "utf8"), "began;finished;".repeat(2));
  });

  it("gives the program what is read when a process starts alone, and more than a message takes", async () => {
    const long = Array.from(
      { length: 4 },
      (_, index) => `export LONG_${index}=$(head -c 100000 /dev/zero | tr '\\0' x)`,
    );
    const stream = await start({
      start: script("export TZ=Asia/Tokyo", ...long, "exec python server.py"),
      "server.py": server("(time.localtime().tm_gmtoff, len(os.environ['LONG_3']))", "import time"),
    });
    assert.equal(await page(port), "(32400, 100000)");
    // What it is forked from is made two seconds after the start.
    await setTimeout(2500);
    for (const last of [2, 3]) {
      const value = `(time.localtime().tm_gmtoff, len(os.environ['LONG_3']), ${last})`;
      assert.equal(await restarted(stream, { "server.py": server(value, "import time") }), `(32400, 100000, ${last})`);
    }
    assert.equal(runs(), 1);
  });

  it("may be one of Python's, which executes another program in its place", async () => {
    const lines = `import os\nos.environ["NAME"] = "a"\nopen("../log", "a").write("ran")\nos.execvp("python", ["python", "server.py"])`;
    const stream = await start({ "start.py": lines, "server.py": server("os.environ['NAME']") }, [
      "python",
      "start.py",
    ]);
    assert.equal(await restarted(stream, { "server.py": server("os.environ['NAME'] + 'b'") }), "ab");
    assert.equal(runs(), 1);
  });

  it("may lead to another interpreter, which has other packages loaded before a restart, too", async () => {
    execFileSync(python, ["-m", "venv", "--without-pip", folder.path("venv")]);
    folder.write({ "site-packages/plain.py": "import os\npid = os.getpid()" });
    const found = "[os.path.basename(sys.prefix), sys.flags.optimize, plain.pid == os.getpid()]";
    const stream = await start({
      start: script("exec ../venv/bin/python -O server.py"),
      "server.py": server(found, "import plain"),
    });
    assert.equal(await page(port), "['venv', 1, True]");
    const last = await until(
      async () => {
        const said = await restarted(stream, { "server.py": server(found, "import plain") });
        assert.equal(said, "['venv', 1, False]");
        return said;
      },
      { seconds: 60 },
    );
    assert.equal(last, "['venv', 1, False]");
    assert.equal(runs(), 1);
  });

  it("finds nothing of the agent in its variables and in where it looks for modules", async () => {
    const said =
      "{k: v for k, v in os.environ.items() if 'PYTHON' in k}, sys.path, sys.modules['sitecustomize'].__file__";
    folder.write({ "site-packages/sitecustomize.py": "import builtins\nbuiltins.customized = 1" });
    const tell = `import json, os, sys\nopen("../told", "w").write(str((${said.replace("os.environ.items()", "()")})))`;
    await start({
      start: script("python tell.py", "exec python server.py"),
      "tell.py": tell,
      "server.py": server(`(${said})`),
    });
    const paths = execFileSync(python, ["-c", "import sys; print(sys.path[1:])"], { encoding: "utf8" }).trim();
    const [own, packages] = [folder.path("app"), folder.path("site-packages")];
    const expected = `['${own}', '${packages}', ${paths.slice(1)}, '${packages}/sitecustomize.py')`;
    assert.equal(await page(port), `({'PYTHONPATH': '${packages}'}, ${expected}`);
    assert.equal(fs.readFileSync(folder.path("told"), "utf8"), `({}, ${expected}`);
  });

  it("lets the program read changed templates without a restart", async () => {
    folder.write({
      "site-packages/django/__init__.py": "",
      "site-packages/django/template/loaders/cached.py":
        "class Loader:\n    cache = {}\n    def get_template(self, name):\n" +
        "        return self.cache.setdefault(name, open(name).read())\n" +
        "    def reset(self):\n        self.cache.clear()",
    });
    const before = "from django.template.loaders.cached import Loader\nloader = Loader()";
    const stream = await start({
      start: script("exec python server.py"),
      "server.py": server("loader.get_template('a.html')", before),
      "a.html": "one",
    });
    assert.equal(await page(port), "one");
    assert.equal((await stream.change({ files: { "a.html": "two" }, then: "templates" }))?.what, "reset");
    assert.equal(await page(port), "two");
  });

  it("ends with its own exit code, and with that of its program", async () => {
    folder.write({ "app/start": script("exit 7"), "app/server.py": "import sys\nsys.exit(8)" });
    assert.equal(await exitOf(agents.start(["./start"], { port })), 7);
    folder.write({ "app/start": script("exec python server.py") });
    assert.equal(await exitOf(agents.start(["./start"], { port })), 8);
  });
});
