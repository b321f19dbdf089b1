import assert from "node:assert/strict";
import fs from "node:fs";

import fc from "fast-check";

import { type BuildContext, readBuildContext } from "../../../components/image/buildContext";
import { temporaryFolder, type Tree, writeTree } from "../helpers/folders";
import { isProblem } from "../helpers/problems";

const read = (folder: string): BuildContext =>
  readBuildContext(folder, { builder: "docker-build", buildArgs: {}, platform: undefined });

describe(".dockerignore", () => {
  const folder = temporaryFolder();
  const filesOf = (tree: Tree): string[] => {
    folder.write({ Dockerfile: "FROM scratch\n", ...tree });
    return read(folder.path()).files;
  };

  const rows: [behaviour: string, tree: Tree, files: string[]][] = [
    ["may be missing: everything reaches the image", { "a/b": "" }, ["Dockerfile", "a/b"]],
    [
      "excludes a folder with all that is in it",
      { ".dockerignore": ".*\na\n", "a/b/c": "", b: "" },
      ["Dockerfile", "b"],
    ],
    ["keeps what a later exception names", { ".dockerignore": "*\n!a\n", "a/b/c": "", b: "" }, ["a/b/c"]],
    [
      "keeps an exception inside an excluded folder",
      { ".dockerignore": "*\n!a/b/c\n", "a/b/c": "", "a/d": "" },
      ["a/b/c"],
    ],
    [
      "lets the last matching line decide",
      { ".dockerignore": "*\n!a\na/*.pyc\n", "a/b.pyc": "", "a/b.py": "" },
      ["a/b.py"],
    ],
    [
      "matches folders at any depth by **",
      { ".dockerignore": ".*\n**/tests\n", "a/b/tests/c": "", tests: "" },
      ["Dockerfile"],
    ],
    ["is case sensitive", { ".dockerignore": ".*\nREADME\n", README: "", readme: "" }, ["Dockerfile", "readme"]],
    ["skips comments and empty lines", { ".dockerignore": "# a\n\n.*\n", a: "" }, ["Dockerfile", "a"]],
    [
      "takes most of what shells expand for plain characters",
      {
        ".dockerignore": ".*\n!app(1)\n!c++\n!^a\n**/+*.test.ts\napp(1)/*\nDockerfile\n",
        "app(1)/a": "",
        "c++/+b.test.ts": "",
        "c++/b.test.ts": "",
        "^a": "",
      },
      ["^a", "c++/b.test.ts"],
    ],
    [
      "takes names for names, and an exception for a folder not for the files in it that an earlier line names",
      { ".dockerignore": ".*\n**/*.log\n!logs\n", constructor: "", __proto__x: "", "logs/a.log": "", "b.log": "" },
      ["Dockerfile", "__proto__x", "constructor"],
    ],
    [
      "gives way to Dockerfile.dockerignore",
      { ".dockerignore": "a\n", "Dockerfile.dockerignore": "b\n.*\nDockerfile*\n", a: "", b: "" },
      ["a"],
    ],
  ];
  for (const [behaviour, tree, files] of rows) {
    it(behaviour, () => {
      assert.deepEqual(filesOf(tree), files);
    });
  }
});

describe("A .dockerignore with a pattern that Docker refuses", () => {
  const folder = temporaryFolder();

  for (const [line, reason] of [
    ["[a", "its [ has no ], or - and ] stand in it without \\"],
    ["!", "nothing follows the !"],
    ["tests\\", "it ends with \\"],
    ["[z-a]", "it is no regular expression, which Docker makes of it"],
    ["\\Q*", "its \\Q stands for no character"],
    ["[[:letters:]]*", "its [:letters:] is no set of characters"],
  ] as const) {
    it(`is refused with its line: ${line}`, () => {
      folder.write({ Dockerfile: "FROM scratch\n", ".dockerignore": `# notes\n\n ${line} \n` });
      assert.throws(
        () => read(folder.path()),
        isProblem(
          `Line 3 of ${folder.path(".dockerignore")} is \`${line}\`, a pattern that Docker refuses: ${reason}; correct the line; a \\ before a character makes it a plain one.`,
        ),
      );
    });
  }
});

describe("What builders do not send alike", () => {
  it("leaves the example's image its name, so that another builder rolls no pods", () => {
    const hash = (builder: "docker" | "docker-build"): string =>
      readBuildContext("app", { builder, buildArgs: {}, platform: undefined }).hash;
    assert.equal(hash("docker"), hash("docker-build"));
  });

  const folder = temporaryFolder();
  const sent = (builder: "docker" | "docker-build", tree: Tree): string[] => {
    folder.write({ Dockerfile: "FROM scratch\n", ...tree });
    return readBuildContext(folder.path(), { builder, buildArgs: {}, platform: undefined }).files;
  };

  it("is what an exception brings back by a pattern, and the files for the build itself", () => {
    const tree = { ".dockerignore": "*\n!**/keep.txt\n", "a/keep.txt": "", "a/b.txt": "", "keep.txt": "" };
    assert.deepEqual(sent("docker-build", tree), ["a/keep.txt", "keep.txt"]);
    assert.deepEqual(sent("docker", tree), [".dockerignore", "Dockerfile", "keep.txt"]);
  });
});

