import assert from "node:assert/strict";

import { execForm } from "../../../components/app/commandLine";

describe("A command line", () => {
  const plain: [what: string, line: string, words: string[]][] = [
    ["words", "gunicorn shop.wsgi  --workers 2", ["gunicorn", "shop.wsgi", "--workers", "2"]],
    [
      "quotes",
      `gunicorn 'shop.wsgi:make("a")' "--name=my shop" ''`,
      ["gunicorn", 'shop.wsgi:make("a")', "--name=my shop", ""],
    ],
    ["escapes", "serve a\\ b \\$PORT", ["serve", "a b", "$PORT"]],
    ["what looks like the shell's in single quotes", "celery -Q 'a*,$B && c'", ["celery", "-Q", "a*,$B && c"]],
    ["a glob in double quotes", 'celery -Q "a*"', ["celery", "-Q", "a*"]],
    ["a name and a value that are no first word", "env A=b serve", ["env", "A=b", "serve"]],
    [
      "a variable that Kubernetes replaces",
      "gunicorn --bind 0.0.0.0:$(PORT) '$(_A1)' a\"$(B)\"",
      ["gunicorn", "--bind", "0.0.0.0:$(PORT)", "$(_A1)", "a$(B)"],
    ],
    ["a command that only begins as the shell's own", "exec-worker cd", ["exec-worker", "cd"]],
  ];
  for (const [what, line, words] of plain) {
    it(`is split as a shell would, and run without one: ${what}`, () => {
      assert.deepEqual(execForm(line), words);
    });
  }

  const ofShell: [what: string, line: string][] = [
    ["a variable", "gunicorn --bind 0.0.0.0:$PORT"],
    ["a variable in double quotes", 'gunicorn --bind "0.0.0.0:$PORT"'],
    ["a variable with a default", "gunicorn --bind 0.0.0.0:${PORT:-8000}"],
    ["a command's output", "gunicorn --workers $(nproc)"],
    ["the output of a command with arguments", "gunicorn --workers $(python -c 'print(2)')"],
    ["a command's output in the old form", "gunicorn --name `hostname`"],
    ["commands one after the other", "python manage.py migrate && gunicorn shop.wsgi"],
    ["the same without a condition", "python manage.py migrate; gunicorn shop.wsgi"],
    ["a pipe", "gunicorn shop.wsgi | tee log"],
    ["a file for output", "gunicorn shop.wsgi > log"],
    ["a process in the background", "celery worker & gunicorn shop.wsgi"],
    ["a glob", "cat conf/*.ini"],
    ["a home folder", "gunicorn --config ~/gunicorn.py"],
    ["a comment", "gunicorn shop.wsgi # the page"],
    ["a variable before the command", "PYTHONPATH=src gunicorn shop.wsgi"],
    ["a change of the folder", "cd src"],
    ["an exec", "exec gunicorn shop.wsgi"],
    ["a file that is sourced", ". ./env"],
    ["a substitution that it refuses in its own words", "gunicorn --name ${}"],
  ];
  for (const [what, line] of ofShell) {
    it(`is run by a shell, as it stands, for what only a shell understands: ${what}`, () => {
      assert.deepEqual(execForm(line), ["/bin/sh", "-c", line]);
    });
  }

  const doubled: [line: string, words: string[]][] = [
    ["serve > /run/$$.pid", ["/bin/sh", "-c", "serve > /run/$$$$.pid"]],
    ["serve 'a$$b' $(PORT)", ["serve", "a$$$$b", "$(PORT)"]],
    ["echo $$(date)", ["/bin/sh", "-c", "echo $$(date)"]],
  ];
  for (const [line, words] of doubled) {
    it(`has the two dollar signs doubled of which Kubernetes would make one, but before a bracket: ${line}`, () => {
      assert.deepEqual(execForm(line), words);
    });
  }
});
