import assert from "node:assert/strict";
import path from "node:path";

import { type HealthLabels, healthLabelsOf } from "../../../components/image/healthLabels";
import { readImageConfig } from "../../../components/image/imageConfig";
import { checkout } from "../helpers/checkout";
import { temporaryFolder } from "../helpers/folders";
import { isProblem } from "../helpers/problems";

function readHealthLabels(folder: string, buildArgs: Record<string, string> = {}): HealthLabels {
  const file = path.join(folder, "Dockerfile");
  return healthLabelsOf(readImageConfig(file, { buildArgs }), file);
}

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
    ["count from the last place they stand in", [`LABEL ${live}=/a`, `LABEL ${live}=/b`], "/b", undefined],
    [
      "do not count in a stage that the image is not made from",
      [`LABEL ${live}=/a`, "FROM scratch"],
      undefined,
      undefined,
    ],
    [
      "count in the stages that the last one is from",
      [
        "FROM scratch AS Base",
        `LABEL ${live}=/a ${ready}=/a`,
        "FROM scratch AS other",
        `LABEL ${live}=/no`,
        "FROM base",
        `LABEL ${live}=/b`,
      ],
      "/b",
      "/a",
    ],
    [
      "have the values of ARG and ENV where they stand",
      ["ARG P=/a", `LABEL ${live}=$P`, "ENV P=/b", `LABEL ${ready}="\${P}/c"`, "ENV P=/d"],
      "/a",
      "/b/c",
    ],
    ["have the defaults of variables", [`LABEL ${live}=\${P:-/a} ${ready}=\${P-/b}`], "/a", "/b"],
    ["have what stands in for variables", ["ARG P=", `LABEL ${live}=/a\${P:+x} ${ready}=/b\${P+x}`], "/a", "/bx"],
    ["have no values in single quotes and after an escape", [`LABEL ${live}='/$P' ${ready}=/\\$P`], "/$P", "/$P"],
    ["may be empty", [`LABEL ${live}=""`], undefined, undefined],
    [
      "have a value that is set for all labels of a line",
      [`ENV A=/x B=$A`, `LABEL ${live}=/y ${ready}=$A`],
      "/y",
      "/x",
    ],
    ["do not count in a comment", [`# LABEL ${live}=/live`], undefined, undefined],
    ["do not count in another instruction", [`RUN echo LABEL ${live}=/live`], undefined, undefined],
  ];
  for (const [behaviour, lines, liveness, readiness] of rows) {
    it(behaviour, () => {
      folder.write({ Dockerfile: ["FROM scratch", ...lines, ""].join("\n") });
      assert.deepEqual(readHealthLabels(folder.path()), { liveness, readiness });
    });
  }
});

describe("The labels of a Dockerfile with build arguments", () => {
  const folder = temporaryFolder();
  const read = (lines: string[], buildArgs: Record<string, string> = {}): string | undefined => {
    folder.write({ Dockerfile: [...lines, ""].join("\n") });
    return readHealthLabels(folder.path(), buildArgs).liveness;
  };
  const label = "LABEL kubernetes-django.liveness";

  it("have the stack's values before the defaults, where the stage names the argument", () => {
    const lines = ["FROM scratch", "ARG P=/default", `${label}=$P`];
    assert.equal(read(lines), "/default");
    assert.equal(read(lines, { P: "/own" }), "/own");
    assert.equal(read(["FROM scratch", `${label}=\${P:-/none}`], { P: "/own" }), "/none");
  });

  it("have those from before the first stage, where the stage names the argument", () => {
    const lines = ["ARG P=/default", "ARG BASE=first", "FROM scratch AS first", "ARG P", `${label}=$P`, "FROM $BASE"];
    assert.equal(read(lines), "/default");
    assert.equal(read(lines, { P: "/own" }), "/own");
    assert.equal(read(lines, { BASE: "scratch" }), undefined);
    assert.equal(read(["ARG P=/default", "FROM scratch", `${label}=\${P:-/none}`]), "/none");
  });

  for (const [what, line, message] of [
    [
      "a variable that is not set",
      `${label}=$HEALTH`,
      "is $HEALTH, and HEALTH has no value there; set it before the label with `ARG HEALTH=/healthz`, or write the path itself.",
    ],
    [
      "a replacement, which only the builder makes",
      `ARG P=/a\n${label}=\${P#/}`,
      "is ${P#/}, and P has no value there; set it before the label with `ARG P=/healthz`, or write the path itself.",
    ],
    ["what is no path", `${label}=healthz`, 'is "healthz": allowed is the path of a URL; begin it with a /.'],
    ["a path with a blank", `${label}="/a b"`, 'is "/a b": allowed is the path of a URL; begin it with a /.'],
  ] as const) {
    it(`are refused for ${what}`, () => {
      assert.throws(
        () => read(["FROM scratch", line]),
        isProblem(`Label kubernetes-django.liveness in ${folder.path("Dockerfile")} ${message}`),
      );
    });
  }
});

describe("The labels of app/Dockerfile", () => {
  it("name the paths that answer health checks", () => {
    assert.deepEqual(readHealthLabels(path.join(checkout, "app")), { liveness: "/healthz", readiness: "/readyz" });
  });
});
