import assert from "node:assert/strict";

import { waitUntilServed } from "../../commands/up";
import { namespace, RealMinikube } from "./helpers/realMinikube";

describe("stack minikube on a real minikube, driver docker, runtime containerd", () => {
  let minikube: RealMinikube;
  const image = async (): Promise<string> => await minikube.output("image");

  before(async function () {
    minikube = await RealMinikube.start(this, "containerd");
  });
  after(async () => {
    await (minikube as RealMinikube | undefined)?.dispose();
  });

  it("builds on this machine's daemon, loads the image into minikube and serves the page at its address", async () => {
    await minikube.up();
    const url = await minikube.output("url");
    assert.equal(new URL(url).hostname, (await minikube.run("minikube", "ip")).output.trim());
    assert.match(await waitUntilServed(url), /^200 The install worked successfully/);
    assert.deepEqual(await minikube.images(), [await image()]);
    assert.equal((await minikube.workspace.docker("image", "inspect", await image())).exitCode, 0);
  });

  it("loads nothing in a second up", async () => {
    assert.match(await minikube.up(), /Resources:\n\s+14 unchanged/);
  });

  it("leaves no copy of the image on this machine but the daemon's", async () => {
    const { output } = await minikube.run(
      "sh",
      "-c",
      `find "$MINIKUBE_HOME" /tmp/minikube-image-* -name '*${namespace}*'`,
    );
    assert.doesNotMatch(output, new RegExp(`/[^ ]*${namespace}`));
  });

  it("loads the image of a changed source, and takes the earlier one away", async () => {
    const before = await image();
    minikube.edit();
    await minikube.up();
    assert.notEqual(await image(), before);
    assert.match(await waitUntilServed(await minikube.output("url")), /^200/);
    assert.deepEqual(await minikube.images(), [await image()]);
  });

  it("leaves no object in the cluster and no image in its node after destroy", async () => {
    await minikube.pulumiOk("destroy", "--yes", "--skip-preview");
    assert.match((await minikube.run("kubectl", "get", "namespace", namespace)).output, /NotFound/);
    assert.deepEqual(await minikube.images(), []);
  });
});
