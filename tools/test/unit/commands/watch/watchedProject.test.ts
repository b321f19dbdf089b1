import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { livePlaces, type WatchedProject, watchedProject } from "../../../../commands/watch/watchedProject";
import { StackConfig } from "../../../../stack/stackConfig";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("What `npm run watch` reads of a stack's config", () => {
  const folder = temporaryFolder();

  /** @param keys of the config, as lines of YAML */
  const read = (keys: string[]): WatchedProject => {
    folder.write({ Dockerfile: "FROM python:3.13\nWORKDIR /app\nCOPY . .\n", "manage.py": "" });
    const all = [`project: ${path.relative(".", folder.path())}`, ...keys];
    const lines = ["config:", ...all.map((key) => `  kubernetes-django:${key}`), ""];
    fs.writeFileSync(folder.path("Pulumi.dev.yaml"), lines.join("\n"));
    const config = StackConfig.in(folder.path("Pulumi.dev.yaml"));
    return watchedProject({ app: "kubernetes-django", config }, livePlaces({ config, target: "docker-desktop" }));
  };

  it("is the same whether a value is written as a truth value or as a text", () => {
    for (const value of ["true", '"true"']) {
      const { debug, places } = read([`debug: ${value}`, `liveReload: ${value}`]);
      assert.equal(debug, true);
      assert.deepEqual(places?.roots, ["/app"]);
    }
  });

  it("says that migrations run before processes change wherever the program runs them", () => {
    const cases: [keys: string[], hasRelease: boolean][] = [
      [[], false],
      [["database: postgres"], true],
      [["database: postgres", "release: none"], false],
      [["release: make release"], true],
      [["databaseStorage: 1Gi"], true],
      [["databaseStorage: 1Gi", "release: none"], false],
    ];
    for (const [keys, hasRelease] of cases) {
      assert.equal(read(keys).hasRelease, hasRelease, keys.join());
    }
  });
});
