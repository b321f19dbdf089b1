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
    stack: "dev",
    isDeployed: true,
    wasRead: true,
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
      "deploys a project that cannot be read, so that the update says why",
      { project: undefined, saved: ["app/pipe"] },
      {},
      deploy("app/pipe changed"),
    ],
    [
      "deploys a project that cannot be read any more, though no event told of it",
      { project: undefined },
      {},
      deploy("The project cannot be read any more"),
    ],
    [
      "waits for a save of a project that could not be read at the last update",
      { project: undefined },
      { isDeployed: false, wasRead: false },
      { is: "ignore" },
    ],
    [
      "tries a project that could not be read again after a save",
      { project: undefined, saved: ["app/views.py"] },
      { isDeployed: false, wasRead: false },
      deploy("app/views.py changed"),
    ],
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
    [
      "deploys what is of another app, and says which command brings it to pods",
      { saved: ["../blog/page.html"], project: source, other: { app: "blog", names: ["../blog/page.html"] } },
      {},
      deploy(
        "../blog/page.html changed, and saves of app blog are deployed: `npm run watch -- dev --app blog` brings them to its pods",
      ),
    ],
    [
      "names no app for the stack's first one in that command",
      { other: { app: "kubernetes-django", names: ["app/views.py"] } },
      {},
      deploy(
        "app/views.py changed, and saves of app kubernetes-django are deployed: `npm run watch -- dev` brings them to its pods",
      ),
    ],
    [
      "says no more of another app where pods take no sources",
      { other: { app: "blog", names: ["../blog/page.html"] } },
      { isLive: false },
      deploy("../blog/page.html changed"),
    ],
    [
      "deploys for the stack's config beside what is of another app",
      { program: ["Pulumi.dev.yaml"], other: { app: "blog", names: ["../blog/page.html"] } },
      {},
      deploy("Pulumi.dev.yaml changed"),
    ],
  ];
  for (const [title, change, more, reaction] of cases) {
    it(title, () => {
      const whole = { program: [], saved: [], project: nothing, other: undefined, ...change };
      assert.deepEqual(reactionTo(whole, { ...usual, ...more }), reaction);
    });
  }

  it("names the first of many files", () => {
    assert.equal(inWords(["a", "b", "c"]), "a, b, c");
    assert.equal(inWords(["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    assert.equal(inWords(["shop", "shop/a", "shop/a/b.py", "shopping"]), "shop/a/b.py, shopping");
  });
});
