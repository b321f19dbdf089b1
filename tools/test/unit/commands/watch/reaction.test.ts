import assert from "node:assert/strict";

import {
  type Change,
  type Circumstances,
  inWords,
  type Reaction,
  reactionTo,
} from "../../../../commands/watch/reaction";

describe("What `npm run watch` does about a change", () => {
  const usual: Circumstances = {
    isDeployed: true,
    isLive: true,
    needsBuild: (name) => (name === "requirements.txt" ? "a build step reads it" : undefined),
    hasRelease: true,
  };
  const nothing = { changed: [], removed: [] };
  const source = { changed: ["shop/views.py"], removed: [] };
  const migration = { changed: ["shop/migrations/0002_price.py", "shop/models.py"], removed: [] };
  const deploy = (why: string): Reaction => ({ is: "deploy", why });
  const cases: [title: string, change: Partial<Change>, more: Partial<Circumstances>, reaction: Reaction][] = [
    ["brings a source to the pods", { project: source }, {}, { is: "sync", migrations: [] }],
    ["ignores a file that does not reach the image", { saved: ["app/notes.txt"] }, {}, { is: "ignore" }],
    ["deploys for the program", { program: ["index.ts"] }, {}, deploy("index.ts changed")],
    [
      "deploys for the stack's config beside a source",
      { program: ["Pulumi.dev.yaml"], project: source },
      {},
      deploy("Pulumi.dev.yaml, shop/views.py changed"),
    ],
    [
      "deploys what the image is built from",
      { project: { changed: ["shop/views.py"], removed: ["requirements.txt"] } },
      {},
      deploy("requirements.txt changed, and a build step reads it: this is deployed"),
    ],
    ["deploys where pods take no sources", { project: source }, { isLive: false }, deploy("shop/views.py changed")],
    [
      "tries the same sources again after an update that failed",
      { saved: ["app/shop/views.py"] },
      { isDeployed: false },
      deploy("app/shop/views.py changed"),
    ],
    ["does not try again without a save", {}, { isDeployed: false }, { is: "ignore" }],
    [
      "deploys a migration that runs before the pods change",
      { project: migration },
      {},
      deploy("shop/migrations/0002_price.py changed, and migrations run before the pods change"),
    ],
    [
      "names a migration that nothing runs",
      { project: migration },
      { hasRelease: false },
      { is: "sync", migrations: ["shop/migrations/0002_price.py"] },
    ],
    [
      "takes a new folder for migrations for no migration",
      { project: { changed: ["shop/migrations/__init__.py"], removed: [] } },
      {},
      { is: "sync", migrations: [] },
    ],
  ];
  for (const [title, change, more, reaction] of cases) {
    it(title, () => {
      const whole = { program: [], saved: [], project: nothing, ...change };
      assert.deepEqual(reactionTo(whole, { ...usual, ...more }), reaction);
    });
  }

  it("names the first of many files", () => {
    assert.equal(inWords(["a", "b", "c"]), "a, b, c");
    assert.equal(inWords(["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    assert.equal(inWords(["shop", "shop/a", "shop/a/b.py", "shopping"]), "shop/a/b.py, shopping");
  });
});
