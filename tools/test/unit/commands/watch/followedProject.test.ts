import assert from "node:assert/strict";

import { isLeftOutOf } from "../../../../commands/watch/followedProject";

describe("A path that is watched", () => {
  const leavesOut = (...names: string[]) => ({ isLeftOut: (name: string) => names.includes(name) });
  const shop = { folder: "shop", ...leavesOut("notes", "blog", "blog/views.py") };
  const blog = { folder: "shop/blog", ...leavesOut("notes") };

  it("is left out where no image of any project has it", () => {
    const cases: [name: string, isLeftOut: boolean][] = [
      ["shop", false],
      ["shop/views.py", false],
      ["shop/notes", true],
      ["shop/blog", false],
      ["shop/blog/views.py", false],
      ["shop/blog/notes", false],
      ["index.ts", false],
    ];
    for (const [name, isLeftOut] of cases) {
      assert.equal(isLeftOutOf([shop, blog], name), isLeftOut, name);
    }
    assert.equal(isLeftOutOf([shop], "shop/blog"), true);
    assert.equal(isLeftOutOf([{ ...shop, ...leavesOut("blog/notes") }, blog], "shop/blog/notes"), true);
  });
});
