import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";

import { type BuildContext, type BuildOptions, readBuildContext } from "../../../components/image/buildContext";
import { checkout } from "../helpers/checkout";
import { temporaryFolder, type Tree, writeTree } from "../helpers/folders";
import { isProblem } from "../helpers/problems";

const options: BuildOptions = { builder: "docker-build", buildArgs: {}, platform: undefined };
const project: Tree = {
  Dockerfile: "FROM scratch\nCOPY . .\n",
  ".dockerignore": "**/*.pyc\nnotes\n**/tests\n.dockerignore\n",
  "manage.py": { executable: "#!/usr/bin/env python\n" },
  "shop/models.py": "class Order: ...\n",
  "shop/tests/test_models.py": "assert True\n",
  "notes/plan.md": "later\n",
};

describe("The build context", () => {
  const folder = temporaryFolder();
  const read = (more: Partial<BuildOptions> = {}): BuildContext =>
    readBuildContext(folder.path(), { ...options, ...more });

  const change = (removed: string[], written: Tree): void => {
    removed.forEach((file) => {
      fs.rmSync(folder.path(file));
    });
    folder.write(written);
  };

  beforeEach(() => {
    folder.write(project);
  });

  it("names the files that reach the image, sorted, with forward slashes", () => {
    // In the order of a walk through the folders these two would stand elsewhere.
    folder.write({ "asgi/app.py": "", "shop-data.json": "" });
    const files = ["Dockerfile", "asgi/app.py", "manage.py", "shop-data.json", "shop/models.py"];
    assert.deepEqual(read().files, files);
  });

  it("has the same hash on every machine and at every release of this project", () => {
    assert.equal(read().hash, "54be54776925");
  });

  const changes: [what: string, removed: string[], written: Tree][] = [
    ["one byte of a file", [], { "shop/models.py": "class order: ...\n" }],
    ["a byte at the end of a file", [], { "shop/models.py": "class Order: ...\n\n" }],
    ["a new file", [], { "shop/views.py": "" }],
    ["a removed file", ["manage.py"], {}],
    ["a renamed file", ["manage.py"], { "Manage.py": project["manage.py"] ?? "" }],
    ["a file that moved to another folder", ["manage.py"], { "shop/manage.py": project["manage.py"] ?? "" }],
    ["a removed exec bit", ["manage.py"], { "manage.py": "#!/usr/bin/env python\n" }],
    ["an added exec bit", [], { "shop/models.py": { executable: "class Order: ...\n" } }],
    ["an exec bit for the group and others alone", [], { "manage.py": { mode: 0o744 } }],
    ["a file that only its owner may read", [], { "shop/models.py": { mode: 0o600 } }],
    ["a file that everybody may write", [], { "shop/models.py": { mode: 0o666 } }],
    ["a set-group-ID bit", [], { "manage.py": { mode: 0o2755 } }],
    ["a folder that only its owner may enter", [], { shop: { mode: 0o700 } }],
    ["a link in place of a file", ["manage.py"], { "manage.py": { symlink: "shop/models.py" } }],
    ["the Dockerfile", [], { Dockerfile: "FROM scratch\nCOPY shop .\n" }],
    ["a file that is no longer ignored", [], { ".dockerignore": "**/*.pyc\n**/tests\n.dockerignore\n" }],
  ];
  for (const [what, removed, written] of changes) {
    it(`has another hash after ${what}`, () => {
      const before = read().hash;
      change(removed, written);
      assert.notEqual(read().hash, before);
    });
  }

  const choices: [what: string, one: Partial<BuildOptions>, other: Partial<BuildOptions>][] = [
    ["a build argument", {}, { buildArgs: { A: "1" } }],
    ["a build argument's name", { buildArgs: { A: "1" } }, { buildArgs: { B: "1" } }],
    ["a build argument's value", { buildArgs: { A: "1" } }, { buildArgs: { A: "2" } }],
    ["where a build argument's name ends", { buildArgs: { A: "BC" } }, { buildArgs: { AB: "C" } }],
    ["the platform", { platform: "linux/amd64" }, { platform: "linux/arm64" }],
    ["the stage", { stage: "build" }, { stage: "test" }],
    ["what is a platform and what a stage", { platform: "linux/amd64" }, { stage: "linux/amd64" }],
  ];
  for (const [what, one, other] of choices) {
    it(`has another hash for another choice of ${what}`, () => {
      assert.notEqual(read(one).hash, read(other).hash);
    });
  }

  const pages = [
    "templates/index.html",
    "shop/static/shop/a.bin",
    "locale/de/LC_MESSAGES/django.po",
    "a/logo.SVG",
    "README.md",
  ];
  for (const name of pages) {
    it(`has the same hash of its code after ${name}, which no migration reads`, () => {
      const before = read();
      change([], { [name]: "now" });
      const { hash, codeHash } = read();
      assert.notEqual(hash, before.hash);
      assert.equal(codeHash, before.codeHash);
    });
  }

  for (const name of [
    "shop/templates/tags.py",
    "shop/models.py",
    "requirements.txt",
    "shop/fixtures/a.json",
    "shop/a.sql",
  ]) {
    it(`has another hash of its code after ${name}`, () => {
      const before = read();
      change([], { [name]: "now" });
      assert.notEqual(read().codeHash, before.codeHash);
    });
  }

  const indifferent: [what: string, removed: string[], written: Tree][] = [
    ["a changed file that .dockerignore excludes", [], { "notes/plan.md": "now\n" }],
    ["an added file that .dockerignore excludes", [], { "shop/models.pyc": "" }],
    ["an added file of an excluded folder", [], { "shop/tests/data/orders.json": "[]" }],
    ["a removed file that .dockerignore excludes", ["shop/tests/test_models.py"], {}],
    ["another spelling of .dockerignore", [], { ".dockerignore": "notes/\n.dockerignore\n**/tests\n**/*.pyc\n" }],
  ];
  for (const [what, removed, written] of indifferent) {
    it(`has the same hash after ${what}`, () => {
      const before = read();
      change(removed, written);
      assert.deepEqual(read(), before);
    });
  }

  it("has the same hash whatever the times", () => {
    const before = read();
    fs.utimesSync(folder.path("manage.py"), 1, 1);
    assert.deepEqual(read(), before);
  });

  it("has the same hash in checkouts of machines with other umasks", () => {
    const hashUnder = (umask: number): string => {
      const usual = process.umask(umask);
      try {
        const root = folder.path(umask.toString(8));
        writeTree(root, project);
        // As git makes an executable file.
        fs.chmodSync(path.join(root, "manage.py"), 0o777 & ~umask);
        return readBuildContext(root, options).hash;
      } finally {
        process.umask(usual);
      }
    };
    assert.equal(hashUnder(0o002), hashUnder(0o022));
    assert.notEqual(hashUnder(0o077), hashUnder(0o022));
  });

  it("has the same hash whatever the order in which its files were made and its arguments written", () => {
    const before = read({ buildArgs: { A: "1", B: "2" } }).hash;
    fs.rmSync(folder.path(), { recursive: true });
    writeTree(folder.path(), Object.fromEntries(Object.entries(project).reverse()));
    assert.equal(read({ buildArgs: { B: "2", A: "1" } }).hash, before);
  });

  it("has the same hash at another place, named by a relative path or an absolute one", () => {
    const copy = folder.path("..", `${path.basename(folder.path())}-copy`);
    fs.cpSync(folder.path(), copy, { recursive: true });
    try {
      assert.deepEqual(readBuildContext(copy, options), read());
      assert.deepEqual(readBuildContext(path.relative(process.cwd(), copy), options), read());
    } finally {
      fs.rmSync(copy, { recursive: true });
    }
  });

  it("tells a byte at the end of one file from the same byte at the start of the next", () => {
    folder.write({ a: "xy", b: "z" });
    const before = read().hash;
    folder.write({ a: "x", b: "yz" });
    assert.notEqual(read().hash, before);
  });

  it("tells a name's last byte from a content's first", () => {
    folder.write({ ab: "c" });
    const before = read().hash;
    fs.rmSync(folder.path("ab"));
    folder.write({ a: "bc" });
    assert.notEqual(read().hash, before);
  });

  it("takes in the last byte of a file that is read in parts", () => {
    const content = Buffer.alloc(3 * 2 ** 20);
    folder.write({ "dump.bin": content });
    const before = read().hash;
    content[content.length - 1] = 1;
    folder.write({ "dump.bin": content });
    assert.notEqual(read().hash, before);
  });

  it("refuses what is no file, and says how to leave it out", async () => {
    const where = folder.path("app.sock");
    const server = net.createServer().listen(where);
    await once(server, "listening");
    try {
      assert.throws(
        () => read(),
        isProblem(
          `${where} is a socket, which does not belong in an image; remove it, or name it in ${folder.path(".dockerignore")}.`,
        ),
      );
      folder.write({ ".dockerignore": "**/*.pyc\nnotes\n**/tests\n.dockerignore\n*.sock\n" });
      assert.ok(!read().files.includes("app.sock"));
    } finally {
      server.close();
    }
  });

  it("names a file that is not there when it is read", () => {
    // Its name is no text: what is asked for is another one.
    fs.writeFileSync(Buffer.concat([Buffer.from(folder.path("caf")), Buffer.from([0xe9])]), "");
    assert.throws(
      () => read(),
      isProblem(
        `${folder.path("caf\u{FFFD}")} cannot be read (ENOENT); make it readable, or name it in .dockerignore to leave it out of the image.`,
      ),
    );
  });
});

describe("The build context of app/", () => {
  const { files, hash } = readBuildContext(path.join(checkout, "app"), options);

  it("is the project without its tests, caches and Docker files", () => {
    assert.deepEqual(files, [
      "config/__init__.py",
      "config/asgi.py",
      "config/health.py",
      "config/settings.py",
      "config/urls.py",
      "config/views.py",
      "config/worker.py",
      "config/wsgi.py",
      "gunicorn.conf.py",
      "manage.py",
      "requirements.txt",
      "serve.py",
      "templates/index.html",
    ]);
    assert.match(hash, /^[0-9a-f]{12}$/);
  });
});
