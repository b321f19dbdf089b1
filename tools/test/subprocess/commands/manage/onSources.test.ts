import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { mock } from "node:test";

import { runOnSources } from "../../../../commands/manage/onSources";
import { Pod, podProgram } from "../../../../commands/manage/pod";
import type { Sources } from "../../../../commands/manage/sources";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

/** Runs what follows `--` on this machine, as if it were the pod. */
const kubectl = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n';

/** This machine's, by a path that is searched for it alone. */
const python3 = `#!/bin/sh\nPATH='${process.env["PATH"] ?? ""}'\nexec python3 "$@"\n`;

describe("A command that runs on a copy of the sources in a pod", () => {
  const folder = temporaryFolder();
  const sources: Omit<Sources, "folder"> = {
    files: ["src/manage.py", "src/empty.py"],
    folders: ["src"],
    within: "src",
  };
  let pod: Pod;
  let lines: string[];

  beforeEach(() => {
    folder.write({
      "bin/kubectl": { executable: kubectl },
      "bin/python": { executable: '#!/bin/sh\nexec python3 "$@"\n' },
      "bin/python3": { executable: python3 },
      "shop/src/manage.py": { executable: "import sys\nprint(open(sys.argv[1], 'w').write('written'))\n" },
      "shop/src/empty.py": "",
      "shop/src/kept.py": "kept back by .dockerignore",
    });
    fs.mkdirSync(folder.path("tmp"));
    const environment = { PATH: `${folder.path("bin")}:${process.env["PATH"] ?? ""}`, TMPDIR: folder.path("tmp") };
    pod = new Pod("web-1", [], environment);
    lines = [];
    mock.method(console, "error", (line: string) => lines.push(line));
    mock.method(process.stderr, "write", () => true);
  });
  afterEach(() => {
    mock.restoreAll();
  });

  const text = (name: string): string => fs.readFileSync(folder.path("shop", name), "utf8");
  const run = async (command: (copy: string) => Promise<number> | number): Promise<number> =>
    await runOnSources(pod, { folder: folder.path("shop"), ...sources }, async (copy) => await command(copy)).finally(
      () => {
        assert.deepEqual(fs.readdirSync(folder.path("tmp")), [], "something is left in the pod");
      },
    );
  const manage = async (copy: string, ...args: string[]): Promise<number> =>
    (await pod.ask(podProgram("run", "", copy, ...args))).exitCode;

  it("runs in manage.py's folder, and what it wrote comes back with its exit code", async () => {
    const exitCode = await run(async (copy) => {
      assert.deepEqual(fs.readdirSync(copy), ["empty.py", "manage.py"]);
      assert.equal(await manage(copy, "empty.py"), 0);
      fs.mkdirSync(`${copy}/polls/__pycache__`, { recursive: true });
      for (const name of ["models.py", "db.sqlite3", "__pycache__/models.pyc"]) {
        fs.writeFileSync(`${copy}/polls/${name}`, name);
      }
      fs.symlinkSync("/etc/passwd", `${copy}/polls/link.py`);
      return 3;
    });
    assert.equal(exitCode, 3);
    assert.deepEqual(lines, [
      `${folder.path("shop/src/empty.py")} has changed`,
      `${folder.path("shop/src/polls/models.py")} is new`,
    ]);
    assert.equal(text("src/empty.py"), "written");
    assert.deepEqual(fs.readdirSync(folder.path("shop/src/polls")), ["models.py"]);
    assert.deepEqual(fs.readdirSync(folder.path("shop/src")), ["empty.py", "kept.py", "manage.py", "polls"]);
  });

  it("fails with what it wrote left beside, when the command had another file than is there", async () => {
    const exitCode = await run((copy) => {
      fs.writeFileSync(`${copy}/empty.py`, "by the command");
      fs.writeFileSync(`${copy}/kept.py`, "by the command");
      fs.writeFileSync(folder.path("shop/src/empty.py"), "by the user");
      return 0;
    });
    assert.equal(exitCode, 1);
    assert.deepEqual(["src/empty.py", "src/kept.py", "src/empty.py.new", "src/kept.py.new"].map(text), [
      "by the user",
      "kept back by .dockerignore",
      "by the command",
      "by the command",
    ]);
  });

  it("writes nothing here after a signal", async () => {
    const ended = run((copy) => {
      fs.writeFileSync(`${copy}/empty.py`, "by the command");
      process.emit("SIGINT", "SIGINT");
      return 0;
    });
    await assert.rejects(ended, isProblem("SIGINT ended the command; everything that it made is removed again."));
    assert.equal(text("src/empty.py"), "");
  });

  it("does not run when its files do not arrive", async () => {
    folder.write({ "bin/python3": { executable: python3.replace("exec", "head -c 600 |") } });
    await assert.rejects(
      run(() => assert.fail("it runs")),
      /The files of .*shop cannot be sent to pod web-1:\n/,
    );
  });

  it("finds the image's folders that its path has in the copy, and the database that the pod has", async () => {
    const image = folder.path("image");
    folder.write({
      "image/src/lib/.keep": "",
      "image/db.sqlite3": "SQLite format 3\0rest",
      "image/notes.txt": "",
      "copy/src/lib/.keep": "",
      "copy/manage.py": "import os, sys\nprint(os.environ['PYTHONPATH'], sorted(os.listdir()), sys.argv[1:])\n",
    });
    const environment = {
      PATH: `${folder.path("bin")}:${process.env["PATH"] ?? ""}`,
      PYTHONPATH: `${image}/src/lib:${image}/gone`,
    };
    folder.write({ "bin/kubectl": { executable: kubectl.replace("exec", `cd ${image}; exec`) } });
    const { stdout } = await new Pod("web-1", [], environment).ask(podProgram("run", "", folder.path("copy"), "a b"));
    const paths = `${folder.path("copy")}/src/lib:${image}/src/lib:${image}/gone`;
    assert.equal(stdout.toString(), `${paths} ['db.sqlite3', 'manage.py', 'src'] ['a b']\n`);
  });

  it("runs the Python of an environment that is not on the path, and a manage.py below the image's folder", async () => {
    folder.write({
      "image/src/manage.py": "",
      "image/.venv/bin/python": { executable: '#!/bin/sh\necho "$@"\n' },
      "image/.venv/lib/python3.13/site-packages/django/__init__.py": "",
      "bin/kubectl": { executable: kubectl.replace("exec", `cd ${folder.path("image")}; exec`) },
    });
    const { stdout } = await pod.ask(podProgram("run", "", "", "check", "--deploy"));
    assert.equal(stdout.toString(), "src/manage.py check --deploy\n");
  });

  it("takes no folder named django for Django", async () => {
    const answer = (name: string): { executable: string } => ({ executable: `#!/bin/sh\necho ${name} "$@"\n` });
    folder.write({
      "image/manage.py": "",
      "image/django/settings.py": "",
      "image/venv/bin/python": answer("venv"),
      "image/venv/lib/python3.13/site-packages/django/__init__.py": "",
      "bin/kubectl": { executable: kubectl.replace("exec", `cd ${folder.path("image")}; exec`) },
    });
    const { stdout } = await pod.ask(podProgram("run", "", "", "check"));
    assert.equal(stdout.toString(), "venv manage.py check\n");
  });

  it("runs the Python that has Django where `python` is another one", async () => {
    // What is called python3 may be a script that puts its own `python` first.
    const interpreter = execFileSync("python3", ["-c", "import sys; print(sys.executable)"]).toString().trim();
    folder.write({
      "image/manage.py": "import sys\nprint(sys.argv[1:])\n",
      "lib/django/__init__.py": "",
      "other/python": { executable: "#!/bin/sh\nexit 7\n" },
      "bin/python3": { executable: `#!/bin/sh\nPATH='${folder.path("other")}'\nexec '${interpreter}' "$@"\n` },
      "bin/kubectl": {
        executable: kubectl.replace("exec", `cd ${folder.path("image")}; PYTHONPATH=${folder.path("lib")} exec`),
      },
    });
    const { exitCode, stdout } = await pod.ask(podProgram("run", "", "", "check"));
    assert.deepEqual([exitCode, stdout.toString()], [0, "['check']\n"]);
  });
});
