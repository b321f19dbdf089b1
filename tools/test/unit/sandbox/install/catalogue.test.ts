import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { kwok } from "../../../../sandbox/install/benchCatalogue";
import * as catalogue from "../../../../sandbox/install/catalogue";
import { dockerfileFrontend } from "../../../../sandbox/install/imageCatalogue";
import { toolchainFolder } from "../../../../sandbox/install/golang";
import { nodeReleases } from "../../../../sandbox/install/testCatalogue";
import type { Way } from "../../../../sandbox/install/tool";
import { kubeadm, minikube } from "../../../../sandbox/minikube/tools";

describe("the catalogue", () => {
  /** The files that a way puts into a tool's folder; undefined where that depends on what it downloads. */
  const written = (way: Way): string[] | undefined => {
    switch (way.kind) {
      case "go":
        return way.builds.flatMap(({ output, names }) => [output, ...(names ?? []).map((name) => `bin/${name}`)]);
      case "debian":
        return [...Object.keys(way.links), ...Object.keys(way.wrappers ?? {})];
      case "python":
        return [...Object.keys(way.modules), ...(way.binaries ?? [])].map((name) => `bin/${name}`);
      default:
        return undefined;
    }
  };

  for (const tool of [...Object.values(catalogue), dockerfileFrontend]) {
    it(`has every executable of ${tool.title} in what is built or unpacked`, () => {
      const ways = tool.ways.map(written).filter((files) => files !== undefined);
      assert.notEqual(ways.length, 0);
      for (const files of ways) {
        const missing = tool.executables.filter((name) => !files.includes(`bin/${name}`));
        assert.deepEqual(missing, []);
      }
    });
  }

  it("has a sum for everything that is downloaded, on both architectures", () => {
    const tools = [...Object.values(catalogue), ...nodeReleases, kwok, minikube, kubeadm];
    const sums = tools.flatMap(({ ways }) =>
      ways.flatMap((way) =>
        way.kind === "npm"
          ? [way.integrity]
          : way.kind === "download"
            ? way.files.flatMap(({ sums }) => [sums["amd64"], sums["arm64"]])
            : [],
      ),
    );
    assert.ok(sums.length > 10);
    assert.deepEqual(
      sums.filter((sum) => !/^([0-9a-f]{64}|[0-9a-f]{128}|sha512-[A-Za-z0-9+/]{86}==)$/.test(sum ?? "")),
      [],
    );
    const requirements = readFileSync(path.join(toolchainFolder, "checkov", "requirements.txt"), "utf8");
    assert.deepEqual(requirements.match(/^[^\s#]+==\S+$/gm), null);
    assert.ok(requirements.includes("--hash=sha256:"));
  });

  it("compiles modules that are in the checkout", () => {
    const ways = [...Object.values(catalogue), dockerfileFrontend].flatMap((tool) => tool.ways);
    const modules = ways.flatMap((way) => (way.kind === "go" ? way.builds.map((build) => build.module) : []));
    assert.deepEqual(
      modules.filter((module) => !existsSync(path.join(toolchainFolder, module, "go.mod"))),
      [],
    );
    assert.ok(modules.includes("kubernetes"));
    assert.ok(existsSync(path.join(toolchainFolder, "checkov", "requirements.txt")));
  });
});
