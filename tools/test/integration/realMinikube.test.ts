import assert from "node:assert/strict";
import os from "node:os";

import { waitUntilServed } from "../../commands/up";
import { until } from "../../waiting";
import { deleteMinikube, startMinikube, stopMinikube } from "../../sandbox/minikube/minikube";
import { namespace, RealMinikube } from "./helpers/realMinikube";

describe("stack minikube on a real minikube, driver docker, runtime docker", () => {
  let minikube: RealMinikube;
  const url = async (): Promise<string> => await minikube.output("url");
  const image = async (): Promise<string> => await minikube.output("image");

  before(async function () {
    minikube = await RealMinikube.start(this, "docker");
  });
  after(async () => {
    await (minikube as RealMinikube | undefined)?.dispose();
  });

  it("builds on minikube's daemon and serves the page at minikube's address", async () => {
    await minikube.up();
    assert.equal(new URL(await url()).hostname, (await minikube.run("minikube", "ip")).output.trim());
    assert.match(await waitUntilServed(await url()), /^200 The install worked successfully/);
    assert.deepEqual(await minikube.images(), [await image()]);
  });

  it("changes nothing in a second up", async () => {
    assert.match(await minikube.up(), /Resources:\n\s+12 unchanged/);
  });

  it("rolls the pod to the image of a changed source", async () => {
    const before = await image();
    minikube.edit();
    await minikube.up();
    assert.notEqual(await image(), before);
    assert.match(await waitUntilServed(await url()), /^200/);
    const ask = ["-n", namespace, "get", "deployment", "-o", "jsonpath={..image} {..status.readyReplicas}"];
    const now = `${await image()} 1`;
    // Pulumi waits for the new pod, and not for the end of the old one.
    await until(
      async () => {
        assert.equal((await minikube.run("kubectl", ...ask)).output, now);
      },
      { seconds: 120, pauseMilliseconds: 500 },
    );
  });

  it("says in one sentence that minikube was stopped, and how to start it", async () => {
    await stopMinikube();
    const { exitCode, output } = await minikube.pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(exitCode, 0);
    assert.match(output, /does not run \(it is Stopped\); run `minikube start -p minikube`\./);
  });

  it("previews, changes nothing, serves the page and refreshes after minikube was started again", async () => {
    await startMinikube();
    assert.match(await minikube.pulumiOk("preview"), /Resources:\n\s+12 unchanged/);
    assert.match(await minikube.up(), /Resources:\n\s+12 unchanged/);
    assert.match(await waitUntilServed(await url()), /^200/);
    await minikube.pulumiOk("refresh", "--yes", "--skip-preview");
  });

  it("leaves no object in the cluster after destroy", async () => {
    await minikube.pulumiOk("destroy", "--yes", "--skip-preview");
    assert.match((await minikube.run("kubectl", "get", "namespace", namespace)).output, /NotFound/);
  });

  it("leaves no profile and no network behind after minikube was deleted", async () => {
    await deleteMinikube();
    const { output } = await minikube.run("minikube", "profile", "list", "-o", "json");
    assert.deepEqual(JSON.parse(output), { invalid: [], valid: [] });
    assert.deepEqual(
      Object.keys(os.networkInterfaces()).filter((name) => name.startsWith("kdj-m")),
      [],
    );
  });
});
