import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { withCleanup } from "../../../../terminal/cleanup";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { checkOutBase, resolveCommit } from "../../../../commands/preview/baseCheckout";

describe("The base of a preview", () => {
  const folder = temporaryFolder();
  const author = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always"];
  const git = (...args: string[]): string =>
    execFileSync("git", [...author, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  const before = { folder: process.cwd(), PATH: process.env["PATH"], ceiling: process.env["GIT_CEILING_DIRECTORIES"] };

  beforeEach(() => {
    process.chdir(folder.path());
    process.env["GIT_CEILING_DIRECTORIES"] = folder.path("..");
  });
  afterEach(() => {
    process.chdir(before.folder);
    process.env["PATH"] = before.PATH;
    if (before.ceiling === undefined) {
      delete process.env["GIT_CEILING_DIRECTORIES"];
    }
  });

  it("is a commit of this checkout", async () => {
    execFileSync("git", ["init", "--quiet"]);
    await assert.rejects(
      resolveCommit("nope"),
      isProblem(
        'Base "nope" is no commit of this checkout: allowed is a branch, a tag or a hash; run `git fetch origin`, or name another with `npm run preview:pr -- --base origin/main`.',
      ),
    );
  });

  it("may be in the part of the history that a shallow clone leaves out", async () => {
    execFileSync("git", ["init", "--quiet", "from"]);
    for (const message of ["one", "two"]) {
      execFileSync("git", ["-C", "from", ...author, "commit", "--quiet", "--allow-empty", "--message", message]);
    }
    execFileSync("git", ["-C", "from", "branch", "stable", "HEAD~1"]);
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${folder.path("from")}`, "shallow"]);
    process.chdir("shallow");
    for (const [base, more] of [
      ["HEAD~1", ""],
      ["origin/stable", ""],
      ["stable", ", and name a branch as `origin/stable`"],
    ] as const) {
      await assert.rejects(
        resolveCommit(base),
        isProblem(
          `Base "${base}" is no commit of this checkout: allowed is a branch, a tag or a hash; a clone with \`--depth\` has neither earlier commits nor other branches, so run \`git fetch --unshallow origin "+refs/heads/*:refs/remotes/origin/*"\`${more}.`,
        ),
      );
    }
    execFileSync("git", ["fetch", "--quiet", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
    assert.equal(await resolveCommit("origin/stable"), await resolveCommit("HEAD~1"));
  });

  it("has the submodules that this checkout has, in their commits of then", async () => {
    git("init", "--quiet", "shop");
    folder.write({ "shop/page": "first" });
    git("-C", "shop", "add", ".");
    git("-C", "shop", "commit", "--quiet", "--message", "first");
    git("init", "--quiet", "deployment");
    folder.write({ "deployment/node_modules/.keep": "" });
    process.chdir("deployment");
    git("submodule", "--quiet", "add", folder.path("shop"), "my app");
    git("commit", "--quiet", "--message", "first");
    folder.write({ "deployment/my app/page": "second" });
    git("-C", "my app", "commit", "--quiet", "--all", "--message", "second");
    const worktree = folder.path("base");
    await withCleanup(async (cleanup) => {
      const base = await checkOutBase(cleanup, await resolveCommit("HEAD"), worktree);
      assert.equal(fs.readFileSync(path.join(base, "my app/page"), "utf8"), "first");
    });
    assert.equal(fs.existsSync(worktree), false);
    for (const checkout of [".", "my app"]) {
      assert.equal(git("-C", checkout, "worktree", "list").split("\n").length, 1);
    }
    assert.equal(git("status", "--short", "--untracked-files=no"), 'M "my app"');
  });

  it("needs the commits of its submodules, which a shallow clone of one lacks", async () => {
    git("init", "--quiet", "shop");
    git("-C", "shop", "commit", "--quiet", "--allow-empty", "--message", "first");
    git("init", "--quiet", "deployment");
    process.chdir("deployment");
    git("submodule", "--quiet", "add", folder.path("shop"), "my app");
    git("update-index", "--cacheinfo", `160000,${"1".repeat(40)},my app`);
    git("commit", "--quiet", "--message", "first");
    await withCleanup(async (cleanup) => {
      await assert.rejects(
        checkOutBase(cleanup, await resolveCommit("HEAD"), folder.path("base")),
        isProblem(
          "The base has its submodule my app at the commit 111111111111, which is not in this checkout; run `git -C 'my app' fetch origin 1111111111111111111111111111111111111111`.",
        ),
      );
    });
    assert.equal(fs.existsSync(folder.path("base")), false);
  });

  it("needs a clone", async () => {
    await assert.rejects(resolveCommit("main"), {
      message:
        /^Base "main" is a commit, and git finds none here \(fatal: not a git repository .*\); install git, and run this in a clone: /,
    });
  });

  it("is told with git's own words where git refuses a checkout of somebody else's, as in a container", async () => {
    execFileSync("git", ["init", "--quiet"]);
    process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1";
    try {
      await assert.rejects(resolveCommit("main"), {
        message:
          /^Base "main" is a commit, and git finds none here:\n {2}\| fatal: detected dubious ownership [^]*\| .*git config --global --add safe\.directory /,
      });
    } finally {
      delete process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"];
    }
  });

  it("needs git", async () => {
    process.env["PATH"] = folder.path();
    await assert.rejects(
      resolveCommit("main"),
      isProblem(
        'Base "main" is a commit, and git finds none here (it is not on PATH); install git, and run this in a clone: an archive of the files has no commits to compare with.',
      ),
    );
  });
});
