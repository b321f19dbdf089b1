import assert from "node:assert/strict";

import {
  type DaemonImage,
  familiar,
  referencesIn,
  type ImageUses,
  sortImages,
  usesOf,
} from "../../../../commands/prune/unused";

const image = (reference: string, id = reference): DaemonImage => ({ reference, id, age: "2 days ago", size: "180MB" });
const nowhere: ImageUses = { references: new Map(), ids: new Map() };
const unused = (references: string[], uses: ImageUses = nowhere): string[] =>
  sortImages(
    references.map((each) => image(each)),
    new Set(["mine", "registry.local:5000/team/mine"]),
    uses,
  ).unused.map(({ reference }) => reference);

describe("An image is to be removed", () => {
  it("when it is of a stack's repository, is tagged by content and nothing uses it", () => {
    const references = ["mine:0123456789ab", "registry.local:5000/team/mine:ba9876543210"];
    assert.deepEqual(unused(references), references);
  });

  const others: [what: string, reference: string][] = [
    ["another repository", "yours:0123456789ab"],
    ["a repository whose name only begins the same", "mine-too:0123456789ab"],
    ["the same name in a registry", "registry.local:5000/mine:0123456789ab"],
    ["the tag latest", "mine:latest"],
    ["a version for a tag", "mine:1.0.0"],
    ["a tag that is longer than a content's hash", "mine:0123456789abc"],
    ["a tag in upper case", "mine:0123456789AB"],
  ];
  for (const [what, reference] of others) {
    it(`not with ${what}`, () => {
      assert.deepEqual(unused([reference]), []);
    });
  }

  it("not while something refers to it, or a container was started from it", () => {
    const uses = {
      references: new Map([["mine:111111111111", ["Pod a/b", "stack dev"]]]),
      ids: new Map([["mine:222222222222", ["container c"]]]),
    };
    const references = ["mine:111111111111", "mine:222222222222", "mine:333333333333"];
    assert.deepEqual(unused(references, uses), ["mine:333333333333"]);
    const { used } = sortImages(
      references.map((each) => image(each)),
      new Set(["mine"]),
      uses,
    );
    assert.deepEqual(
      used.map(({ by }) => by),
      [["Pod a/b", "stack dev"], ["container c"]],
    );
  });
});

describe("An image is in use", () => {
  it("where the cluster, a stack or a container refers to it", () => {
    const inCluster = new Map([["mine:111111111111", ["Pod a/b"]]]);
    const states = new Map([
      ["dev", { outputs: { image: "mine:111111111111" } }],
      ["test", { outputs: { image: "mine:222222222222" }, inputs: { image: "mine:222222222222" } }],
    ]);
    const containers = new Map([["sha256:3", ["container c"]]]);
    assert.deepEqual(usesOf(inCluster, states, containers), {
      references: new Map([
        ["mine:111111111111", ["Pod a/b", "stack dev"]],
        ["mine:222222222222", ["stack test"]],
      ]),
      ids: containers,
    });
    assert.deepEqual(inCluster, new Map([["mine:111111111111", ["Pod a/b"]]]));
  });
});

describe("References to images", () => {
  it("are compared as Docker shows them", () => {
    assert.equal(familiar("docker.io/library/mine:1"), "mine:1");
    assert.equal(familiar("index.docker.io/team/mine:1"), "team/mine:1");
    assert.equal(familiar("mine:1@sha256:abc"), "mine:1");
    assert.equal(familiar("registry.local:5000/library/mine:1"), "registry.local:5000/library/mine:1");
  });

  it("are found wherever a state names them, once each", () => {
    const state = JSON.stringify({
      outputs: { image: "mine:0123456789ab" },
      inputs: { tags: ["mine:0123456789ab", "docker.io/library/mine:ba9876543210"], other: "mine:latest" },
    });
    assert.deepEqual(referencesIn(state), ["mine:0123456789ab", "mine:ba9876543210"]);
  });
});
