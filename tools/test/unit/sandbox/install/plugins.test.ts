import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

import { dockerPluginVersion } from "../../../../../components/image/dockerPluginVersion";
import {
  installPlugin,
  isPluginInstalled,
  pluginNames,
  pluginVersion,
  recipes,
} from "../../../../sandbox/install/plugins";
import type { InstalledTool } from "../../../../sandbox/install/tool";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("Pulumi's plugins", () => {
  ownEnvironment();
  const folder = temporaryFolder();

  it("have the versions of the SDKs in node_modules, and docker's the program's own", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const name of pluginNames) {
      assert.equal(pluginVersion(name), name === "docker" ? dockerPluginVersion : dependencies[`@pulumi/${name}`]);
    }
  });

  it("are searched for by Pulumi only where a stack uses them, as for docker's", () => {
    // The language host reports the plugin of each package under node_modules that says it is a provider's.
    assert.equal(existsSync("node_modules/@pulumi/docker"), false);
  });

  it("are compiled by recipes for those versions, except docker's, which is not published as a module", () => {
    for (const [name, recipe] of Object.entries(recipes)) {
      assert.equal(recipe.version, pluginVersion(name as keyof typeof recipes));
    }
    assert.deepEqual(Object.keys(recipes).sort(), ["docker-build", "kubernetes"]);
  });

  it("count as installed only when Pulumi finished installing them", () => {
    process.env.PULUMI_HOME = folder.path();
    const plugin = "plugins/resource-kubernetes-v1.2.3";
    assert.equal(isPluginInstalled("kubernetes", "1.2.3"), false);
    folder.write({ [`${plugin}/pulumi-resource-kubernetes`]: { executable: "" } });
    assert.equal(isPluginInstalled("kubernetes", "1.2.3"), true);
    folder.write({ [`${plugin}.partial`]: "" });
    assert.equal(isPluginInstalled("kubernetes", "1.2.3"), false);
  });

  it("that are installed take no command", async () => {
    process.env.PULUMI_HOME = folder.path();
    const plugin = `plugins/resource-docker-v${pluginVersion("docker")}`;
    folder.write({ [`${plugin}/pulumi-resource-docker`]: { executable: "" } });
    const cli: InstalledTool = { name: "pulumi", version: "3.220.0", folder: folder.path("none"), source: "path" };
    assert.equal(await installPlugin("docker", cli), "installed");
  });
});
