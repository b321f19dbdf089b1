import assert from "node:assert/strict";

import { EngineText, withoutMarks } from "../../../pulumi/engineText";

/** What is shown of an output that comes a few characters at a time. */
function shown(text: string, size = 7): string {
  const engine = new EngineText();
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
  return pieces.map((piece) => engine.take(piece)).join("") + engine.end();
}

const summary = "Resources:\n    ~ 2 updated\n    9 unchanged\n\n";

describe("What is shown of an operation", () => {
  it("is all of one that ends well, as it comes", () => {
    const text = `@ updating....\n +  image created\nOutputs:\n  + url: "http://localhost"\n\n${summary}Duration: 3s\n\n`;
    assert.equal(shown(text), text);
    const engine = new EngineText();
    assert.deepEqual([engine.take("@ upda"), engine.take("ting."), engine.take(".")], ["@ upda", "ting.", "."]);
  });

  it("is no output as if it were deleted that a failure did not come to", () => {
    assert.equal(shown(`Outputs:\n  - image: "a"\n  - url  : "b"\n\n${summary}`), summary);
    assert.equal(
      shown(`Outputs:\n    image: "a"\n  - url  : "b"\n\n${summary}`),
      `Outputs:\n    image: "a"\n\n${summary}`,
    );
  });

  it("cuts the steps of a build to the terminal, and nothing else", () => {
    const engine = new EngineText(40);
    const step =
      " \u001b[32m+\u001b[0m  docker-build:index:Image shop \u001b[1mcreating\u001b[0m (0s) #7 [1/2] RUN a long command\n";
    const warning = " +  kubernetes:apps/v1:Deployment shop creating (0s) Waiting for app ReplicaSet to be available\n";
    assert.equal(
      engine.take(step + warning),
      ` \u001b[32m+\u001b[0m  docker-build:index:Image shop \u001b[1mcreat…\u001b[0m\n${warning}`,
    );
  });

  it("is nothing about a Ctrl-C, of which this process knows", () => {
    const red = (text: string): string => `\u001b[91m${text}\u001b[0m`;
    assert.equal(
      shown(
        `a\n^C received; cancelling. If you would like to terminate immediately, press ^C again.\n${red("Note that terminating immediately may lead to orphaned resources and other inconsistencies.")}\nb\n`,
      ),
      "a\nb\n",
    );
  });

  it("is nothing about locks, whose holders it names", () => {
    const engine = new EngineText();
    const refusal =
      "\u001b[91merror: \u001b[0mthe stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///a.json: created by root@host (pid 7) at 2026-01-01\n";
    assert.equal(engine.take(refusal), "");
    assert.deepEqual(engine.locks, ["file:///a.json: created by root@host (pid 7) at 2026-01-01"]);
  });
});

describe("The text of an event", () => {
  it("has no marks for colors", () => {
    assert.equal(withoutMarks("<{%fg 1%}>error: <{%reset%}>no such image<{%reset%}>"), "error: no such image");
  });
});
