import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { runsCommand } from "../../../components/image/entrypoint";
import { writeTree } from "../helpers/folders";

describe("An ENTRYPOINT", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-entrypoint-"));
  const scripts = {
    "docker/entrypoint": '#!/bin/sh\nset -e\nexec "$@"\n',
    "start.sh": "#!/bin/sh\nexec gunicorn shop.wsgi\n",
    "manage.py": "import sys\n",
    "serve.sh":
      '#!/bin/sh\n# "$@" is for gunicorn\nfor each in "$@"; do echo "$each"; done\nexec gosu shop gunicorn shop.wsgi \\\n    --workers 3 \\\n    "$@"\n',
    "either.sh": '#!/bin/sh\nif [ "$1" = web ]; then gunicorn shop.wsgi "$@"; else exec gosu shop "$@"; fi\n',
  };
  const runs = (entrypoint: string[] | undefined): boolean => runsCommand(entrypoint, folder, Object.keys(scripts));

  before(() => {
    writeTree(folder, scripts);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("runs the command that it is given where its script passes it on, wherever the image has the script", () => {
    assert.equal(runs(["/entrypoint"]), true);
    assert.equal(runs(["tini", "--", "/usr/src/app/entrypoint"]), true);
    assert.equal(runs(["/start.sh"]), false);
    assert.equal(runs(["/either.sh"]), true);
  });

  it("does not run it where its script passes it to a server as options", () => {
    assert.equal(runs(["/serve.sh"]), false);
  });

  it("runs it where it is what runs others, and where the image that the Dockerfile is from has it", () => {
    for (const entrypoint of [undefined, [], ["/usr/bin/tini", "--"], ["dumb-init"], ["uv", "run"]]) {
      assert.equal(runs(entrypoint), true, entrypoint?.join(" "));
    }
    assert.equal(runs(["/docker-entrypoint.sh"]), true);
  });

  it("does not where it is a command itself", () => {
    for (const entrypoint of [
      ["gunicorn"],
      ["gunicorn", "shop.wsgi"],
      ["python", "manage.py"],
      ["/bin/sh", "-c", "a"],
    ]) {
      assert.equal(runs(entrypoint), false, entrypoint.join(" "));
    }
    assert.equal(runs(["/bin/sh", "-c", 'migrate && exec "$0" "$@"']), true);
  });
});
