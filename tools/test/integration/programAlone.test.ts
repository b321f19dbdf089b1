import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { waitUntilServed } from "../../commands/up";
import { availableBuilder, getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

const namespace = "program-alone";

/** What is not copied: the tools, and the tests, which the program does not need either. */
const kept =
  /^(Pulumi(\..+)?\.yaml|index\.ts|app|components|policy|package(-lock)?\.json|tsconfig\.json|node_modules)$/;

describe("the program in a checkout without tools/, with plain `pulumi`", () => {
  let workspace: Workspace;

  before(async () => {
    const config = { target: "docker-desktop", debug: true, namespace, imageRepository: namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, builder: await availableBuilder() });
    fs.rmSync(path.join(workspace.folder, "tools"), { recursive: true });
    // The home and the state of the test's user are no part of the checkout.
    const checkout = fs
      .readdirSync(workspace.folder)
      .filter((name) => !["home", "kubeconfig", ".pulumi"].includes(name));
    assert.deepEqual(
      checkout.filter((name) => !kept.test(name)),
      [],
    );
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  it("is previewed before anything is there", async () => {
    assert.match(await workspace.pulumiOk("preview"), /Resources:\n\s+\+ 12 to create/);
  });

  it("is served after `pulumi up`", async () => {
    await workspace.up();
    assert.match(await waitUntilServed(await workspace.output("url")), /^200 The install worked successfully/);
  });

  it("changes nothing in a second `up`, and shows so in a preview", async () => {
    assert.match(await workspace.pulumiOk("preview"), /Resources:\n\s+12 unchanged/);
    assert.match(await workspace.up(), /Resources:\n\s+12 unchanged/);
  });

  it("is deployed with its policy pack", async () => {
    await workspace.pulumiOk("up", "--yes", "--skip-preview", "--policy-pack", "policy");
  });

  it("leaves nothing after `destroy`", async () => {
    assert.match(await workspace.pulumiOk("destroy", "--yes", "--skip-preview"), /Resources:\n\s+- 12 deleted/);
    assert.match(await workspace.kubectl("get", "namespace", namespace), /NotFound/);
  });
});
