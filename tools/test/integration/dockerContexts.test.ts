import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import execa from "execa";

import { cliDaemon } from "../../../components/targets/dockerCli";
import { thisHost } from "../../../components/targets/host";
import { Problem } from "../../../components/problem";
import { writeCertificate } from "../../../test/unit/helpers/certificates";
import { Checkout } from "./helpers/checkout";
import { availableBuilder, getTools } from "./helpers/cluster";
import { Workspace } from "./helpers/workspace";

/** What the real CLI says, with contexts that it made itself. */
describe("the daemon of the docker CLI", () => {
  let home: string;
  let cli: string;

  const docker = async (
    environment: NodeJS.ProcessEnv,
    ...args: string[]
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> => {
    const env = { PATH: process.env["PATH"], HOME: home, ...environment };
    return await execa(cli, args, { env, extendEnv: false, reject: false });
  };

  before(async () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "kubernetes-django-docker-"));
    cli = path.join((await getTools()).cluster.engine.folder, "docker");
    writeCertificate(home);
    const contexts = {
      colima: "host=unix:///colima.sock",
      remote: `host=tcp://10.0.0.1:2376,ca=${path.join(home, "ca.pem")}`,
      shell: "host=ssh://me@build.test",
    };
    for (const [name, endpoint] of Object.entries(contexts)) {
      const { exitCode, stderr } = await docker({}, "context", "create", name, "--docker", endpoint);
      assert.equal(exitCode, 0, stderr);
    }
    await docker({}, "context", "use", "colima");
  });
  after(() => {
    fs.rmSync(home, { recursive: true, force: true });
  });

  const environments: NodeJS.ProcessEnv[] = [
    {},
    { DOCKER_CONTEXT: "remote" },
    { DOCKER_CONTEXT: "shell" },
    { DOCKER_CONTEXT: "default" },
    { DOCKER_CONTEXT: "gone" },
    { DOCKER_HOST: "", DOCKER_CONTEXT: "" },
    { DOCKER_HOST: "unix:///other.sock", DOCKER_CONTEXT: "remote" },
    { DOCKER_HOST: "build.test:1234" },
    { DOCKER_HOST: "tcp://build.test" },
    { DOCKER_HOST: "tcp://build.test", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/gone" },
    { DOCKER_HOST: "http://build.test:2375" },
    { DOCKER_CONFIG: "/elsewhere" },
  ];
  for (const environment of environments) {
    const shown = Object.entries(environment).map(([name, value]) => `${name}=${value ?? ""}`);
    it(`is found without it, with ${shown.join(" ") || "a context in use"}`, async () => {
      const inspect = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
      const { exitCode, stdout, stderr } = await docker(environment, ...inspect);
      const find = (): string => cliDaemon({ ...thisHost, home, environment }).address.host;
      if (exitCode === 0) {
        assert.equal(find(), stdout.trim());
      } else {
        assert.throws(find, Problem, stderr);
      }
    });
  }
});

describe("a stack on Docker Desktop, in a shell whose `docker` leads elsewhere", () => {
  let checkout: Checkout;
  let elsewhere: NodeJS.ProcessEnv;
  const name = `elsewhere-${process.pid}`;

  before(async () => {
    // No pod has to start: what is built tells which daemon it was.
    const config = { target: "docker-desktop", builder: await availableBuilder(), debug: true, replicas: "0" };
    const place = { namespace: name, imageRepository: name };
    const workspace = await Workspace.create(await getTools(), "dev", { ...config, ...place });
    checkout = new Checkout(workspace);
    const folder = checkout.path("docker-config");
    fs.cpSync(workspace.environment["DOCKER_CONFIG"] ?? "", folder, { recursive: true });
    elsewhere = { DOCKER_CONFIG: folder, DOCKER_HOST: undefined };
    for (const args of [
      ["create", "elsewhere", "--docker", "host=unix:///elsewhere.sock"],
      ["use", "elsewhere"],
    ]) {
      const { exitCode, output } = await workspace.run("docker", ["context", ...args], elsewhere);
      assert.equal(exitCode, 0, output);
    }
  });
  after(async () => {
    await checkout.workspace.deleteNamespaces(name);
    await checkout.clean(name);
  });

  it("is built by `npm run up` on Desktop's daemon, with a context in use and another daemon's TLS settings", async () => {
    const leftover = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/gone" };
    const { exitCode, output } = await checkout.npmWith({ ...elsewhere, ...leftover }, "up", "dev");
    assert.equal(exitCode, 0, output);
    const image = (await checkout.state("dev")).deployment.resources?.[0]?.outputs?.["image"];
    const found = await checkout.workspace.docker("image", "inspect", "--format", "{{.Os}}", String(image));
    assert.deepEqual([found.exitCode, found.output], [0, "linux"]);
  });
});
