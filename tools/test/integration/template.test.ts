import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";
import { parse } from "yaml";

import { waitUntilServed } from "../../commands/up";
import { availableBuilder, getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const project = path.resolve(__dirname, "../../..");

const readYaml = (...file: string[]): unknown => parse(fs.readFileSync(path.join(...file), "utf8"));

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe("pulumi new from a checkout", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-template-"));
  const checkout = path.join(folder, "checkout");
  const name = "from-template";
  let workspace: Workspace;
  let environment: NodeJS.ProcessEnv;

  /** Runs `pulumi` and returns what it prints. */
  const pulumi = async (...args: string[]): Promise<string> => {
    const { exitCode, output } = await workspace.run("pulumi", [...args, "--color", "never"], environment);
    assert.equal(exitCode, 0, output);
    return output;
  };

  before(async () => {
    workspace = await Workspace.create(await getTools(), "dev", { target: "docker-desktop" });
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: project });
    for (const file of stdout.split("\n").filter((each) => fs.existsSync(path.join(project, each)))) {
      fs.cpSync(path.join(project, file), path.join(checkout, file));
    }
    const state = path.join(folder, "state");
    fs.mkdirSync(state);
    // Installing the packages would take most of the test's time.
    const npm = path.join(folder, "bin", "npm");
    fs.mkdirSync(path.dirname(npm));
    fs.writeFileSync(npm, `#!/bin/sh\nexec ln -s '${path.join(project, "node_modules")}' node_modules\n`, {
      mode: 0o755,
    });
    const PATH = [path.dirname(npm), workspace.environment["PATH"]].join(path.delimiter);
    environment = { PATH, PULUMI_BACKEND_URL: `file://${state}` };
  });
  after(async () => {
    await workspace.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("generates every file of the checkout and says how to go on", async () => {
    const generated = path.join(folder, "generated");
    const output = await pulumi("new", checkout, "--dir", generated, "--yes", "--offline", "--generate-only");
    assert.match(output, /^Created project 'kubernetes-django'$/m);
    assert.match(output, /^ {3}npm run up$/m);
    assert.deepEqual(filesBelow(generated), filesBelow(checkout));
    const { template, ...rest } = readYaml(checkout, "Pulumi.yaml") as { template: object; config: object };
    assert.deepEqual(Object.keys(template), ["displayName", "description", "quickstart", "config"]);
    assert.deepEqual(readYaml(generated, "Pulumi.yaml"), {
      ...rest,
      config: { ...rest.config, "pulumi:tags": { value: { "pulumi:template": checkout } } },
    });
  });

  it("generates a project that plain `pulumi up` deploys, with the config that was given", async () => {
    const generated = path.join(folder, "deployed");
    const values = { namespace: name, imageRepository: name, builder: await availableBuilder() };
    const config = Object.entries(values).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    await pulumi("new", checkout, "--dir", generated, "--yes", "--offline", "--stack", "dev", ...config);
    const stack = readYaml(generated, "Pulumi.dev.yaml") as { config: Record<string, unknown> };
    assert.deepEqual(stack.config, {
      "kubernetes-django:target": "docker-desktop",
      "kubernetes-django:debug": "true",
      "kubernetes-django:podSecurity": "restricted",
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`kubernetes-django:${key}`, value])),
    });
    try {
      await pulumi("-C", generated, "up", "--yes", "--skip-preview", "--non-interactive");
      const url = (await pulumi("-C", generated, "stack", "output", "url")).trim();
      assert.equal(await waitUntilServed(url), "200 The install worked successfully! Congratulations!");
    } finally {
      await pulumi("-C", generated, "destroy", "--yes", "--skip-preview", "--non-interactive");
    }
  });
});