describe("A folder without files in the build context", () => {
  const folder = temporaryFolder();
  const hash = (): string => read(folder.path()).hash;
  const make = (...names: string[]): void => {
    names.forEach((name) => fs.mkdirSync(folder.path(name), { recursive: true }));
  };

  for (const [what, ignored, name] of [
    ["without a .dockerignore", "", "media"],
    ["below another folder", "", "shop/media/large"],
    ["beside what .dockerignore excludes", "*.pyc\n", "media"],
    ["that an exception names", "*\n!media\n", "media"],
    ["below an exception", "*\n!media\n", "media/large"],
  ] as const) {
    it(`changes the hash, as it changes the image, ${what}`, () => {
      folder.write({ Dockerfile: "FROM scratch\n", "shop/a.py": "", ".dockerignore": ignored });
      const before = hash();
      make(name);
      const after = hash();
      assert.notEqual(after, before);
      fs.renameSync(folder.path(name), folder.path(`${name}2`));
      assert.notEqual(hash(), after);
    });
  }

  it("is one whose files are all excluded, too", () => {
    folder.write({ Dockerfile: "FROM scratch\n", ".dockerignore": "**/*.pyc\n" });
    const before = hash();
    folder.write({ "cache/a.pyc": "" });
    const after = hash();
    assert.notEqual(after, before);
    folder.write({ "cache/b.pyc": "" });
    assert.equal(hash(), after);
  });

  for (const [what, ignored, name] of [
    ["that is excluded", "media\n", "media"],
    ["below one that is excluded", "media\n", "media/large"],
    ["above an exception that is not there", "*\n!media/large\n", "media"],
  ] as const) {
    it(`does not change the hash ${what}`, () => {
      folder.write({ Dockerfile: "FROM scratch\n", ".dockerignore": ignored });
      const before = hash();
      make(name);
      assert.equal(hash(), before);
    });
  }
});

describe("A symbolic link in the build context", () => {
  const folder = temporaryFolder();
  const files = { Dockerfile: "FROM scratch\n", "a/file": "1", "b/file": "1" };

  for (const [what, one, other] of [
    ["a file", "a/file", "b/file"],
    ["a folder", "a", "b"],
    ["nothing", "nowhere", "elsewhere"],
    ["the folder it stands in", ".", "./"],
    ["a place outside", "/", "/usr"],
  ] as const) {
    it(`to ${what} counts by its target's name`, () => {
      folder.write({ ...files, link: { symlink: one } });
      const before = read(folder.path());
      assert.deepEqual(before.files, ["Dockerfile", "a/file", "b/file", "link"]);
      fs.rmSync(folder.path("link"));
      folder.write({ link: { symlink: other } });
      const after = read(folder.path());
      assert.deepEqual(after.files, before.files);
      assert.notEqual(after.hash, before.hash);
    });
  }

  it("is told from a file with the target's name as content", () => {
    folder.write({ ...files, link: { symlink: "a/file" } });
    const before = read(folder.path()).hash;
    fs.rmSync(folder.path("link"));
    folder.write({ link: "a/file" });
    assert.notEqual(read(folder.path()).hash, before);
  });
});

describe("The content hash of any two projects", () => {
  const folder = temporaryFolder();
  // Few names and contents, so that equal projects and near misses come up often.
  const content = fc.constantFrom("", "x", "y", "xy");
  const entry = fc.oneof(
    content,
    content.map((executable) => ({ executable })),
    content.map((target) => ({ symlink: `${target}/a` })),
  );
  const tree = fc.dictionary(fc.constantFrom("a", "b/a", "b/b", "ba"), entry, { maxKeys: 4, noNullPrototype: true });

  it("is 12 hexadecimal digits, and equal exactly if the projects are", () => {
    let count = 0;
    const hashOf = (files: Tree): string => {
      const root = folder.path(String(count++));
      writeTree(root, { Dockerfile: "FROM scratch\n", ...files });
      return read(root).hash;
    };
    const normal = (files: Tree): string => JSON.stringify(Object.entries(files).sort());
    fc.assert(
      fc.property(tree, tree, (one, other) => {
        const hashes = [hashOf(one), hashOf(other)] as const;
        assert.match(hashes[0], /^[0-9a-f]{12}$/);
        assert.equal(hashes[0] === hashes[1], normal(one) === normal(other));
      }),
    );
  });

  it("takes in every byte of a file", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (before, position, difference) => {
        folder.write({ Dockerfile: "FROM scratch\n", file: Buffer.from(before) });
        const { hash } = read(folder.path());
        const after = Buffer.from(before);
        const index = position % after.length;
        after[index] = (after[index] ?? 0) ^ difference;
        folder.write({ file: after });
        assert.notEqual(read(folder.path()).hash, hash);
      }),
    );
  });
});
