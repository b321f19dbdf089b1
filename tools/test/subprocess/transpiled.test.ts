import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { checkout } from "../../../test/unit/helpers/checkout";
import { temporaryFolder } from "../../../test/unit/helpers/folders";

describe("What modules were transpiled to", () => {
  const folder = temporaryFolder();
  /** Loads shop.ts in a process of its own, and returns what it prints and how often something was transpiled. */
  const run = (source: string, settings = "{}"): string[] => {
    folder.write({
      "shop.ts": source,
      "tsconfig.json": settings,
      "run.cjs": `
        const { Transpiled } = require(${JSON.stringify(path.join(checkout, "tools", "transpiled.cjs"))});
        let transpiled = 0;
        const transpile = (module, file) => {
          transpiled++;
          module._compile(require("node:fs").readFileSync(file, "utf8").replace(": string", ""), file);
        };
        const store = new Transpiled(__dirname, __dirname);
        require.extensions[".ts"] = (module, file) => { store.load(module, file, transpile); };
        console.log(require("./shop.ts"));
        console.log(transpiled);
      `,
    });
    return execFileSync(process.execPath, [folder.path("run.cjs"), "up"], { encoding: "utf8" })
      .trim()
      .split("\n");
  };
  const shop = (name: string): string => `const name: string = "${name}"; module.exports = name;`;

  it("is taken again as long as the source is the same", () => {
    assert.deepEqual(run(shop("books")), ["books", "1"]);
    assert.deepEqual(run(shop("books")), ["books", "0"]);
    assert.deepEqual(run(shop("tools")), ["tools", "1"]);
    assert.deepEqual(run(shop("books")), ["books", "0"]);
  });

  it("is transpiled again after a change of tsconfig.json", () => {
    run(shop("books"));
    assert.deepEqual(run(shop("books"), '{ "compilerOptions": {} }'), ["books", "1"]);
  });

  it("is transpiled again where the file is torn, and never kept in part", () => {
    run(shop("books"));
    fs.writeFileSync(folder.path("run-up.json"), '{"half');
    assert.deepEqual(run(shop("books")), ["books", "1"]);
    assert.deepEqual(run(shop("books")), ["books", "0"]);
    const names = fs.readdirSync(folder.path()).filter((name) => name.startsWith("run-up.json"));
    assert.deepEqual(names, ["run-up.json"]);
  });
});
