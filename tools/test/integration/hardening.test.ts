import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { installTool } from "../../sandbox/install/install";
import { availableBuilder, getTools, needPlugin, skip } from "./helpers/cluster";
import { type Finding, findingsOf, line, readObjects, scanners } from "./helpers/scanners";
import { Workspace } from "./helpers/workspace";

interface Waiver extends Finding {
  tool: string;
  reason: string;
}

const waivers = parse(fs.readFileSync(path.resolve(__dirname, "../../../policy/waivers.yaml"), "utf8")) as Waiver[];

describe("what the program creates, with debug off, a secretKey and two replicas", () => {
  const namespace = "hardening";
  let workspace: Workspace;
  let objects = "";

  before(async function () {
    const builder = await availableBuilder();
    await needPlugin(this, builder);
    const config = { target: "docker-desktop", debug: false, replicas: "2", builder, namespace };
    workspace = await Workspace.create(await getTools(), "dev", { ...config, imageRepository: namespace });
    await workspace.pulumiOk("config", "set", "--secret", "secretKey", "k".repeat(60));
    await workspace.pulumiOk("up", "--yes", "--skip-preview", "--policy-pack", "policy");
    objects = path.join(workspace.folder, "objects.yaml");
    fs.writeFileSync(objects, await readObjects(workspace));
  });
  after(async () => {
    await (workspace as Workspace | undefined)?.dispose();
  });

  for (const scanner of scanners) {
    const { tool } = scanner;
    it(`has no finding of ${tool.title} that is not waived, and no waiver that nothing needs`, async function () {
      const installed = await installTool(tool).catch((error: unknown) => skip(this, (error as Error).message));
      const waived = waivers.filter((waiver) => waiver.tool === tool.name).map(line);
      assert.deepEqual(await findingsOf(scanner, installed, objects), waived.sort());
    });
  }

  it("lets no pod into the namespace that is not restricted", async () => {
    const image = await workspace.output("image");
    const output = await workspace.kubectl("--namespace", namespace, "run", "intruder", "--image", image);
    assert.match(output, /pods "intruder" is forbidden: violates PodSecurity "restricted:latest"/);
  });
});
