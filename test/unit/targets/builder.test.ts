import assert from "node:assert/strict";

import { builderNote, chooseBuilder } from "../../../components/targets/builder";
import { isProblem } from "../helpers/problems";

describe("The builder", () => {
  const host = "unix:///docker.sock";
  const classic = { host, containerdStore: false };
  const containerd = { host, containerdStore: true };

  it("that works is docker, and docker-build for a daemon that keeps its images in containerd's store", () => {
    assert.equal(chooseBuilder("auto", false, classic), "docker");
    assert.equal(chooseBuilder("auto", false, containerd), "docker-build");
  });

  it("that works is the same on every machine where the nodes pull the image", () => {
    assert.equal(chooseBuilder("auto", true, classic), "docker-build");
    assert.equal(chooseBuilder("auto", true, containerd), "docker-build");
  });

  it("is the one that the stack names where that works", () => {
    assert.equal(chooseBuilder("docker", true, classic), "docker");
    assert.equal(chooseBuilder("docker-build", false, classic), "docker-build");
    assert.throws(
      () => chooseBuilder("docker", false, containerd),
      isProblem(
        'The Docker daemon at unix:///docker.sock keeps its images in containerd\'s store, which builder "docker" cannot handle; run `pulumi config set builder auto`.',
      ),
    );
  });

  it("is named in a line where the daemon decides for docker-build", () => {
    assert.equal(
      builderNote("auto", "docker-build", containerd),
      "Builder docker-build: the Docker daemon at unix:///docker.sock keeps its images in containerd's store",
    );
    assert.equal(builderNote("auto", "docker", classic), undefined);
    assert.equal(builderNote("docker-build", "docker-build", containerd), undefined);
  });
});
