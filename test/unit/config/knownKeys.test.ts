import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownKeys } from "../../../components/config/knownKeys";
import { loadSettings } from "../../../components/config/settings";
import { Problem } from "../../../components/problem";
import { configure } from "../helpers/config";
import { isProblem } from "../helpers/problems";

describe("Config keys", () => {
  for (const [key, shown, nearest] of [
    ["kubernetes-django:replica", "replica", "replicas"],
    ["kubernetes-django:Replicas", "Replicas", "replicas"],
    ["kubernetes-django:memory-limit", "memory-limit", "memoryLimit"],
    ["kubernetes-django:REPLICAS", "REPLICAS", "replicas"],
    ["kubernetes-django:memory_limit", "memory_limit", "memoryLimit"],
    ["kubernetes-djano:replicas", "kubernetes-djano:replicas", "kubernetes-django:replicas"],
    ["Kubernetes-Django:debug", "Kubernetes-Django:debug", "kubernetes-django:debug"],
    ["kubernetes_django:debug", "kubernetes_django:debug", "kubernetes-django:debug"],
    ["kubernetesdjango:replica", "kubernetesdjango:replica", "kubernetes-django:replicas"],
  ] as const) {
    it(`of this project that do not exist are refused with the nearest one: ${key}`, () => {
      const name = nearest.replace(/.*:/, "");
      assert.throws(
        () => {
          refuseUnknownKeys("kubernetes-django", ["kubernetes-django:target", key]);
        },
        isProblem(
          `Config key "${shown}" does not exist: the nearest one is "${nearest}"; run \`pulumi config rm ${shown}\`, and \`pulumi config set ${name} VALUE\` if you meant that.`,
        ),
      );
    });
  }

  for (const [key, advice] of [
    ["envs", "`pulumi config set --path env.NAME VALUE`"],
    ["secret_key", "`pulumi config set --secret secretKey`"],
    ["process", "`pulumi config set --path processes.NAME.command COMMAND`"],
  ] as const) {
    it(`that do not exist are refused with the command that sets the nearest one: ${key}`, () => {
      assert.throws(
        () => {
          refuseUnknownKeys("kubernetes-django", [`kubernetes-django:${key}`]);
        },
        (error) => error instanceof Problem && error.help?.includes(advice) === true,
      );
    });
  }

  for (const [key, shown, map, setting] of [
    ["env.A", "env.A", "env", "--path env.A"],
    ["secretEnv.A", "secretEnv.A", "secretEnv", "--secret --path secretEnv.A"],
    ['env["a.b"]', `'env["a.b"]'`, "env", `--path 'env["a.b"]'`],
    ["processes.worker.command", "processes.worker.command", "processes", "--path processes.worker.command"],
  ] as const) {
    it(`that were set without --path are refused with it: ${key}`, () => {
      assert.throws(
        () => {
          refuseUnknownKeys("kubernetes-django", [`kubernetes-django:${key}`]);
        },
        isProblem(
          `Config key "${key}" does not exist: what is in "${map}" is set by its path; run \`pulumi config rm ${shown}\` and \`pulumi config set ${setting} VALUE\`.`,
        ),
      );
    });
  }

  it("of Pulumi, of providers and of a user's own resources pass", () => {
    refuseUnknownKeys("kubernetes-django", [
      "pulumi:disable-default-providers",
      "docker:host",
      "docker-build:host",
      "kubernetes:namespace",
      "django:replicas",
      "aws:region",
      "shop:replica",
    ]);
  });

  it("are looked at before their values, as what was misspelt is not set", () => {
    configure({ target: "" });
    pulumi.runtime.setConfig("kubernetes-django:tarjet", "sandbox");
    assert.throws(
      () => loadSettings(new pulumi.Config("kubernetes-django")),
      isProblem(
        'Config key "tarjet" does not exist: the nearest one is "target"; run `pulumi config rm tarjet`, and `pulumi config set target VALUE` if you meant that.',
      ),
    );
  });
});
