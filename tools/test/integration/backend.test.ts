import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

/** A program that ends at once: what comes before it is what is looked at. */
const config = { target: "docker-desktop", debug: true, replicas: "-1", namespace: "backend", builder: "docker-build" };
const refusal = /Config key "replicas" is "-1"/;

describe("npm run up of a user without a passphrase", () => {
  let workspace: Workspace;
  const up = async (environment: NodeJS.ProcessEnv): Promise<string> => {
    const own = { PULUMI_CONFIG_PASSPHRASE: undefined, ...environment };
    return (await workspace.run("npm", ["run", "--silent", "up", "--", "dev"], own)).output;
  };
  /** What the user's own backend knows. */
  const stacks = (folder: string): string[] =>
    fs.readdirSync(path.join(folder, ".pulumi", "stacks"), { recursive: true, encoding: "utf8" });

  before(async () => {
    workspace = await Workspace.create(await getTools(), "dev", config);
    // That of the workspace's own backend; here the stack is in none yet.
    workspace.edit("Pulumi.dev.yaml", (text) => text.replace(/^encryptionsalt: .*\n/m, ""));
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
    const nowhere = { PULUMI_BACKEND_URL: undefined, PULUMI_HOME: path.join(workspace.folder, "home", "pulumi") };
    const plugins = path.join(workspace.environment["PULUMI_HOME"] ?? "", "plugins");
    fs.mkdirSync(nowhere.PULUMI_HOME);
    fs.symlinkSync(plugins, path.join(nowhere.PULUMI_HOME, "plugins"));
    for (const passphrase of [undefined, "of another backend"]) {
      const output = await up({ ...nowhere, PULUMI_CONFIG_PASSPHRASE: passphrase });
      assert.match(output, /^State in \.local\/, since you are logged in to no Pulumi backend; /m);
      assert.match(output, refusal);
    }
  });
});
