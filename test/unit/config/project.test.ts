import assert from "node:assert/strict";

import { loadSettings } from "../../../components/config/settings";
import type { ProjectPlace } from "../../../components/image/findDockerfile";
import { configure } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const load = (values: Record<string, unknown>): ProjectPlace =>
  loadSettings(configure({ target: "sandbox", debug: true, ...values })).project;

describe("The place of a project", () => {
  const unset = { dockerfile: undefined, stage: undefined };

  it("is the example, its Dockerfile wherever it is, and that one's last stage", () => {
    assert.deepEqual(load({}), { folder: "app", ...unset });
  });

  for (const [folder, read] of [
    ["../shop", "../shop"],
    ["sites/my shop", "sites/my shop"],
    [".", "."],
    ["../shop/", "../shop"],
    ["..//", ".."],
  ] as const) {
    it(`may be any folder that is relative: ${folder}`, () => {
      assert.deepEqual(load({ project: folder }), { folder: read, ...unset });
    });
  }

  it("may have a Dockerfile in a folder, and one of its stages", () => {
    assert.deepEqual(load({ dockerfile: "docker/web.Dockerfile", buildTarget: "run-stage_2.1" }), {
      folder: "app",
      dockerfile: "docker/web.Dockerfile",
      stage: "run-stage_2.1",
    });
  });

  const rules = {
    project:
      "allowed is the folder of a Django project, relative to the one with Pulumi.yaml, with forward slashes; run `pulumi config set project ../shop`.",
    dockerfile:
      "allowed is the path of a Dockerfile, relative to the project, with forward slashes; run `pulumi config set dockerfile docker/Dockerfile`.",
    buildTarget: "allowed is the name of a stage of the Dockerfile; run `pulumi config set buildTarget production`.",
  };
  const absolute = ["/srv/shop", "~/shop", "C:/shop", "..\\shop", "a\nb"];
  const refused: Record<keyof typeof rules, string[]> = {
    project: absolute,
    dockerfile: absolute,
    buildTarget: ["0", "-a", "a b", "a/b"],
  };
  for (const [key, rule] of Object.entries(rules)) {
    for (const value of refused[key as keyof typeof rules]) {
      it(`is refused: ${key} ${JSON.stringify(value)}, with what is allowed`, () => {
        assert.throws(() => load({ [key]: value }), isProblem(`Config key "${key}" is "${value}": ${rule}`));
      });
    }
  }

  it("is refused where the stack takes the default away", () => {
    assert.throws(() => load({ project: "" }), isProblem(`Config key "project" is not set: ${rules.project}`));
  });
});
