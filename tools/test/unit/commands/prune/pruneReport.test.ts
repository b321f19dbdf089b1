import assert from "node:assert/strict";

import { isProblem } from "../../../../../test/unit/helpers/problems";
import { count, imageTable, keptProblem } from "../../../../commands/prune/pruneReport";
import type { DaemonImage } from "../../../../commands/prune/unused";

const image = (reference: string): DaemonImage => ({ reference, id: reference, age: "2 days ago", size: "180MB" });

describe("the report of `npm run prune`", () => {
  it("lists the images in use with one user and the number of the others, and then those without use", () => {
    const images = {
      used: [
        { image: image("app:1"), by: ["Pod a/b"] },
        { image: image("app:2"), by: ["Pod a/c", "ReplicaSet a/d", "stack dev"] },
      ],
      unused: [image("app:3")],
    };
    assert.equal(
      imageTable(images, "would be removed"),
      [
        "  app:1  180MB  2 days ago  used by Pod a/b",
        "  app:2  180MB  2 days ago  used by Pod a/c and 2 more",
        "  app:3  180MB  2 days ago  would be removed",
      ].join("\n"),
    );
  });

  it("counts images", () => {
    assert.deepEqual([count(1), count(2)], ["1 image", "2 images"]);
  });

  it("ends with Docker's reasons for images that could not be removed", () => {
    const reason = "conflict: unable to remove app:1";
    assert.ok(isProblem(`1 image could not be removed:\n  | ${reason}`)(keptProblem([reason])));
  });
});
