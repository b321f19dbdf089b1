import assert from "node:assert/strict";

import type { StageOptions } from "../../../../../components/image/dockerfileStages";
import { externalImages } from "../../../../sandbox/images/externalImages";

describe("The images that a Dockerfile takes from elsewhere", () => {
  const rows: [behaviour: string, lines: string[], images: string[], options?: StageOptions][] = [
    ["are what FROM names", ["FROM python:3.12-slim"], ["python:3.12-slim"]],
    ["are none for scratch", ["FROM scratch"], []],
    ["are each named once", ["FROM python:3 AS a", "FROM python:3", "COPY --from=a / /"], ["python:3"]],
    ["are no stages", ["FROM python:3 AS Base", "FROM base AS last", "FROM LAST"], ["python:3"]],
    [
      "are what COPY takes files from",
      ["FROM python:3", "COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/"],
      ["python:3", "ghcr.io/astral-sh/uv:0.5"],
    ],
    [
      "are what RUN mounts",
      ["FROM python:3", "RUN --mount=type=bind,from=node:22,target=/n ls"],
      ["python:3", "node:22"],
    ],
    [
      "are known by a stage's number, too",
      ["FROM node:22", "FROM python:3", "COPY --from=0 /a /b"],
      ["python:3", "node:22"],
    ],
    ["are not those of stages that are not built", ["FROM node:22 AS assets", "FROM python:3"], ["python:3"]],
    [
      "are those of the stage that is built",
      ["FROM python:3 AS production", "FROM production AS test", "COPY --from=node:22 /a /b"],
      ["python:3"],
      { stage: "Production" },
    ],
    ["have the defaults of arguments", ["ARG V=3.12", "ARG TAG=${V}-slim", "FROM python:${TAG}"], ["python:3.12-slim"]],
    ["have the stack's arguments", ["ARG V=3.12", "FROM python:$V"], ["python:3.13"], { buildArgs: { V: "3.13" } }],
    ["have the defaults of variables", ["ARG V", "FROM python:${V:-3.11}"], ["python:3.11"]],
    ["are left to the builder where a variable has no value", ["ARG V", "FROM python:$V"], []],
    [
      "have no arguments of a stage",
      ["FROM python:3 AS a", "ARG V=1", "FROM b:${V:-2}", "COPY --from=a / /"],
      ["b:2", "python:3"],
    ],
    ["are named with a platform before", ["FROM --platform=$BUILDPLATFORM python:3"], ["python:3"]],
    ["are those of a stage that has the name of an image", ["FROM python:3 AS python:3"], ["python:3"]],
    [
      "are not what a comment or a script says",
      ["FROM python:3", "# FROM a", "RUN <<EOF", "FROM b", "EOF"],
      ["python:3"],
    ],
    ["are none without a stage", [], []],
    ["are what reads the Dockerfile", ["# syntax=docker/dockerfile:1", "FROM scratch"], ["docker/dockerfile:1"]],
    ["are not what a later comment says", ["FROM scratch", "# syntax=docker/dockerfile:1"], []],
  ];
  for (const [behaviour, lines, images, options] of rows) {
    it(behaviour, () => {
      assert.deepEqual(externalImages(lines.join("\n"), options), images);
    });
  }
});
