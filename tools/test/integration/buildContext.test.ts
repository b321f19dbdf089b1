import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";
import fc from "fast-check";

import { type Builder, builders } from "../../../components/config/image";
import { listContext } from "../../../components/image/contextEntries";
import { Problem } from "../../../components/problem";
import { type Tree, writeTree } from "../../../test/unit/helpers/folders";
import { dockerContext } from "../../sandbox/install/catalogue";
import { installTool } from "../../sandbox/install/install";

/** What is sent, with a slash after each folder, or why nothing is. */
type Listing = { sent?: string[]; error?: string };

const ours = (folder: string, builder: Builder): Listing => {
  try {
    const entries = listContext(folder, builder);
    return entries.length === 0
      ? {}
      : { sent: entries.map(({ path: name, kind }) => (kind === "folder" ? `${name}/` : name)) };
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return { error: error.message };
  }
};

// Few names, so that patterns often hit.
const names = ["a", "b", "ab", "c++", "^a", "app(1)", "x.log", "keep.txt", "+b.test.ts", "$a", "é", "constructor", "-"];
const file = fc
  .array(fc.constantFrom(...names, "__proto__", "logs", "[a]", "a b", "{a}", "#a", "!a"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join("/"));
const tree = fc.array(file, { minLength: 1, maxLength: 8 });

const piece = fc.constantFrom(
  ...names,
  ...[
    "*",
    "**",
    "?",
    "*.log",
    "*.(log|tmp)",
    "+*.test.ts",
    "[a-c]",
    "[^a]",
    "[z-a]",
    "[a",
    "[]",
    "\\a",
    "\\*",
    "\\d",
    ".",
  ],
  ...[
    "..",
    "{a}",
    "a*",
    "**a",
    "a**",
    "***",
    "[[:alpha:]]",
    "[*]",
    "[?+]",
    "[a\\-c]",
    "logs",
    "[+-]*",
    "a|b",
    "^*",
    "]",
    "\\",
    "",
  ],
);
const pattern = fc
  .tuple(
    fc.constantFrom("", "", "", "!", "!", "! ", "/", "!/", " ", "#", "./"),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "", "", "/", " ", "\r", "/**", "/*"),
  )
  .map(([before, pieces, after]) => before + pieces.join("/") + after);
const ignoreFile = fc
  .tuple(fc.constantFrom("", "", "\u{FEFF}"), fc.constantFrom("", "*\n", "**\n"), fc.array(pattern, { maxLength: 5 }))
  .map(([mark, all, lines]) => `${mark}${all}${lines.join("\n")}\n`);

/** Files at their paths; one in place of a folder is left out. */
function toTree(files: readonly string[]): Tree {
  const wanted = [...new Set(files)];
  return Object.fromEntries(
    wanted.filter((each) => !wanted.some((other) => other.startsWith(`${each}/`))).map((each) => [each, ""]),
  );
}

describe("what the content hash takes for the build context", () => {
  let root: string;
  const listings = async (folders: string[]): Promise<Record<Builder, Listing>[]> => {
    const { folder } = await installTool(dockerContext);
    const { stdout } = await execa(path.join(folder, "docker-context"), { input: folders.join("\n") });
    return stdout.split("\n").map((line) => JSON.parse(line) as Record<Builder, Listing>);
  };

  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-context-test-"));
  });
  after(() => {
    fs.rmSync(root, { recursive: true });
  });

  it("is what Docker's own code sends of 600 trees, with either builder", async () => {
    const cases = fc.sample(fc.tuple(tree, ignoreFile, fc.boolean()), { numRuns: 600, seed: 15 });
    const folders = cases.map(([files, ignored, isOfDockerfile], index) => {
      const folder = path.join(root, String(index));
      const name = isOfDockerfile ? "Dockerfile.dockerignore" : ".dockerignore";
      writeTree(folder, { Dockerfile: "FROM scratch\n", "empty/.x": "", ...toTree(files), [name]: ignored });
      fs.rmSync(path.join(folder, "empty", ".x"));
      return folder;
    });
    let compared = 0;
    let refused = 0;
    for (const [index, docker] of (await listings(folders)).entries()) {
      const folder = folders[index] ?? "";
      for (const builder of builders) {
        const own = ours(folder, builder);
        const theirs = docker[builder];
        const shown = JSON.stringify({ builder, tree: cases[index], own, theirs });
        if (own.error !== undefined) {
          refused++;
          // An archive is just shorter where a pattern is bad, but the provider looks for that before.
          assert.ok(theirs.error !== undefined || builder === "docker", shown);
          continue;
        }
        compared++;
        assert.deepEqual({ ...own, sent: own.sent?.sort() }, { ...theirs, sent: theirs.sent?.sort() }, shown);
      }
    }
    assert.ok(compared > 800 && refused > 20, `${compared} compared, ${refused} refused`);
  });

  it("takes in a file that is larger than Node.js reads at once, in little memory", async () => {
    const folder = path.join(root, "large");
    writeTree(folder, { Dockerfile: "FROM scratch\n", "dump.bin": "" });
    // Of a hole the disk has nothing.
    fs.truncateSync(path.join(folder, "dump.bin"), 3 * 2 ** 30);
    const script = `
const { readBuildContext } = require("./components/image/buildContext");
const { hash } = readBuildContext(process.argv[1], { builder: "docker-build", buildArgs: {}, platform: undefined });
console.log(JSON.stringify({ hash, kibibytes: process.resourceUsage().maxRSS }));`;
    const args = ["--require", "ts-node/register/transpile-only", "--eval", script, folder];
    const { hash, kibibytes } = JSON.parse((await execa(process.execPath, args)).stdout) as {
      hash: string;
      kibibytes: number;
    };
    assert.match(hash, /^[0-9a-f]{12}$/);
    // The compiler takes most of it.
    assert.ok(kibibytes < 2 ** 19, `${kibibytes} KiB`);
  });
});
