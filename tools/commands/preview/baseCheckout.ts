import fs from "node:fs";
import path from "node:path";

import execa, { type ExecaReturnValue } from "execa";

import { shellWord } from "../../../components/advice";
import { Problem } from "../../../components/problem";
import { captured, lastLines } from "../../terminal/captured";
import type { Cleanup } from "../../terminal/cleanup";

/** Makes a shallow clone, which follows one branch alone, a whole one. */
const wholeHistory = 'git fetch --unshallow origin "+refs/heads/*:refs/remotes/origin/*"';

/** The full hash of the commit that a ref names. Throws a `Problem` when there is no such commit. */
export async function resolveCommit(ref: string): Promise<string> {
  const git = async (...args: string[]): Promise<ExecaReturnValue> => await execa("git", args, { reject: false });
  const { stdout, failed } = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (failed) {
    const { failed: isNoCheckout, stderr } = await git("rev-parse", "--git-dir");
    if (isNoCheckout) {
      throw notOpened(ref, stderr.trim());
    }
    const { stdout: isShallow } = await git("rev-parse", "--is-shallow-repository");
    throw new Problem(
      `Base "${ref}" is no commit of this checkout: allowed is a branch, a tag or a hash`,
      isShallow.trim() === "true"
        ? `a clone with \`--depth\` has neither earlier commits nor other branches, so run \`${wholeHistory}\`${asRemote(ref)}`
        : "run `git fetch origin`, or name another with `npm run preview:pr -- --base origin/main`",
    );
  }
  return stdout.trim();
}

/** Why git finds no checkout; it may be there, and somebody else's, for which git says the command that helps. */
function notOpened(ref: string, said: string): Problem {
  const failed = `Base "${ref}" is a commit, and git finds none here`;
  return said === "" || said.includes("not a git repository")
    ? new Problem(
        `${failed} (${said.split("\n")[0] || "it is not on PATH"})`,
        "install git, and run this in a clone: an archive of the files has no commits to compare with",
      )
    : new Problem(failed, undefined, said.split("\n"));
}

/** A branch that was fetched has the remote's name before its own. */
const asRemote = (ref: string): string =>
  /^(?!HEAD$|origin\/|[0-9a-f]{7,40}$)[\w./-]+$/.test(ref) ? `, and name a branch as \`origin/${ref}\`` : "";

/** A commit's hash, short enough to be read. */
export const shortened = (commit: string): string => commit.slice(0, 12);

/** Checks a commit out beside the working tree until the clean-up, and returns the project's folder in it. */
export async function checkOutBase(cleanup: Cleanup, commit: string, worktree: string): Promise<string> {
  const here = process.cwd();
  await addWorktree(cleanup, { from: await git(here, "rev-parse", "--show-toplevel"), commit, worktree });
  const folder = path.join(worktree, await git(here, "rev-parse", "--show-prefix"));
  await installPackages(cleanup, folder);
  return folder;
}

interface Worktree {
  /** Checkout that has the commit. */
  from: string;
  commit: string;
  worktree: string;
}

/** Adds a worktree, with the submodules that its checkout has: their commits are there, and need no server. */
async function addWorktree(cleanup: Cleanup, { from, commit, worktree }: Worktree): Promise<void> {
  cleanup.atEnd(`the worktree ${worktree}, which \`git worktree remove --force ${worktree}\` removes`, async () => {
    fs.rmSync(worktree, { recursive: true, force: true });
    await git(from, "worktree", "prune");
  });
  // Hooks are meant for the developer's own checkouts.
  await git(from, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", worktree, commit);
  for (const submodule of await submodulesOf(worktree)) {
    const there = path.join(from, submodule.path);
    if (fs.existsSync(path.join(there, ".git"))) {
      await refuseMissing(there, submodule.commit);
      await addWorktree(cleanup, {
        from: there,
        commit: submodule.commit,
        worktree: path.join(worktree, submodule.path),
      });
    }
  }
}

/** A clone of a submodule with `--depth` has only the commit of now. */
async function refuseMissing(submodule: string, commit: string): Promise<void> {
  const { failed } = await execa("git", ["-C", submodule, "cat-file", "-e", `${commit}^{commit}`], { reject: false });
  if (failed) {
    const place = path.relative(process.cwd(), submodule);
    throw new Problem(
      `The base has its submodule ${place} at the commit ${shortened(commit)}, which is not in this checkout`,
      `run \`git -C ${shellWord(place)} fetch origin ${commit}\``,
    );
  }
}

async function submodulesOf(worktree: string): Promise<{ path: string; commit: string }[]> {
  const entries = (await git(worktree, "ls-files", "--stage", "-z")).split("\0");
  return entries.flatMap((entry) => {
    const [, commit, place] = /^160000 (\w+) \d\t(.*)$/s.exec(entry) ?? [];
    return commit === undefined || place === undefined ? [] : [{ path: place, commit }];
  });
}

async function git(folder: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, output } = await captured("git", args, { folder, environment: process.env });
  if (exitCode !== 0) {
    throw new Problem(`\`git ${args.join(" ")}\` failed`, undefined, lastLines(output, 5));
  }
  return stdout.trim();
}

/** Links the working tree's packages when both lock the same ones, and installs the base's own otherwise. */
async function installPackages(cleanup: Cleanup, folder: string): Promise<void> {
  const lock = (root: string): string | undefined => {
    const file = path.join(root, "package-lock.json");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  };
  if (lock(folder) === lock(process.cwd())) {
    // On Windows any other link needs an administrator; elsewhere the type is ignored.
    fs.symlinkSync(fs.realpathSync("node_modules"), path.join(folder, "node_modules"), "junction");
    return;
  }
  const args = ["ci", "--no-fund", "--no-audit"];
  const { exitCode, output } = await cleanup.run("npm", args, { folder, environment: process.env });
  if (exitCode !== 0) {
    throw new Problem("`npm ci` failed for the base, whose package-lock.json differs", undefined, lastLines(output, 5));
  }
}
