import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { getTools } from "./helpers/cluster";
import { type Result, Workspace } from "./helpers/workspace";

/** A program that ends at once, for what the stack's file alone does not tell: what comes before it is looked at. */
const config = {
  target: "docker-desktop",
  debug: true,
  buildTarget: "none",
  namespace: "backend",
  builder: "docker-build",
};
const refusal = /Config key "buildTarget" is "none"/;

describe("npm run up of a user without a passphrase", () => {
  let workspace: Workspace;
  const npm = async (script: string, environment: NodeJS.ProcessEnv): Promise<Result> => {
    const own = { PULUMI_CONFIG_PASSPHRASE: undefined, ...environment };
    return await workspace.run("npm", ["run", "--silent", script, "--", "dev"], own);
  };
  const up = async (environment: NodeJS.ProcessEnv): Promise<string> => (await npm("up", environment)).output;
  /** Of a user who is logged in to no backend. */
  const nowhere = (): { PULUMI_HOME: string; PULUMI_BACKEND_URL: undefined } => ({
    PULUMI_HOME: path.join(workspace.folder, "home", "pulumi"),
    PULUMI_BACKEND_URL: undefined,
  });
  /** What the user's own backend knows. */
  const stacks = (folder: string): string[] =>
    fs.readdirSync(path.join(folder, ".pulumi", "stacks"), { recursive: true, encoding: "utf8" });

  before(async () => {
    workspace = await Workspace.create(await getTools(), "dev", config);
    // That of the workspace's own backend; here the stack is in none yet.
    workspace.edit("Pulumi.dev.yaml", (text) => text.replace(/^encryptionsalt: .*\n/m, ""));
    const plugins = path.join(workspace.environment["PULUMI_HOME"] ?? "", "plugins");
    fs.mkdirSync(nowhere().PULUMI_HOME);
    fs.symlinkSync(plugins, path.join(nowhere().PULUMI_HOME, "plugins"));
  });
  after(() => {
    fs.rmSync((workspace as Workspace | undefined)?.folder ?? "", { recursive: true, force: true });
  });

  it("makes the stack in the folder that the user is logged in to, with the checkout's passphrase", async () => {
    const states = path.join(workspace.folder, "home", "states");
    fs.mkdirSync(states);
    const output = await up({ PULUMI_BACKEND_URL: `file://${states}` });
    assert.match(output, /^State in file:.*; its passphrase is in \.local\/passphrase, since you set neither /m);
    assert.match(output, refusal);
    assert.ok(stacks(states).some((name) => path.basename(name) === "dev.json"));
  });

  it("reads the stack in the checkout by its own passphrase, whatever the shell's", async () => {
    for (const passphrase of [undefined, "of another backend"]) {
      const output = await up({ ...nowhere(), PULUMI_CONFIG_PASSPHRASE: passphrase });
      assert.match(output, /^State in \.local\/, since you are logged in to no Pulumi backend; /m);
      assert.match(output, refusal);
    }
  });

  it("is told, by `npm run doctor` as well, that a colleague's passphrase encrypted a value, and what helps", async () => {
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    const failed = "Pulumi.dev.yaml has values that another passphrase encrypted than the one in .local/passphrase";
    const help =
      "set PULUMI_CONFIG_PASSPHRASE to that of whoever set them; or, without it, delete `encryptionsalt` and `secretKey` from Pulumi.dev.yaml and run `npm run pulumi -- config set --secret secretKey --stack dev`";
    assert.equal((await up(nowhere())).trimEnd().split("\n").at(-1), `error: ${failed}; ${help}.`);
    const doctor = await npm("doctor", nowhere());
    assert.notEqual(doctor.exitCode, 0, doctor.output);
    const table = doctor.output.replaceAll(/\s+/g, " ");
    assert.ok(table.includes(`✗ passphrase ${failed} → ${help}`), doctor.output);
    assert.match(await up({ ...nowhere(), PULUMI_CONFIG_PASSPHRASE: "integration" }), refusal);
  });
});
