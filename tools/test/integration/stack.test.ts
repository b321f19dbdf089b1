import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { BuildAhead } from "../../docker/buildAhead";
import { waitUntilServed } from "../../commands/up";
import type { Builder } from "../../../components/config/image";
import { getTools, needPlugin } from "./helpers/cluster";
import { untilPageShows } from "./helpers/page";
import { Workspace } from "./helpers/workspace";

const title = "The install worked successfully! Congratulations!";

interface Step {
  op: string;
  urn: string;
}

/** Type and operation of everything that a preview would change. */
async function plannedChanges(workspace: Workspace): Promise<Record<string, string>> {
  const { steps } = JSON.parse(await workspace.pulumiOk("preview", "--json")) as { steps: Step[] };
  const changes = steps.filter(({ op }) => op !== "same");
  return Object.fromEntries(changes.map(({ op, urn }) => [(urn.split("::")[2] ?? "").split("$").at(-1) ?? "", op]));
}

const imageTypes: Record<Builder, string> = {
  docker: "docker:index/image:Image",
  "docker-build": "docker-build:index:Image",
};

for (const builder of ["docker", "docker-build"] as const) {
  describe(`stack dev on a cluster called docker-desktop, builder ${builder}`, () => {
    let workspace: Workspace;
    const base = { target: "docker-desktop", builder, namespace: `dev-${builder}`, imageRepository: `dev-${builder}` };

    before(async function () {
      await needPlugin(this, builder);
      workspace = await Workspace.create(await getTools(), "dev", { ...base, debug: true });
    });
    after(async () => {
      await (workspace as Workspace | undefined)?.dispose();
    });

    const script = (): string => path.join(workspace.folder, "app", "templates", "script.sh");
    /** The script's mode in the pod that runs an image. */
    const modeInPod = async (image: string): Promise<string> => {
      const find = `jsonpath={.items[?(@.spec.containers[0].image=="${image}")].metadata.name}`;
      const pod = await workspace.kubectl("-n", base.namespace, "get", "pods", "-o", find);
      return (
        await workspace.kubectl("-n", base.namespace, "exec", pod, "--", "stat", "-c", "%a", "/script.sh")
      ).trim();
    };

    it("serves Django's welcome page at its output `url`", async () => {
      await workspace.up();
      const url = await workspace.output("url");
      assert.match(url, /^http:\/\/localhost:3[0-2][0-9]{3}\/$/);
      assert.equal(await waitUntilServed(url), `200 ${title}`);
    });

    it("changes nothing in a second `up`", async () => {
      assert.match(await workspace.up(), /Resources:\n\s+12 unchanged/);
    });

    it("runs the pod as the API server's restricted Pod Security demands", async () => {
      const labels = await workspace.kubectl("get", "namespace", base.namespace, "-o", "jsonpath={.metadata.labels}");
      assert.match(labels, /"pod-security.kubernetes.io\/enforce":"restricted"/);
      const pods = await workspace.kubectl("-n", base.namespace, "get", "pods", "-o", "jsonpath={..status.phase}");
      assert.equal(pods, "Running");
    });

    it("turns to gunicorn and the page with the image's tag when debug goes off", async () => {
      await workspace.pulumiOk("config", "set", "debug", "false");
      await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
      await workspace.up();
      const url = await workspace.output("url");
      const tag = (await workspace.output("image")).split(":").at(-1) ?? "";
      await untilPageShows(url, new RegExp(`^server: gunicorn$.*${tag}`, "ms"));
    });

    it("shows in a preview exactly the image and the Deployment after a source changed", async () => {
      workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " edited</title>"));
      assert.deepEqual(await plannedChanges(workspace), {
        [imageTypes[builder]]: "update",
        "kubernetes:apps/v1:Deployment": "update",
      });
    });

    it("shows no change for a file that .dockerignore keeps out", async () => {
      const before = await plannedChanges(workspace);
      workspace.edit("app/tests/test_pages.py", (text) => `${text}\n# a comment\n`);
      assert.deepEqual(await plannedChanges(workspace), before);
    });

    it("rolls the pod to the new content", async () => {
      // Modes in /app are set by the Dockerfile.
      fs.writeFileSync(script(), "#!/bin/sh\n");
      fs.chmodSync(script(), 0o744);
      workspace.edit("app/Dockerfile", (text) => `${text}\nCOPY templates/script.sh /\n`);
      await workspace.up();
      await untilPageShows(await workspace.output("url"), / edited<\/title>/);
      assert.equal(await modeInPod(await workspace.output("image")), "744");
    });

    it("rolls the pod to a file's new mode", async () => {
      const before = await workspace.output("image");
      fs.chmodSync(script(), 0o755);
      await workspace.up();
      const image = await workspace.output("image");
      assert.notEqual(image, before);
      await untilPageShows(await workspace.output("url"), new RegExp(image.split(":").at(-1) ?? ""));
      assert.equal(await modeInPod(image), "755");
    });

    it("takes from the daemon's cache what `npm run up` builds while Pulumi starts", async () => {
      workspace.edit("app/Dockerfile", (text) => `${text}\nRUN date +%s%3N > /tmp/built\n`);
      const deployed = await workspace.output("image");
      const folder = process.cwd();
      process.chdir(workspace.folder);
      try {
        await new BuildAhead(workspace.cli, deployed).ended;
      } finally {
        process.chdir(folder);
      }
      const end = Date.now();
      await workspace.up();
      const image = await workspace.output("image");
      const { output } = await workspace.docker("run", "--rm", "--entrypoint", "cat", image, "/tmp/built");
      assert.ok(Number(output) > 0 && Number(output) < end, output);
    });

    it("leaves no object in the cluster and no resource in the state after `destroy`", async () => {
      await workspace.pulumiOk("destroy", "--yes", "--skip-preview");
      assert.match(await workspace.kubectl("get", "namespace", base.namespace), /NotFound/);
      const state = JSON.parse(await workspace.pulumiOk("stack", "export")) as { deployment: { resources?: object[] } };
      assert.deepEqual(state.deployment.resources ?? [], []);
    });
  });
}
