import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { agentFile, python, needsPython } from "./agent";

const bin = path.dirname(python);
/** Command lines, and as what program of Python they are run. */
const programs: [string[], string, string, string[]][] = [
  [["python", "manage.py", "migrate"], "file", "manage.py", ["migrate"]],
  [["python", "-u", "manage.py", "runserver", "8000"], "file", "manage.py", ["runserver", "--noreload", "8000"]],
  [["python", "-X", "dev", "-Wd", "-m", "gunicorn", "--reload", "a"], "module", "gunicorn", ["a"]],
  [["uvicorn", "a:b", "--reload"], "file", "BIN/uvicorn", ["a:b"]],
  [["./far.py", "x"], "file", "./far.py", ["x"]],
];
const others = [
  ["python", "-c", "print()"],
  ["python", "missing.py"],
  ["python"],
  ["uwsgi", "--http", ":8000"],
  ["./run.sh"],
  ["sh", "-c", "exec uvicorn a"],
];

describe("The command that a pod runs", () => {
  needsPython();
  const folder = temporaryFolder();

  beforeEach(() => {
    folder.write({
      "manage.py": "",
      "bin/uvicorn": { executable: `#!${python}\n` },
      "far.py": { executable: `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n` },
      "run.sh": { executable: "#!/bin/sh\npython manage.py\n" },
    });
  });

  /** Reads command lines with the agent's own module. */
  function read(expression: string, input: unknown): unknown {
    const script = `
import json, os, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(agentFile))})
from command import *
print(json.dumps([${expression} for words in json.load(sys.stdin)]))`;
    const env = { PATH: `${folder.path("bin")}:${bin}` };
    const options = { input: JSON.stringify(input), env, cwd: folder.path(), encoding: "utf8" } as const;
    return JSON.parse(execFileSync(python, ["-B", "-c", script], options));
  }

  it("is run in a process that has Python loaded where it is one of Python's", () => {
    const found = read(
      "(lambda c: [c.kind, c.target, c.arguments])(read_command(words, os.environ))",
      programs.map(([words]) => words),
    );
    assert.deepEqual(
      found,
      programs.map(([, kind, target, rest]) => [kind, target.replace("BIN", folder.path("bin")), rest]),
    );
  });

  it("is run as it is where it is anything else", () => {
    assert.deepEqual(
      read("(lambda c: [c.kind, c.words])(read_command(words, os.environ))", others),
      others.map((words) => [null, words]),
    );
  });

  it("is run by the interpreter and with the flags that it names", () => {
    const commands = [
      ["python", "manage.py"],
      ["python", "-O", "manage.py"],
    ];
    assert.deepEqual(read("read_command(words, os.environ).needs_other_interpreter()", commands), [false, true]);
  });

  it("is known to stay where it serves or works until it is ended", () => {
    const staying = [
      ["uvicorn", "a"],
      ["python", "-m", "celery", "-A", "a", "beat"],
      ["python", "manage.py", "runserver"],
      ["python", "manage.py", "qcluster"],
    ];
    const ending = [
      ["python", "manage.py", "migrate"],
      ["python", "-m", "celery", "inspect"],
      ["python", "manage.py"],
    ];
    assert.deepEqual(read("bool(read_command(words, os.environ).stays())", [...staying, ...ending]), [
      ...staying.map(() => true),
      ...ending.map(() => false),
    ]);
  });

  it("loads the project before gunicorn listens, unless its workers replace the standard library", () => {
    folder.write({ "other.py": "worker_class = 'gevent'" });
    const commands = [
      ["python", "-m", "gunicorn", "a"],
      ["python", "-m", "gunicorn", "-k", "gevent", "a"],
      ["python", "-m", "gunicorn", "--config=other.py", "a"],
    ];
    const environment = "{'GUNICORN_CMD_ARGS': '--reload -w 2'}";
    assert.deepEqual(read(`gunicorn_environment(read_command(words, os.environ), ${environment})`, commands), [
      { GUNICORN_CMD_ARGS: "-w 2 --preload" },
      { GUNICORN_CMD_ARGS: "-w 2" },
      { GUNICORN_CMD_ARGS: "-w 2" },
    ]);
  });
});
