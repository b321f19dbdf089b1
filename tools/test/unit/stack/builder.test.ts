import assert from "node:assert/strict";

import { type BuilderGrounds, builderHere } from "../../../stack/builder";
import { isProblem } from "../../../../test/unit/helpers/problems";

describe("the builder of a stack on this machine", () => {
  const daemon = { host: "unix:///docker.sock", containerdStore: false };
  const grounds: BuilderGrounds = { choice: "auto", pulls: false, daemon, hasDockerPlugin: true };
  const containerd = { ...daemon, containerdStore: true };

  const cases: [title: string, more: Partial<BuilderGrounds>, expected: ReturnType<typeof builderHere>][] = [
    ["is docker where its plugin is there", {}, { builder: "docker" }],
    [
      "is docker-build where docker's plugin cannot be installed, and a line says so",
      { hasDockerPlugin: false },
      { builder: "docker-build", note: "Builder docker-build: Pulumi's docker plugin cannot be installed here" },
    ],
    [
      "is docker-build for containerd's store, and a line says so",
      { daemon: containerd },
      {
        builder: "docker-build",
        note: "Builder docker-build: the Docker daemon at unix:///docker.sock keeps its images in containerd's store",
      },
    ],
    ["is docker-build where nodes pull, without a line", { pulls: true }, { builder: "docker-build" }],
    ["is left to the program where the daemon does not answer", { daemon: undefined }, {}],
    [
      "is the one that the stack names",
      { choice: "docker-build", hasDockerPlugin: false },
      { builder: "docker-build" },
    ],
  ];
  for (const [title, more, expected] of cases) {
    it(title, () => {
      assert.deepEqual(builderHere({ ...grounds, ...more }), expected);
    });
  }

  it("is refused where the stack names docker and its plugin cannot be installed", () => {
    assert.throws(
      () => builderHere({ ...grounds, choice: "docker", hasDockerPlugin: false }),
      isProblem(
        'Config key "builder" is "docker", and Pulumi\'s docker plugin cannot be installed here; run `pulumi config set builder auto`.',
      ),
    );
  });
});
