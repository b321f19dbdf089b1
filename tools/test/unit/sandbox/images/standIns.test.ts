import assert from "node:assert/strict";

import { refuseWithoutStandIn } from "../../../../sandbox/images/projectImages";
import { standInFor } from "../../../../sandbox/images/standIns";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("An image that cannot be pulled", () => {
  const rows: [image: string, words: string | undefined][] = [
    ["python:3.12-slim", "Debian trixie's Python 3.13"],
    ["docker/dockerfile:1.4", "BuildKit 0.13.2's reader of Dockerfiles"],
    ["docker.io/docker/dockerfile", "BuildKit 0.13.2's reader of Dockerfiles"],
    ["ghcr.io/astral-sh/uv:0.5.11", "uv 0.5.11 from PyPI"],
    ["ghcr.io/astral-sh/uv:latest", "uv from PyPI"],
    ["ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "Debian trixie's Python 3.13 with uv from PyPI"],
    ["ghcr.io/astral-sh/uv:0.8.3-python3.11-bookworm", "Debian bookworm's Python 3.11 with uv 0.8.3 from PyPI"],
    ["ghcr.io/astral-sh/uv:python3.12-alpine", undefined],
    ["ghcr.io/astral-sh/uv:debian-slim", undefined],
    ["node:22", undefined],
  ];
  for (const [image, words] of rows) {
    it(`such as ${image} has ${words ?? "nothing"} in its place`, () => {
      assert.equal(standInFor(image)?.words, words);
    });
  }

  it("and has nothing in its place is named, with what helps", () => {
    assert.throws(() => {
      refuseWithoutStandIn("app/Dockerfile", ["python:3", "node:22", "alpine"]);
    }, isProblem("app/Dockerfile needs node:22 and alpine, which cannot be pulled: only Debian's images of Python, uv's own and docker/dockerfile have a stand-in; run `docker pull node:22` where a registry answers, then `docker save` and `docker load` it here, or begin with another image in app/Dockerfile: python:3.13-slim can be had."));
  });

  it("and is named by its digest is to be named without", () => {
    assert.throws(() => {
      refuseWithoutStandIn("app/Dockerfile", ["python:3@sha256:12"]);
    }, isProblem("app/Dockerfile needs python:3@sha256:12, which cannot be pulled: only Debian's images of Python, uv's own and docker/dockerfile have a stand-in; run `docker pull python:3@sha256:12` where a registry answers, then `docker save` and `docker load` it here, or name it in app/Dockerfile without the digest, which only a registry knows."));
  });

  it("is not refused where something has its place", () => {
    assert.doesNotThrow(() => {
      refuseWithoutStandIn("app/Dockerfile", ["python:3", "docker/dockerfile:1"]);
    });
  });
});
