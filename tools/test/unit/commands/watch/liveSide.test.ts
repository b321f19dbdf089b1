import assert from "node:assert/strict";

import { LiveSide } from "../../../../commands/watch/liveSide";
import type { Snapshot } from "../../../../live/sources";

describe("What `npm run watch` has in the cluster", () => {
  const { error } = console;
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    console.error = (line: string) => printed.push(line);
  });
  afterEach(() => {
    console.error = error;
  });

  it("stays what it was while the project cannot be read", async () => {
    const live = new LiveSide({}, new AbortController(), () => undefined);
    const placesOf = (name: string): string[] => [`/app/${name}`];
    const project = { folder: "app", places: { roots: ["/app"], placesOf, needsBuild: () => undefined } };
    const sources: Snapshot = new Map([["views.py", { kind: "file", mode: 0o644, size: 1, content: "a" }]]);
    const of = { stack: "dev", app: "kubernetes-django" };
    live.prepare(project, sources);
    live.prepare(project, undefined);
    assert.equal(live.isLive, true);
    await live.bring(sources, { before: sources, migrations: [], of, since: performance.now() });
    printed.length = 0;
    live.sayDifference(of);
    assert.deepEqual(printed, [
      "The pods have what their image has, and run under live reload until `npm run up -- dev`",
    ]);
  });
});
