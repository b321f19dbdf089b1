import assert from "node:assert/strict";
import path from "node:path";

import execa from "execa";

import { waitUntilServed } from "../../commands/up";
import { installTool } from "../../sandbox/install/install";
import { nodeReleases } from "../../sandbox/install/testCatalogue";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools, skip } from "./helpers/cluster";
import { type SplitResult, Workspace } from "./helpers/workspace";

const project = path.resolve(__dirname, "../../..");
const major = (version: string): string | undefined => version.split(".")[0];

for (const release of nodeReleases) {
  describe(`with Node.js ${release.version}`, () => {
    const name = `node-${major(release.version) ?? ""}`;
    /** PATH with that Node.js before all others. */
    let PATH: string;

    before(async function () {
      this.timeout(600_000);
      if (major(process.versions.node) === major(release.version)) {
        skip(this, "all other tests run with it");
      }
      const { folder } = await installTool(release).catch((error: unknown) => skip(this, (error as Error).message));
      PATH = [folder, process.env["PATH"]].join(path.delimiter);
    });

    for (const [kind, passing] of [
      ["unit", /^ {2}\d{4,} passing/m],
      ["subprocess", /^ {2}\d{3,} passing/m],
    ] as const) {
      it(`the ${kind} tests pass`, async function () {
        this.timeout(1_200_000);
        const args = ["--config", `tools/test/${kind}.mocharc.json`, "--reporter", "dot"];
        const mocha = path.join(project, "node_modules", "mocha", "bin", "mocha.js");
        const options = { cwd: project, env: { PATH }, reject: false, all: true } as const;
        const { exitCode, all } = await execa("node", [mocha, ...args], options);
        assert.equal(exitCode, 0, all);
        assert.match(all ?? "", passing);
      });
    }

    it("a stack is deployed, is found unchanged and is destroyed", async () => {
      const config = { target: "docker-desktop", debug: true, namespace: name, imageRepository: name };
      const builder = await availableBuilder();
      const checkout = new Checkout(await Workspace.create(await getTools(), "dev", { ...config, builder }));
      const npm = async (...args: string[]): Promise<SplitResult> => {
        const { workspace } = checkout;
        const own = [PATH.split(path.delimiter)[0], workspace.environment["PATH"]].join(path.delimiter);
        const result = await workspace.run("npm", ["run", "--silent", ...args], { PATH: own });
        assert.equal(result.exitCode, 0, result.output);
        return result;
      };
      try {
        assert.match((await npm("doctor", "--", "dev")).output, new RegExp(`Node\\.js +${release.version} in `));
        const { stdout: url } = await npm("up", "--", "dev");
        assert.match(await waitUntilServed(url), /^200 The install worked successfully/);
        assert.match((await npm("up", "--", "dev")).output, /^ {4}12 unchanged$/m);
        assert.match((await npm("down", "--", "dev")).output, /^ {4}- 12 deleted$/m);
      } finally {
        await checkout.workspace.deleteNamespaces(name);
        await checkout.clean(name);
      }
    });
  });
}
