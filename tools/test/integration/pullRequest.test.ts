import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { until } from "../../../test/unit/helpers/until";
import { getTools } from "./helpers/cluster";
import { type SplitResult, Workspace } from "./helpers/workspace";

const project = path.resolve(__dirname, "../../..");
const namespace = "pull-request";

describe("npm run preview:pr, in a repository with two commits", () => {
  let workspace: Workspace;
  let temporary: string;

  const git = async (...args: string[]): Promise<string> => {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    const { exitCode, output } = await workspace.run("git", [...identity, ...args]);
    assert.equal(exitCode, 0, output);
    return output.trim();
  };
  const environment = (): NodeJS.ProcessEnv => ({ TMPDIR: temporary, GITHUB_STEP_SUMMARY: "" });
  const previewed = async (args: string[], variables: NodeJS.ProcessEnv = {}): Promise<SplitResult> =>
    await workspace.run("npm", ["run", "--silent", "preview:pr", "--", "--stack", "dev", ...args], {
      ...environment(),
      ...variables,
    });
  const summary = (): string => fs.readFileSync(path.join(workspace.folder, "home", "summary.md"), "utf8");

  /** Everything of which a preview may leave nothing: throwaway ones, and the developer's own as it was. */
  const surroundings = async (): Promise<Record<string, unknown>> => {
    const images = await workspace.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}");
    const namespaces = await workspace.kubectl("get", "namespaces", "-o", "name");
    return {
      images: images.output.split("\n").filter((name) => name.startsWith(`${namespace}-pr-`)),
      namespaces: namespaces.split("\n").filter((name) => name.includes(`${namespace}-pr-`)),
      worktrees: await git("worktree", "list"),
      temporary: fs.readdirSync(temporary).filter((name) => name.startsWith("kubernetes-django")),
      status: await git("status", "--short"),
      stack: hashOf(path.join(workspace.folder, ".pulumi")),
    };
  };

  before(async () => {
    const config = { target: "docker-desktop", debug: true, namespace, imageRepository: namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, builder: "docker-build" });
    // Encrypted with this stack's passphrase: the throwaway stack has to have a secret of its own in its place.
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    temporary = fs.mkdtempSync(path.join(workspace.folder, "home", "tmp-"));
    fs.writeFileSync(path.join(workspace.folder, ".gitignore"), "node_modules\nhome/\nkubeconfig\n.pulumi/\n");
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "Serve the page");
    workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
    workspace.edit("components/app/podSpec.ts", (text) =>
      text.replace('{ name: "HOME", value: "/tmp" }', '{ name: "HOME", value: "/data" }'),
    );
    workspace.edit("Pulumi.dev.yaml", (text) =>
      text.replace("config:\n", 'config:\n  kubernetes-django:replicas: "2"\n'),
    );
    await git("commit", "--quiet", "--all", "--message", "Edit the page and run two of it");
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  it("finds no change between a commit and the same working tree", async () => {
    const before = await surroundings();
    const { exitCode, stdout, output } = await previewed(["--base", "HEAD", "--expect-no-changes"]);
    assert.equal(exitCode, 0, output);
    assert.match(stdout, /^\*\*No changes, 13 unchanged\*\*/m);
    assert.deepEqual(await surroundings(), before);
  });

  it("writes down what the second commit changes, and leaves nothing behind", async () => {
    const before = await surroundings();
    const jobSummary = path.join(workspace.folder, "home", "job-summary.md");
    const args = ["--base", "HEAD^", "--output", "home/summary.md"];
    const { exitCode, output } = await previewed(args, { GITHUB_STEP_SUMMARY: jobSummary });
    assert.equal(exitCode, 0, output);
    assert.match(output, /^1 to create, 2 to change, 10 unchanged$/m);
    const hash = "[0-9a-f]{12}";
    for (const line of [
      "\\*\\*1 to create, 2 to change, 10 unchanged\\*\\*, compared with `[0-9a-f]{12}`\\.",
      "- `replicas`: added, `2`",
      "#### Change Deployment `kubernetes-django`",
      "- `spec\\.replicas`: `1` → `2`",
      `- \`containers\\[django-web\\]\\.image\`: \`${namespace}:${hash}\` → \`${namespace}:${hash}\``,
      "- `containers\\[django-web\\]\\.env\\[HOME\\]`: `/tmp` → `/data`",
    ]) {
      assert.match(summary(), new RegExp(`^${line}$`, "m"));
    }
    assert.equal(fs.readFileSync(jobSummary, "utf8"), summary());
    assert.doesNotMatch(summary(), /-pr-/);
    assert.deepEqual(await surroundings(), before);
  });

  it("prints the Markdown alone on standard output, and its progress on standard error", async () => {
    const file = await previewed(["--base", "HEAD^", "--output", "home/summary.md"]);
    assert.equal(file.stdout, "");
    const { stdout, output } = await previewed(["--base", "HEAD^"]);
    assert.equal(`${stdout}\n`, summary());
    for (const line of ["Stack dev, as you asked", "✓ Deploying [0-9a-f]{12} to a throwaway stack", "✓ Previewing"]) {
      assert.match(output, new RegExp(`^ *${line}`, "m"));
    }
  });

  it("ends with 1 for changes where none are expected", async () => {
    const { exitCode, output } = await previewed(["--base", "HEAD^", "--expect-no-changes"]);
    assert.equal(exitCode, 1);
    assert.match(
      output,
      /^error: No changes were expected, but there are some \(1 to create, 2 to change, 10 unchanged\)$/m,
    );
  });

  it("says what is wrong with a working tree that cannot be deployed", async () => {
    const before = await surroundings();
    workspace.edit("Pulumi.dev.yaml", (text) => text.replace('replicas: "2"', 'replicas: "-1"'));
    try {
      const { exitCode, output } = await previewed(["--base", "HEAD^", "--output", "home/summary.md"]);
      assert.equal(exitCode, 1);
      assert.match(output, /^error: The working tree cannot be previewed; the summary says why\.$/m);
      assert.match(summary(), /^Config key "replicas" is "-1": allowed is a whole number from 0 to 1000/m);
    } finally {
      await git("checkout", "--quiet", "--", "Pulumi.dev.yaml");
    }
    assert.deepEqual(await surroundings(), before);
  });

  it("refuses a file that cannot be written before it deploys anything", async () => {
    const { exitCode, output } = await previewed(["--base", "HEAD^", "--output", "/nonexist/x.md"]);
    assert.equal(exitCode, 1);
    assert.equal(
      output,
      'error: The file "/nonexist/x.md" of --output cannot be written: its folder is not there; name a file in a folder that is there, such as `--output preview.md`.',
    );
  });

  it("refuses a base that is no commit", async () => {
    const { exitCode, output } = await previewed(["--base", "no-such-branch"]);
    assert.equal(exitCode, 1);
    assert.match(output, /^error: Base "no-such-branch" is no commit of this checkout/m);
  });

  it("installs the base's own packages where it locks others", async () => {
    const tools = path.join(workspace.folder, "home", "bin");
    fs.mkdirSync(tools);
    const npm = path.join(tools, "npm");
    const modules = path.join(project, "node_modules");
    fs.writeFileSync(npm, `#!/bin/sh\necho "$@" >> ${tools}/calls\nln -s ${modules} node_modules\n`, { mode: 0o755 });
    workspace.edit("package-lock.json", (text) => `${text}\n`);
    try {
      const variables = { ...environment(), PATH: [tools, workspace.environment["PATH"]].join(path.delimiter) };
      const args = ["tools/bootstrap.mjs", "preview:pr", "--stack", "dev", "--base", "HEAD", "--expect-no-changes"];
      const { exitCode, output } = await workspace.run("node", args, variables);
      assert.equal(exitCode, 0, output);
      assert.equal(fs.readFileSync(path.join(tools, "calls"), "utf8"), "ci --no-fund --no-audit\n");
    } finally {
      await git("checkout", "--quiet", "--", "package-lock.json");
    }
  });

  for (const { signal, waitFor } of [
    { signal: "SIGINT", waitFor: `${namespace}-pr-` },
    { signal: "SIGTERM", waitFor: undefined },
  ] as const) {
    const when = waitFor === undefined ? "at its start" : "while it deploys";
    it(`leaves nothing behind when ${signal} ends it ${when}`, async () => {
      const before = await surroundings();
      const args = ["tools/bootstrap.mjs", "preview:pr", "--stack", "dev", "--base", "HEAD^"];
      const child = workspace.start("node", args, environment());
      const begun = async (): Promise<boolean> =>
        waitFor === undefined
          ? (await git("worktree", "list")) !== before["worktrees"]
          : (await workspace.kubectl("get", "pods", "--all-namespaces")).includes(waitFor);
      let ended: string | undefined;
      void child.then(({ all = "" }) => (ended = all));
      await until("something has begun", async () => ended !== undefined || (await begun()), 240);
      assert.equal(ended, undefined, `it ended before anything was begun:\n${ended ?? ""}`);
      child.kill(signal);
      const { exitCode, all } = await child;
      assert.equal(exitCode, 1, all);
      assert.match(all ?? "", new RegExp(`^error: ${signal} ended the command; everything`, "m"));
      assert.deepEqual(await surroundings(), before);
    });
  }
});

/** Of a folder's names and contents. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const file = path.join(folder, name);
    hash.update(name).update(fs.statSync(file).isFile() ? fs.readFileSync(file) : "");
  }
  return hash.digest("hex");
}
