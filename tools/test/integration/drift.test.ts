import assert from "node:assert/strict";

import { getTools } from "./helpers/cluster";
import { type SplitResult, Workspace } from "./helpers/workspace";

const namespace = "drift";

describe("npm run drift", () => {
  let workspace: Workspace;
  const drift = async (...args: string[]): Promise<SplitResult> =>
    await workspace.run("npm", ["run", "--silent", "drift", "--", "dev", ...args]);
  const kubectl = async (...args: string[]): Promise<string> => await workspace.kubectl("-n", namespace, ...args);

  before(async () => {
    const config = { target: "docker-desktop", debug: true, namespace, imageRepository: namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, builder: "docker-build" });
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  it("says so where nothing is deployed", async () => {
    const { exitCode, output } = await drift();
    assert.equal(exitCode, 1);
    assert.match(output, /^error: Stack dev has nothing deployed in this backend, .*; run `npm run up -- dev`\.$/m);
  });

  it("finds none right after an up", async () => {
    await workspace.up();
    const { exitCode, output } = await drift();
    assert.equal(exitCode, 0, output);
    assert.match(output, /^No drift: all 12 resources of stack dev are as the last `up` left them$/m);
  });

  it("names the object, the properties and the remedy after the live Deployment was changed by hand", async () => {
    await kubectl("scale", "deployment/kubernetes-django", "--replicas=2");
    await kubectl("set", "env", "deployment/kubernetes-django", "ALLOWED_HOSTS=*");
    const { exitCode, stdout, output } = await drift();
    assert.equal(exitCode, 1);
    const lines = [
      "Deployment kubernetes-django",
      "  spec.replicas is 2, was 1",
      '  containers[django-web].env[ALLOWED_HOSTS] is "*", was "localhost,127.0.0.1"',
    ];
    assert.deepEqual(stdout.split("\n"), lines);
    const error =
      "error: 1 object differs from what the last `up` of stack dev left; run `npm run drift -- dev --restore` to undo this.";
    assert.ok(output.split("\n").includes(error), output);
  });

  it("finds an object that is gone", async () => {
    await kubectl("delete", "service", "kubernetes-django-service");
    const { exitCode, output } = await drift();
    assert.equal(exitCode, 1);
    assert.match(output, /^Service kubernetes-django-service is gone$/m);
    assert.match(output, /^error: 2 objects differ /m);
  });

  it("puts everything back with --restore", async () => {
    const { exitCode, output } = await drift("--restore");
    assert.equal(exitCode, 0, output);
    assert.equal(await kubectl("get", "deployment", "kubernetes-django", "-o", "jsonpath={.spec.replicas}"), "1");
    assert.match(await kubectl("get", "service", "-o", "name"), /kubernetes-django-service/);
    assert.equal((await drift()).exitCode, 0);
  });
});
