import assert from "node:assert/strict";
import path from "node:path";

import { readHealthPaths } from "../../../components/image/healthPaths";
import { checkout } from "../helpers/checkout";
import { temporaryFolder } from "../helpers/folders";

describe("The labels of a Dockerfile", () => {
  const folder = temporaryFolder();
  const live = "kubernetes-django.liveness";
  const ready = "kubernetes-django.readiness";

  const rows: [behaviour: string, lines: string[], liveness: string | undefined, readiness: string | undefined][] = [
    ["name no path where there is none", ["LABEL maintainer=me"], undefined, undefined],
    ["may name one path only", [`LABEL ${ready}=/ready`], undefined, "/ready"],
    ["may stand in one line", [`LABEL ${live}="/live" ${ready}="/ready"`], "/live", "/ready"],
    ["may stand in two instructions", [`LABEL ${live}=/live`, `LABEL ${ready}=/ready`], "/live", "/ready"],
    ["may be continued", [`LABEL ${live}=/live \\`, `      a=b \\`, `      ${ready}=/ready`], "/live", "/ready"],
    ["may be quoted in either way", [`LABEL ${live}='/live' "${ready}"="/ready"`], "/live", "/ready"],
    ["may be in lower case and in the old form", [`label ${live} /live`], "/live", undefined],
    [
      "count from the last place they stand in",
      [`LABEL ${live}=/a`, "FROM scratch", `LABEL ${live}=/b`],
      "/b",
      undefined,
    ],
    ["do not count in a comment", [`# LABEL ${live}=/live`], undefined, undefined],
    ["do not count in another instruction", [`RUN echo LABEL ${live}=/live`], undefined, undefined],
  ];
  for (const [behaviour, lines, liveness, readiness] of rows) {
    it(behaviour, () => {
      folder.write({ Dockerfile: ["FROM scratch", ...lines, ""].join("\n") });
      assert.deepEqual(readHealthPaths(folder.path()), { liveness, readiness });
    });
  }
});

describe("The labels of app/Dockerfile", () => {
  it("name the paths that answer health checks", () => {
    assert.deepEqual(readHealthPaths(path.join(checkout, "app")), { liveness: "/healthz", readiness: "/readyz" });
  });
});
