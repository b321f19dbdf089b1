import assert from "node:assert/strict";
import fs from "node:fs";
import { mock } from "node:test";

import {
  maySetResources,
  readSysctls,
  run,
  toolEnvironment,
  tryRun,
  writeSysctls,
} from "../../../../sandbox/cluster/host";
import { ownEnvironment } from "../../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

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
  const folder = temporaryFolder();

  it("are read without those that this kernel does not have", async () => {
    const values = await readSysctls(["kernel/ostype", "kernel/no_such_setting"]);
    assert.deepEqual(values, process.platform === "linux" ? { "kernel/ostype": "Linux" } : {});
  });

  it("are written where they differ, and those that this kernel does not have are ignored", async () => {
    folder.write({ same: "1\n", other: "0\n" });
    // Relative to /proc/sys.
    const setting = (name: string): string => `../..${folder.path(name)}`;
    await writeSysctls({ [setting("same")]: "1", [setting("other")]: "1", [setting("no/such")]: "1" });
    // A file that was written has lost its line break.
    assert.equal(fs.readFileSync(folder.path("same"), "utf8"), "1\n");
    assert.equal(fs.readFileSync(folder.path("other"), "utf8"), "1");
    assert.equal(fs.existsSync(folder.path("no")), false);
  });
});

describe("A process's right to lower an out-of-memory score", () => {
  afterEach(() => {
    mock.restoreAll();
  });

  for (const [capabilities, may] of [
    ["000001ffffffffff", true],
    ["0000000001000000", true],
    ["000001fffeffffff", false],
    ["0000000000000000", false],
  ] as const) {
    it(`is ${may ? "there" : "missing"} with the capabilities ${capabilities}`, async () => {
      const status = `Name:\tnode\nCapEff:\t0000000001000000\nCapBnd:\t${capabilities}\n`;
      mock.method(fs.promises, "readFile", () => Promise.resolve(status));
      assert.equal(await maySetResources(), may);
    });
  }
});
