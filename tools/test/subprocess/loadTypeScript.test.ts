import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

import { checkout } from "../../../test/unit/helpers/checkout";
import { temporaryFolder } from "../../../test/unit/helpers/folders";

describe("The loader of the npm scripts", () => {
  const folder = temporaryFolder();
  /** What a process prints that loads TypeScript with it. */
  const printed = (script: string, environment: NodeJS.ProcessEnv = {}): string => {
    folder.write({ "script.cjs": script });
    const args = ["--no-warnings", "--require", "./tools/loadTypeScript.cjs", folder.path("script.cjs")];
    const env = { ...process.env, ...environment };
    return execFileSync(process.execPath, args, { encoding: "utf8", env }).trim();
  };

  it("loads TypeScript, and leaves the temporary folder as it was", () => {
    const script = `
      const { Problem } = require(${JSON.stringify(path.join(checkout, "components", "problem"))});
      console.log(new Problem("It failed").failed, process.env.TMPDIR, process.env.TMP);
    `;
    assert.equal(printed(script, { TMPDIR: "/elsewhere", TMP: undefined }), "It failed /elsewhere undefined");
  });

  it("leaves the files of packages to Node.js, for which an ES module has no `require`", () => {
    folder.write({
      "node_modules/shop/package.json": '{ "type": "module", "main": "index.js" }',
      "node_modules/shop/index.js": "export const found = typeof require;",
    });
    assert.equal(printed('console.log(require("shop").found)'), "undefined");
  });
});
