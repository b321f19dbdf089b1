import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout } from "node:timers/promises";

import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { processExists } from "../../../processExists";
import { until } from "../../../waiting";
import {
  Agents,
  exitOf,
  freePort,
  page,
  python,
  serverOf,
  soon,
  type Stream,
  untilEqual,
  written,
  needsPython,
} from "./agent";

describe("A server that is restarted in its pod", () => {
  needsPython();
  const folder = temporaryFolder();
  const agents = new Agents(folder);
  let port: number;

  /** A server whose page is the value of an expression in a module of the project. */
  const server = (): string => serverOf(port, "view.page()", "import view");
  const view = (value: string, before = ""): string => `${before}\ndef page():\n    return ${value}\n`;
  const start = async (value: string, before = ""): Promise<Stream> => {
    folder.write({ "app/server.py": server(), "app/view.py": view(value, before) });
    agents.start(["python", "server.py"], { port });
    await page(port);
    const stream = agents.stream();
    await stream.open({});
    return stream;
  };
  const childrenOf = (pid = 0): number[] =>
    (fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").match(/\d+/g) ?? []).map(Number);
  const withoutTime = ({ seconds, ...rest }: Record<string, unknown> = {}): object => {
    assert.equal(typeof seconds, "number");
    return rest;
  };

  beforeEach(async () => {
    port = await freePort();
  });

  it("shows what was saved, also when bytecode beside it says otherwise", async () => {
    const stream = await start("'one'");
    for (const value of ["'two'", "'six'"]) {
      execFileSync(python, ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder.path("app")]);
      assert.deepEqual(withoutTime(await stream.restart({ "view.py": view(value) })), {
        is: "changed",
        id: value === "'two'" ? 1 : 2,
        what: "restarted",
      });
      assert.equal(await page(port), value.slice(1, -1));
    }
  });

  it("goes on as it was while the new code cannot be imported, and says why", async () => {
    const stream = await start("'good'");
    const { what, failure } = (await stream.restart({ "view.py": "import nothing" })) ?? {};
    assert.equal(what, "failed");
    assert.match(String(failure), /^Traceback.*server\.py", line 3.*view\.py", line 1.*No module named 'nothing'$/s);
    await untilEqual(String(failure), () => agents.errors.trim());
    assert.equal(await page(port), "good");
    assert.equal((await stream.restart({ "view.py": view("'mended'") }))?.what, "restarted");
    assert.equal(await page(port), "mended");
  });

  it("goes on as it was while Django's views cannot be imported, which it does with a request otherwise", async () => {
    folder.write({
      "app/django/__init__.py": "",
      "app/django/apps.py": "class apps:\n    ready = True\n",
      "app/django/conf.py": 'class settings:\n    ROOT_URLCONF = "view"\n',
      "app/django/db.py": "class connections:\n    close_all = staticmethod(lambda: None)\n",
      "app/django/urls.py":
        "class Resolver:\n    @property\n    def url_patterns(self):\n        import view\n" +
        "def get_resolver():\n    return Resolver()\n",
      "app/server.py": server()
        .replace("import view\n", "import django.apps\n")
        .replace("        body", "        import view\n        body"),
      "app/view.py": view("'good'"),
    });
    agents.start(["python", "server.py"], { port });
    await page(port);
    const stream = agents.stream();
    await stream.open({});
    // An error that servers take for one of their socket.
    const { what, failure } = (await stream.restart({ "view.py": "open('nothing')" })) ?? {};
    assert.equal(what, "failed");
    assert.match(String(failure), /^Traceback[^]*FileNotFoundError: .*'nothing'$/);
    assert.equal(await page(port), "good");
    assert.equal((await stream.restart({ "view.py": view("'better'") }))?.["what"], "restarted");
    assert.equal(await page(port), "better");
  });

  it("answers with the failure when nothing is left that runs", async () => {
    const stream = await start("1");
    await stream.restart({ "view.py": view("os._exit(3)", "import os") });
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
    const { is, exitCode } = (await stream.answer()) ?? {};
    assert.deepEqual({ is, exitCode }, { is: "ended", exitCode: 3 });
    await untilPage(/<pre>ended with exit code 3<\/pre>/);
    await stream.restart({ "view.py": "raise ValueError('a < b')" });
    await untilPage(/ValueError: a &lt; b<\/pre>/);
    assert.equal((await stream.restart({ "view.py": view("'back'") }))?.what, "restarted");
    assert.equal(await page(port), "back");
  });

  async function untilPage(expected: RegExp): Promise<void> {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x" }).catch(() => undefined);
      if (response?.status === 500 && expected.test(await response.text())) {
        return;
      }
    }
  }

  it("serves where a save comes before its pod's first start has a port, and the next one is slow to tell of its own", async () => {
    // What is slow here is slow on a machine that has other work.
    const slowToTell = `import socket, time
connect = socket.socket.connect
def connect_late(self, address):
    time.sleep(0.2)
    return connect(self, address)
socket.socket.connect = connect_late`;
    folder.write({
      "app/server.py": server(),
      "app/view.py": view("'first'", "open('begun', 'w').close(); import time; time.sleep(100)"),
    });
    agents.start(["python", "server.py"], { port });
    await written(folder.path("app/begun"));
    const stream = agents.stream();
    await stream.open({});
    for (const value of ["'second'", "'third'"]) {
      assert.equal((await stream.restart({ "view.py": view(value, slowToTell) }))?.["what"], "restarted");
      assert.equal(await page(port), value.slice(1, -1));
    }
  });

  it("goes on where a start is ended before it does anything of its own", async () => {
    // No hook of the agent is seen by it, so that it is forked anew each time.
    const isolated = ["sh", "-c", "exec python -I server.py"];
    folder.write({
      "app/server.py": serverOf(port, "'first'"),
      "site-packages/sitecustomize.py": `import os, time
def wait():
    while os.path.exists("slow"):
        time.sleep(0.05)
os.register_at_fork(after_in_child=wait)`,
    });
    const agent = agents.start(isolated, { port });
    assert.equal(await page(port), "first");
    const stream = agents.stream();
    await stream.open({});
    const before = childrenOf(agent.pid);
    folder.write({ "app/slow": "" });
    stream.begin({ files: { "server.py": serverOf(port, "'second'") }, then: "restart" });
    const [started] = await until(() => {
      const children = childrenOf(agent.pid).filter((pid) => !before.includes(pid));
      assert.equal(children.length, 1);
      return children;
    }, soon);
    process.kill(Number(started), "SIGTERM");
    fs.rmSync(folder.path("app/slow"));
    const { what, failure } = (await stream.answer()) ?? {};
    assert.deepEqual({ what, failure }, { what: "failed", failure: "ended by SIGTERM" });
    assert.equal((await stream.restart({ "server.py": serverOf(port, "'third'") }))?.["what"], "restarted");
    assert.equal(await page(port), "third");
  });

  it("is started once for changes that come one after the other", async () => {
    const stream = await start("1");
    stream.begin({ files: { "view.py": view("2", "import time; time.sleep(100)") }, then: "restart" });
    stream.send({ do: "ping", id: 9 });
    assert.deepEqual(await stream.answer(), { is: "pong", id: 9 });
    stream.begin({ files: { "view.py": view("3") }, then: "restart" });
    const answers = [await stream.answer(), await stream.answer()];
    assert.deepEqual(
      answers.map((answer) => [answer?.id, answer?.what]),
      [
        [1, "restarted"],
        [2, "restarted"],
      ],
    );
    assert.equal(await page(port), "3");
  });

  it("is listened to at each moment of a burst of saves", async () => {
    const stream = await start("0");
    const codes = new Set<unknown>();
    let isOver = false;
    const ask = async (): Promise<void> => {
      while (!isOver) {
        await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } }).catch((error: unknown) => {
          // The process of before may end in the middle of an answer.
          codes.add(((error as Error).cause as NodeJS.ErrnoException).code);
        });
      }
    };
    const asking = [ask(), ask()];
    const saves = 30;
    for (let save = 1; save <= saves; save += 1) {
      stream.begin({ files: { "view.py": view(`${save}`) }, then: "restart" });
      await setTimeout((save * 37) % 150);
    }
    for (let save = 1; save <= saves; save += 1) {
      assert.equal((await stream.answer())?.what, "restarted");
    }
    assert.equal(await page(port), `${saves}`);
    isOver = true;
    await Promise.all(asking);
    assert.equal(codes.has("ECONNREFUSED"), false);
  });

  it("is forked with what lies outside of the project, but for what a fork cannot take along", async () => {
    const imported = "import os\npid = os.getpid()\n";
    folder.write({
      "site-packages/plain.py": imported,
      "site-packages/threads.py": `${imported}import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()`,
      "site-packages/sockets.py": `${imported}import socket\nkept = socket.socket()`,
      "site-packages/needs_threads.py": `${imported}import threads`,
      "site-packages/needs_project.py": `${imported}import own`,
      "site-packages/django/__init__.py": "",
      "site-packages/django/conf.py": `
class LazySettings:
    configured = False
    def _setup(self, name=None):
        raise RuntimeError("not in this test")
settings = LazySettings()`,
      "site-packages/django/core/exceptions.py": "class ImproperlyConfigured(Exception): pass",
      "site-packages/settled.py": `${imported}from django.conf import settings\ntry: settings._setup()\nexcept Exception: pass`,
      "app/own.py": imported,
    });
    const modules = ["plain", "threads", "sockets", "needs_threads", "needs_project", "settled", "own"];
    const forked = "','.join(m.__name__ for m in modules if m.pid != os.getpid())";
    const before = `import os\nimport ${modules.join(", ")}\nmodules = [${modules.join(", ")}]`;
    const stream = await start(forked, before);
    // The first change may come before the modules are imported.
    for (;;) {
      await stream.restart({ "view.py": view(forked, before) });
      const found = await page(port);
      if (found !== "") {
        assert.equal(found, "plain");
        break;
      }
    }
  });

  it("reads changed templates without a restart", async () => {
    folder.write({
      "site-packages/django/__init__.py": "",
      "site-packages/django/template/loaders/cached.py": `
class Loader:
    cache = {}
    def get_template(self, name):
        return self.cache.setdefault(name, open(name).read())
    def reset(self):
        self.cache.clear()`,
      "app/a.html": "one",
    });
    const before = "import os\nfrom django.template.loaders.cached import Loader\nloader = Loader()";
    const stream = await start("f'{loader.get_template(\"a.html\")} {os.getpid()}'", before);
    const [first, pid] = (await page(port)).split(" ");
    assert.equal(first, "one");
    const answer = await stream.change({ files: { "a.html": "two" }, then: "templates" });
    assert.deepEqual(withoutTime(answer), { is: "changed", id: 1, what: "reset" });
    assert.equal(await page(port), `two ${pid}`);
  });

  it("is started again where a template is read by another engine", async () => {
    folder.write({ "site-packages/jinja2.py": "" });
    const stream = await start("1", "import jinja2");
    assert.equal((await stream.change({ then: "templates" }))?.what, "restarted");
  });

  it("is restarted as a whole when it is no Python program alone", async () => {
    folder.write({ "app/server.py": server(), "app/view.py": view("'one'") });
    agents.start(["sh", "-c", "true; python server.py"], { port });
    assert.equal(await page(port), "one");
    const stream = agents.stream();
    await stream.open({});
    assert.equal((await stream.restart({ "view.py": view("'two'") }))?.what, "restarted");
    assert.equal(await page(port), "two");
    const { what, failure } = (await stream.restart({ "view.py": "broken(" })) ?? {};
    assert.deepEqual([what, failure], ["failed", "ended with exit code 1"]);
    await untilPage(/ended with exit code 1/);
  });

  it("ends as without the agent when it fails before anything was synced", async () => {
    folder.write({ "app/server.py": server(), "app/view.py": "import nothing" });
    const options = { cwd: folder.path("app"), encoding: "utf8" } as const;
    const alone = spawnSync(python, ["server.py"], options);
    const agent = agents.start(["python", "server.py"], { port });
    assert.equal(await exitOf(agent), alone.status);
    // The last of what it printed may be read after it has ended.
    await untilEqual(alone.stderr, () => agents.errors);
    folder.write({ "app/view.py": "import sys\nsys.exit(7)" });
    assert.equal(await exitOf(agents.start(["sh", "-c", "true; python server.py"], { port })), 7);
    assert.equal(await exitOf(agents.start(["sh", "-c", "(exit 8) && python server.py"], { port })), 8);
    folder.write({ "app/before.py": "import sys\nsys.exit(9)" });
    assert.equal(await exitOf(agents.start(["sh", "-c", "python before.py && python server.py"], { port })), 9);
  });

  it("ends with its pod in its own time and with its own exit code", async () => {
    const before = `
import signal, sys
def end(number, frame):
    open("ended", "w").write("in order")
    sys.exit(5)
signal.signal(signal.SIGTERM, end)`;
    folder.write({ "app/server.py": server(), "app/view.py": view("1", before) });
    const agent = agents.start(["python", "server.py"], { port });
    await page(port);
    agent.kill("SIGTERM");
    assert.equal(await exitOf(agent), 5);
    assert.equal(await written(folder.path("app/ended")), "in order");
  });

  it("does not outlive the agent, nor do its workers and what it is forked from", async () => {
    const before = "import os\nchild = os.fork()\nif not child:\n    import time\n    time.sleep(100)";
    folder.write({ "app/server.py": server(), "app/view.py": view("f'{os.getpid()} {child}'", before) });
    const agent = agents.start(["python", "server.py"], { port });
    const stream = agents.stream();
    await page(port);
    await stream.open({});
    await stream.restart({ "view.py": view("f'{os.getpid()} {os.getppid()} {child}'", before) });
    const pids = (await page(port)).split(" ").map(Number);
    assert.ok(pids.every((pid) => processExists(pid)));
    agent.kill("SIGKILL");
    await untilEqual("", () => pids.filter((pid) => isRunning(pid)).join());
  });

  /** Whether a process runs; one that its parent has not asked for yet has ended. */
  function isRunning(pid: number): boolean {
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
    return stdout !== "" && !stdout.startsWith("Z");
  }
});

describe("A server that does not come to its port", () => {
  needsPython();
  const folder = temporaryFolder();
  const agents = new Agents(folder, {
    SECONDS_TO_LISTEN: 1,
    SECONDS_WITHOUT_WORK: 1,
    SECONDS_BETWEEN_LOOKS: 0.1,
  });

  /** What becomes of a save after which the server does something before it listens. */
  const saved = async (before: string): Promise<unknown> => {
    const port = await freePort();
    folder.write({ "app/server.py": serverOf(port, "1") });
    agents.start(["python", "server.py"], { port });
    await page(port);
    const stream = agents.stream();
    await stream.open({});
    const { what, failure } = (await stream.restart({ "server.py": serverOf(port, "2", before) })) ?? {};
    return [what, typeof failure === "string" ? failure.replace(`port ${port}`, "the port") : await page(port)];
  };

  it("is given up when it does nothing any more", async () => {
    const [what, failure] = (await saved("import time; time.sleep(100)")) as string[];
    assert.equal(what, "failed");
    assert.match(failure ?? "", /^does not listen on the port after \d+ seconds$/);
  });

  it("has the time in which it works", async () => {
    assert.deepEqual(await saved("import time\nwhile time.process_time() < 3: pass"), ["restarted", "2"]);
  });
});
