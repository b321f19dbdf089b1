import assert from "node:assert/strict";
import fs from "node:fs";

import { isNoSource } from "../../../live/notSources";
import { listingOf, readChange, Stale } from "../../../live/podPaths";
import { type Difference, differenceOf, isEmpty, Sources } from "../../../live/sources";
import { thenOf } from "../../../live/then";
import { Wanted } from "../../../live/wanted";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";

const places = { placesOf: (name: string) => [`/app/${name}`] };

describe("The sources that are brought to pods", () => {
  const folder = temporaryFolder();
  let sources: Sources;

  beforeEach(() => {
    folder.write({
      Dockerfile: "FROM python:3.13-slim\n",
      ".dockerignore": "**/*.log\nnotes\n",
      "shop/views.py": "one = 1\n",
      "shop/debug.log": "",
      "notes/todo.txt": "",
    });
    sources = new Sources({ folder: folder.path(), builder: "docker-build", dockerfile: "Dockerfile" });
  });

  it("are those that reach the image, without what editors keep", () => {
    folder.write({ "shop/.views.py.swp": "", "shop/views.py~": "", "4913": "" });
    assert.deepEqual([...sources.look().keys()], [".dockerignore", "Dockerfile", "shop", "shop/views.py"]);
  });

  it("differ by content, mode, links and what is not there any more", () => {
    const before = sources.look();
    folder.write({ "shop/urls.py": "", "shop/tasks.py": { executable: "" } });
    fs.symlinkSync("views.py", folder.path("shop/link.py"));
    fs.mkdirSync(folder.path("shop/empty"));
    const between = sources.look();
    assert.deepEqual(differenceOf(before, between), {
      changed: ["shop/empty", "shop/link.py", "shop/tasks.py", "shop/urls.py"],
      removed: [],
    });
    fs.rmSync(folder.path("shop/link.py"));
    fs.chmodSync(folder.path("shop/views.py"), 0o755);
    fs.writeFileSync(folder.path("shop/urls.py"), "urlpatterns = []\n");
    assert.deepEqual(differenceOf(between, sources.look()), {
      changed: ["shop/urls.py", "shop/views.py"],
      removed: ["shop/link.py"],
    });
  });

  it("do not differ where a file was saved as it was, whatever its times are", () => {
    const before = sources.look();
    const { mode } = fs.statSync(folder.path("shop/views.py"));
    fs.rmSync(folder.path("shop/views.py"));
    fs.writeFileSync(folder.path("shop/views.py"), "one = 1\n", { mode });
    assert.ok(isEmpty(differenceOf(before, sources.look())));
  });

  it("are told to a pod with absolute paths", () => {
    fs.symlinkSync("views.py", folder.path("shop/link.py"));
    const listing = listingOf(sources.look(), places);
    assert.deepEqual(listing.links, [["/app/shop/link.py", "views.py"]]);
    assert.deepEqual(listing.folders, ["/app/shop"]);
    const mode = fs.statSync(folder.path("shop/views.py")).mode & 0o777;
    assert.deepEqual(listing.files.at(-1), ["/app/shop/views.py", mode, 8, "65b7663e4c578976a03e63da7b3466b71c6a8272"]);
  });

  it("are read as they were looked at, or not at all", () => {
    const snapshot = sources.look();
    const difference: Difference = { changed: ["shop/views.py"], removed: ["shop/old.py"] };
    const read = (): object => readChange(difference, { folder: folder.path(), snapshot, places });
    const mode = fs.statSync(folder.path("shop/views.py")).mode & 0o777;
    assert.deepEqual(read(), {
      remove: ["/app/shop/old.py"],
      folders: [],
      links: [],
      files: [["/app/shop/views.py", mode, 8]],
      contents: [Buffer.from("one = 1\n")],
    });
    fs.writeFileSync(folder.path("shop/views.py"), "one = ");
    assert.throws(read, Stale);
    const stale: string[] = [];
    const onStale = (name: string): number => stale.push(name);
    assert.deepEqual(readChange(difference, { folder: folder.path(), snapshot, places, onStale }).files, []);
    fs.rmSync(folder.path("shop/views.py"));
    assert.deepEqual(readChange(difference, { folder: folder.path(), snapshot, places, onStale }).files, []);
    assert.deepEqual(stale, ["shop/views.py", "shop/views.py"]);
  });

  it("are also in an image that was built while somebody saved", () => {
    const before = sources.look();
    const wanted = new Wanted({ folder: folder.path(), places, base: [], snapshot: before });
    folder.write({ "shop/new.py": "" });
    wanted.deploy({ folder: folder.path(), places, snapshot: before });
    wanted.add(sources.look());
    assert.ok(wanted.now.base.includes("/app/shop/new.py"));
    assert.equal(wanted.now.snapshot, before);
  });
});

describe("What processes do about a change", () => {
  const cases: [names: string[], then: string][] = [
    [["shop/views.py"], "restart"],
    [["shop/templates/shop/list.html"], "templates"],
    [["templates/mail.txt"], "templates"],
    [["shop/static/shop.css", "README.md"], "nothing"],
    [["shop/static/shop.css", "shop/templates/list.html"], "templates"],
    [["shop/templates/list.html", "shop/templatetags/money.py"], "restart"],
    [["shop/static/shop/data.py"], "restart"],
    [["config.yaml"], "restart"],
    [["locale/de/LC_MESSAGES/django.po"], "nothing"],
    [["locale/de/LC_MESSAGES/django.mo"], "restart"],
  ];
  for (const [changed, then] of cases) {
    it(`is "${then}" for ${changed.join(" and ")}`, () => {
      assert.equal(thenOf({ changed, removed: [] }), then);
      assert.equal(thenOf({ changed: [], removed: changed }), then);
    });
  }

  it("is to start again for a folder that Django looks for once, and nothing for another", () => {
    const then = (...changed: string[]): string => thenOf({ changed, removed: [] }, (name) => !/\.\w+$/.test(name));
    assert.equal(then("shop"), "nothing");
    assert.equal(then("shop/static/shop", "shop/static/shop/a.css"), "nothing");
    assert.equal(then("shop/static", "shop/static/a.css"), "restart");
    assert.equal(then("shop/templates", "shop/templates/a.html"), "restart");
    assert.equal(then("shop", "shop/views.py"), "restart");
  });
});

describe("What is never brought to pods", () => {
  it("is what version control, packages and tools keep, and what processes write", () => {
    const names = [
      ".git/index",
      "frontend/node_modules/a/b.js",
      ".venv/bin/python",
      "shop/__pycache__/views.cpython-313.pyc",
      "db.sqlite3",
      "data/shop.sqlite3-wal",
      "debug.log",
    ];
    assert.deepEqual(names.filter(isNoSource), names);
    assert.deepEqual(["shop/db.py", ".gitignore", "logs/config.py", "venvs.py"].filter(isNoSource), []);
  });
});

describe("Files that editors keep for themselves", () => {
  it("are known by their names", () => {
    const names = [
      ".views.py.swp",
      "views.py~",
      "4913",
      ".#views.py",
      "#views.py#",
      "views.py___jb_tmp___",
      "a/.b.swx",
    ];
    assert.deepEqual(names.filter(isNoSource), names);
    assert.deepEqual(["views.py", "swap.py", ".env", "tilde", "a#b.py", "x/4913.py"].filter(isNoSource), []);
  });
});
