import assert from "node:assert/strict";

import { withoutWait } from "../../../pulumi/heldOutput";

describe("What is shown of an update that waited", () => {
  it("is not how long, nor dots that say that it does", () => {
    const summary = "Resources:\n    ~ 2 updated\n    9 unchanged\n\n";
    assert.equal(
      withoutWait(`...\n ~  image updating\n${summary}Duration: 59m12s\n\n`),
      ` ~  image updating\n${summary}`,
    );
    assert.equal(withoutWait(`${summary}\u001b[38;5;13m\u001b[1mDuration:\u001b[0m 59s\n`), summary);
  });

  it("is all else, dots of its own among it", () => {
    const text = "@ updating.....\n ~  image updated (0.8s)\nOutputs:\n    url: ...\n";
    assert.equal(withoutWait(text), text);
  });
});
