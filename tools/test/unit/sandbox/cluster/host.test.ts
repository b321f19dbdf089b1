import assert from "node:assert/strict";

import { readSysctls, run, toolEnvironment, tryRun } from "../../../../sandbox/cluster/host";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";

describe("The environment of the sandbox's processes", () => {
  ownEnvironment();

  it("has the tools first on PATH, and nothing that points to another cluster or Docker daemon", () => {
    Object.assign(process.env, {
      PATH: "/usr/bin",
      DOCKER_HOST: "tcp://10.0.0.1:2376",
      DOCKER_CONTEXT: "other",
      MINIKUBE_ACTIVE_DOCKERD: "minikube",
      KUBECONFIG: "/other",
      BUILDX_BUILDER: "other",
      BUILDKIT_HOST: "tcp://10.0.0.1:1234",
      KUBECONFIGS: "kept",
      HTTPS_PROXY: "http://proxy",
    });
    const environment = toolEnvironment(["/tools/docker", "/tools/kubernetes"]);
    assert.equal(environment["PATH"], "/tools/docker:/tools/kubernetes:/usr/bin");
    assert.equal(environment["HTTPS_PROXY"], "http://proxy");
    assert.equal(environment["KUBECONFIGS"], "kept");
    const leaked = Object.keys(environment).filter((name) =>
      /^(DOCKER|MINIKUBE|BUILDX|BUILDKIT|KUBECONFIG$)/.test(name),
    );
    assert.deepEqual(leaked, []);
  });
});

describe("A command of the set-up", () => {
  const environment = { PATH: process.env["PATH"], NAME: "value" };

  it("returns what it prints, has the given environment only, and reads its input", async () => {
    process.env["LEAK"] = "leaked";
    try {
      assert.equal(await run(environment, ["sh", "-c", 'echo "$NAME$LEAK" && cat'], "input"), "value\ninput");
    } finally {
      Reflect.deleteProperty(process.env, "LEAK");
    }
  });

  it("that fails rejects with what it printed", async () => {
    await assert.rejects(run(environment, ["sh", "-c", "echo Operation not permitted >&2; exit 2"]), {
      message: /exit code 2.*Operation not permitted/s,
    });
  });

  it("may fail when it only cleans up", async () => {
    await tryRun(environment, ["false"]);
    await tryRun(environment, ["no-such-command"]);
  });
});

describe("The kernel's settings", () => {
  it("are read without those that this kernel does not have", async () => {
    const values = await readSysctls(["kernel/ostype", "kernel/no_such_setting"]);
    assert.deepEqual(values, process.platform === "linux" ? { "kernel/ostype": "Linux" } : {});
  });
});
