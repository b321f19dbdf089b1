import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";

import execa from "execa";

import { waitUntilServed } from "../../cli/up";
import { minikubeHost } from "../../sandbox/minikube/host";
import { deleteMinikube, missingTools, startMinikube, stopMinikube } from "../../sandbox/minikube/minikube";
import { getTools, needPlugin, skip } from "./helpers/cluster";
import { type Result, Workspace } from "./helpers/workspace";

const namespace = "real-minikube";
const base = { target: "minikube", debug: true, namespace, imageRepository: namespace, builder: "docker-build" };
const minutes = 60_000;

/** Why a real minikube cannot or should not be started here; undefined where it can. */
async function reasonToSkip(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "a real minikube needs Linux and root";
  }
  const missing = await missingTools();
  const isWanted = (process.env["TEST_MINIKUBE"] ?? "") !== "";
  return isWanted || missing.length === 0
    ? undefined
    : `${missing.join(", ")} would have to be built first, which takes minutes; run \`npm run test:minikube\``;
}

describe("stack minikube on a real minikube, driver docker, runtime docker", () => {
  let workspace: Workspace;
  let minikube: NodeJS.ProcessEnv = {};
  let isBegun = false;

  /** Runs a command as in a shell in which `eval $(minikube docker-env)` was run, as far as minikube answers that. */
  const run = async (file: string, ...args: string[]): Promise<Result> => {
    const ask = ["docker-env", "--shell", "none", "-o", "json"];
    const { stdout, exitCode } = await execa("minikube", ask, {
      env: minikube,
      extendEnv: false,
      reject: false,
    });
    const variables = exitCode === 0 ? (JSON.parse(stdout) as NodeJS.ProcessEnv) : {};
    const { PATH, ...others } = minikube;
    return await workspace.run(file, args, {
      ...others,
      PATH: [workspace.environment["PATH"], PATH].join(":"),
      HOME: workspace.environment["HOME"],
      ...variables,
    });
  };
  const pulumi = async (...args: string[]): Promise<Result> =>
    await run("pulumi", ...args, "--stack", "minikube", "--non-interactive", "--color", "never");
  const pulumiOk = async (...args: string[]): Promise<string> => {
    const { exitCode, output } = await pulumi(...args);
    assert.equal(exitCode, 0, output);
    return output;
  };
  const up = async (): Promise<string> => await pulumiOk("up", "--yes", "--skip-preview");
  const output = async (name: string): Promise<string> => (await pulumiOk("stack", "output", name)).trim();
  const url = async (): Promise<string> => await output("url");
  const image = async (): Promise<string> => await output("image");

  before(async function () {
    this.timeout(20 * minutes);
    const reason = await reasonToSkip();
    if (reason !== undefined) {
      skip(this, reason);
    }
    await needPlugin(this, "docker-build");
    isBegun = true;
    minikube = await startMinikube();
    workspace = await Workspace.create(await getTools(), "minikube", base, minikubeHost);
  });
  after(async () => {
    if (isBegun) {
      await deleteMinikube();
    }
    const folder = (workspace as Workspace | undefined)?.folder;
    if (folder !== undefined) {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("builds on minikube's daemon and serves the page at minikube's address", async () => {
    await up();
    assert.equal(new URL(await url()).hostname, (await run("minikube", "ip")).output.trim());
    assert.match(await waitUntilServed(await url()), /^200 The install worked successfully/);
    assert.ok((await run("minikube", "image", "ls")).output.includes(await image()));
  });

  it("changes nothing in a second up", async () => {
    assert.match(await up(), /Resources:\n\s+11 unchanged/);
  });

  it("rolls the pod to the image of a changed source", async () => {
    const before = await image();
    workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
    await up();
    assert.notEqual(await image(), before);
    assert.match(await waitUntilServed(await url()), /^200/);
    const ask = ["-n", namespace, "get", "deployment", "-o", "jsonpath={..image} {..status.readyReplicas}"];
    assert.equal((await run("kubectl", ...ask)).output, `${await image()} 1`);
  });

  it("says in one sentence that minikube was stopped, and how to start it", async () => {
    await stopMinikube();
    const { exitCode, output } = await pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /does not run \(it is Stopped\): run `minikube start -p minikube`\./);
  });

  it("changes nothing and serves the page after minikube was started again", async () => {
    await startMinikube();
    assert.match(await up(), /Resources:\n\s+11 unchanged/);
    assert.match(await waitUntilServed(await url()), /^200/);
  });

  it("leaves no object in the cluster after destroy", async () => {
    await pulumiOk("destroy", "--yes", "--skip-preview");
    assert.match((await run("kubectl", "get", "namespace", namespace)).output, /NotFound/);
  });

  it("leaves no profile and no network behind after minikube was deleted", async () => {
    await deleteMinikube();
    const { output } = await run("minikube", "profile", "list", "-o", "json");
    assert.deepEqual(JSON.parse(output), { invalid: [], valid: [] });
    assert.deepEqual(
      Object.keys(os.networkInterfaces()).filter((name) => name.startsWith("kdj-m")),
      [],
    );
  });
});
