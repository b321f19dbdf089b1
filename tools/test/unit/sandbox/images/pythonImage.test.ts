import assert from "node:assert/strict";

import { pythonImage, pythonInWords, pythonStandIn } from "../../../../sandbox/images/pythonImage";

describe("An image of Python", () => {
  const rows: [image: string, standIn: string | undefined][] = [
    ["python", "trixie full"],
    ["python:latest", "trixie full"],
    ["python:slim", "trixie slim"],
    ["python:3", "trixie full"],
    ["python:3-slim", "trixie slim"],
    ["python:3.6", "bullseye full"],
    ["python:3.9-slim", "bullseye slim"],
    ["python:3.10", "bookworm full"],
    ["python:3.11.9-slim", "bookworm slim"],
    ["python:3.12", "trixie full"],
    ["python:3.14-rc-slim", "trixie slim"],
    ["python:3.14.0rc1", "trixie full"],
    ["python:3.12-slim-bookworm", "trixie slim"],
    ["python:3.13-bullseye", "trixie full"],
    ["python:3.10-bookworm", "bookworm full"],
    ["python:3.9-slim-bookworm", "bookworm slim"],
    ["python:slim-bookworm", "bookworm slim"],
    ["python:bookworm", "bookworm full"],
    ["python:3.8-slim-buster", "bullseye slim"],
    ["docker.io/library/python:3.12", "trixie full"],
    ["library/python:3.12", "trixie full"],
    ["public.ecr.aws/docker/library/python:3.11-slim", "bookworm slim"],
    ["python:2.7", undefined],
    ["python:3.12-alpine", undefined],
    ["python:3.12-alpine3.20", undefined],
    ["python:3.12-windowsservercore", undefined],
    ["python:3.12-slim@sha256:abc", undefined],
    ["example.com/python:3.12", undefined],
    ["someone/python:3.12", undefined],
    ["node:22", undefined],
  ];
  for (const [image, standIn] of rows) {
    it(`${image} has ${standIn === undefined ? "no stand-in" : `the stand-in ${standIn}`}`, () => {
      const { release, size } = pythonStandIn(image) ?? {};
      assert.equal(release && `${release} ${size}`, standIn);
    });
  }
});

describe("The stand-in for Python", () => {
  it("is named by the release and the Python that it really has", () => {
    assert.equal(pythonInWords({ release: "bookworm", size: "slim" }), "Debian bookworm's Python 3.11");
  });

  it("has the compiler only where the official image has one", () => {
    const has = (size: "slim" | "full"): boolean =>
      pythonImage({ release: "trixie", size }).packages.includes("build-essential");
    assert.deepEqual([has("slim"), has("full")], [false, true]);
  });

  it("says in PYTHON_VERSION what it has", () => {
    assert.ok(pythonImage({ release: "bullseye", size: "slim" }).settings?.includes("ENV PYTHON_VERSION=3.9.2"));
  });
});
