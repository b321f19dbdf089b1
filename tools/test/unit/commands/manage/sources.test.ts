import assert from "node:assert/strict";
import fs from "node:fs";

import { folderOfManage, readSources } from "../../../../commands/manage/sources";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("The sources that manage.py runs on in a pod", () => {
  const folder = temporaryFolder();
  const read = (): ReturnType<typeof readSources> =>
    readSources({ folder: folder.path(), dockerfile: undefined, stage: undefined });

  it("are what reaches the image, without databases, caches and virtual environments", () => {
    folder.write({
      Dockerfile: "FROM scratch\n",
      ".dockerignore": "notes.txt\n",
      "notes.txt": "",
      ".git/config": "",
      "manage.py": "",
      "db.sqlite3": "",
      "db.sqlite3-journal": "",
      "debug.log": "",
      "polls/__pycache__/models.cpython-313.pyc": "",
      "polls/models.py": "",
      "polls/logs.py": "",
      "link.py": { symlink: "manage.py" },
      "env/pyvenv.cfg": "",
      "env/lib/django.py": "",
      "environment.py": "",
      "web/node_modules/a.js": "",
    });
    assert.deepEqual(read(), {
      folder: folder.path(),
      files: [
        ".dockerignore",
        "Dockerfile",
        "environment.py",
        "link.py",
        "manage.py",
        "polls/logs.py",
        "polls/models.py",
      ],
      folders: ["polls", "web"],
      within: "",
    });
  });

  it("are refused when they would fill the pod's disk, with the largest file", () => {
    folder.write({ Dockerfile: "FROM scratch\n", "manage.py": "", "media/film.mp4": "" });
    fs.truncateSync(folder.path("media/film.mp4"), 250_000_000);
    const place = folder.path();
    assert.throws(
      read,
      isProblem(
        `The files of ${place} that reach the image have 251 MB, the largest is media/film.mp4, and a command that writes sources takes at most 100 MB of them; name in ${place}/.dockerignore what the image does not need.`,
      ),
    );
  });

  it("have manage.py in the folder that is nearest to the project's", () => {
    assert.equal(folderOfManage("shop", ["manage.py", "examples/one/manage.py"]), "");
    assert.equal(folderOfManage("shop", ["Dockerfile", "src/shop/x.py", "src/manage.py", "src/old/manage.py"]), "src");
  });

  it("are refused without manage.py, and with two of them side by side", () => {
    assert.throws(
      () => folderOfManage("shop", ["Dockerfile", "manage.pyc"]),
      isProblem(
        "No manage.py of shop reaches the image, and a command that writes sources runs it; set `project` to the folder of a Django project, or take manage.py out of shop/.dockerignore.",
      ),
    );
    assert.throws(
      () => folderOfManage("shops", ["one/manage.py", "two/manage.py"]),
      isProblem(
        "shops has one/manage.py and two/manage.py, and a command that writes sources runs one; set `project` to the folder of one of them.",
      ),
    );
  });
});
