import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";

import * as catalogue from "../../../../sandbox/install/catalogue";
import { toolchainFolder } from "../../../../sandbox/install/golang";
import type { Way } from "../../../../sandbox/install/tool";

describe("the catalogue", () => {
  /** The files that a way puts into a tool's folder; undefined where that depends on what it downloads. */
  const written = (way: Way): string[] | undefined => {
    switch (way.kind) {
      case "go":
        return way.builds.flatMap(({ output, names }) => [output, ...(names ?? []).map((name) => `bin/${name}`)]);
      case "debian":
        return [...Object.keys(way.links), ...Object.keys(way.wrappers ?? {})];
      case "python":
        return Object.keys(way.modules).map((name) => `bin/${name}`);
      default:
        return undefined;
    }
  };

  for (const tool of Object.values(catalogue)) {
    it(`has every executable of ${tool.title} in what is built or unpacked`, () => {
      const ways = tool.ways.map(written).filter((files) => files !== undefined);
      assert.notEqual(ways.length, 0);
      for (const files of ways) {
        const missing = tool.executables.filter((name) => !files.includes(`bin/${name}`));
        assert.deepEqual(missing, []);
      }
    });
  }

  it("compiles modules that are in the checkout", () => {
    const ways = Object.values(catalogue).flatMap((tool) => tool.ways);
    const modules = ways.flatMap((way) => (way.kind === "go" ? way.builds.map((build) => build.module) : []));
    assert.deepEqual(
      modules.filter((module) => !existsSync(path.join(toolchainFolder, module, "go.mod"))),
      [],
    );
    assert.ok(modules.includes("kubernetes"));
    assert.ok(existsSync(path.join(toolchainFolder, "checkov", "requirements.txt")));
  });
});
