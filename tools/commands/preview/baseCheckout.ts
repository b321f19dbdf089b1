import fs from "node:fs";
import path from "node:path";

import execa from "execa";

import { Problem } from "../../../components/problem";
import { captured, lastLines } from "../../terminal/captured";
import type { Cleanup } from "../../terminal/cleanup";

/** The full hash of the commit that a ref names. Throws a `Problem` when there is no such commit. */
export async function resolveCommit(ref: string): Promise<string> {
  const { stdout, exitCode } = await execa(
    "git",
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
    {
      reject: false,
    },
  );
  if (exitCode !== 0) {
    throw new Problem(
      `Base "${ref}" is no commit of this checkout: allowed is a branch, a tag or a hash`,
      "run `git fetch origin`, or name another with `npm run preview:pr -- --base main`",
    );
  }
  return stdout.trim();
}

/** A commit's hash, short enough to be read. */
export const shortened = (commit: string): string => commit.slice(0, 12);

/** Checks a commit out beside the working tree until the clean-up, and returns the project's folder in it. */
export async function checkOutBase(cleanup: Cleanup, commit: string, worktree: string): Promise<string> {
  const here = { folder: process.cwd(), environment: process.env };
  const git = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, output } = await captured("git", args, here);
    if (exitCode !== 0) {
      throw new Problem(`\`git ${args.join(" ")}\` failed`, undefined, lastLines(output, 5));
    }
    return stdout.trim();
  };
  cleanup.atEnd(`the worktree ${worktree}, which \`git worktree remove --force ${worktree}\` removes`, async () => {
    fs.rmSync(worktree, { recursive: true, force: true });
    await git("worktree", "prune");
  });
  // Hooks are meant for the developer's own checkouts.
  await git("-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", worktree, commit);
  const folder = path.join(worktree, await git("rev-parse", "--show-prefix"));
  await installPackages(cleanup, folder);
  return folder;
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
