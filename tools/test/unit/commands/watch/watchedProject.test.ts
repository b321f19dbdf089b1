import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { watchedProject } from "../../../../commands/watch/watchedProject";
import { StackConfig } from "../../../../stack/stackConfig";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("What `npm run watch` reads of a stack's config", () => {
  const folder = temporaryFolder();

  it("is the same whether a value is written as a truth value or as a text", () => {
    folder.write({ Dockerfile: "FROM python:3.13\nWORKDIR /app\nCOPY . .\n", "manage.py": "" });
    for (const value of ["true", '"true"']) {
      const keys = [`project: ${path.relative(".", folder.path())}`, `debug: ${value}`, `liveReload: ${value}`];
      const lines = ["config:", ...keys.map((key) => `  kubernetes-django:${key}`), ""];
      fs.writeFileSync(folder.path("Pulumi.dev.yaml"), lines.join("\n"));
      const { debug, places } = watchedProject(StackConfig.in(folder.path("Pulumi.dev.yaml")));
      assert.equal(debug, true);
      assert.deepEqual(places?.roots, ["/app"]);
    }
  });
});
