import assert from "node:assert/strict";

import { type Reaction, reactionTo } from "../../../../commands/watch/reaction";

describe("What `npm run watch` does about a change", () => {
  const source = "app/templates/index.html";
  const cases: [
    title: string,
    names: string[],
    hashes: { now: string | undefined; deployed: string | undefined },
    isHeld: boolean,
    reaction: Reaction,
  ][] = [
    ["lets the waiting update run for a source", [source], { now: "b", deployed: "a" }, true, "continue"],
    ["starts an update where none waits any more", [source], { now: "b", deployed: "a" }, false, "restart"],
    ["ignores a file that does not reach the image", ["app/notes.txt"], { now: "a", deployed: "a" }, true, "ignore"],
    ["starts again for the program", ["components/app/djangoApp.ts"], { now: "a", deployed: "a" }, true, "restart"],
    ["starts again for the stack's config", ["Pulumi.dev.yaml"], { now: "a", deployed: "a" }, true, "restart"],
    ["starts again for a source and the program", [source, "index.ts"], { now: "b", deployed: "a" }, true, "restart"],
    ["does not take another folder for the sources", ["apps/a.py"], { now: "a", deployed: "a" }, true, "restart"],
    ["retries the same sources after a failure", [source], { now: "a", deployed: undefined }, true, "continue"],
    ["lets the update say why nothing can be built", [source], { now: undefined, deployed: "a" }, true, "continue"],
  ];
  for (const [title, names, { now, deployed }, isHeld, reaction] of cases) {
    it(title, () => {
      assert.equal(reactionTo({ names, folder: "app", hash: now }, deployed, isHeld), reaction);
    });
  }
});
