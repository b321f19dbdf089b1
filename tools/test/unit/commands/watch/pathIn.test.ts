import assert from "node:assert/strict";
import path from "node:path";

import { pathIn } from "../../../../commands/watch/pathIn";

describe("A path in a folder", () => {
  const cases: [folder: string, name: string, expected: string | undefined][] = [
    ["app", "app/shop/views.py", "shop/views.py"],
    ["app", path.resolve("app/views.py"), "views.py"],
    ["../shop", "../shop", ""],
    [".", "index.ts", "index.ts"],
    [".", "..env/file", "..env/file"],
    ["app", "application/views.py", undefined],
    ["app", "../views.py", undefined],
    ["app/shop", "app", undefined],
  ];
  for (const [folder, name, expected] of cases) {
    it(`of ${name} in ${folder} is ${expected === undefined ? "none" : `"${expected}"`}`, () => {
      assert.equal(pathIn(folder, name), expected);
    });
  }
});
