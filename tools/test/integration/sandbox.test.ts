import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { clusterEnvironment, isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { readSysctls, run } from "../../sandbox/cluster/host";
import { clusterFiles, clusterFolder, isolated, local } from "../../sandbox/cluster/kinds";
import { until } from "../../waiting";
import { getTools, skip, startedByTests } from "./helpers/cluster";
import { hostState, traces } from "./helpers/traces";

describe("the isolated sandbox", () => {
  let environment: NodeJS.ProcessEnv;
  let initial: Record<string, unknown>;

  before(async function () {
    if (await isRunning(isolated)) {
      skip(this, "it was running before the tests");
    }
    environment = await clusterEnvironment(isolated, (await getTools()).cluster);
    initial = await stateBesideLocal();
  });
  after(async () => {
    await stopCluster(isolated);
  });

  it("comes up beside the local one, with a Docker daemon of its own behind TLS", async () => {
    assert.deepEqual(await startCluster(isolated), { started: true });
    assert.equal(await isRunning(local), true);
    const tls = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: clusterFiles(isolated).dockerCerts };
    const remote = { ...environment, ...tls, DOCKER_HOST: "tcp://192.168.49.2:2376" };
    const id = async (variables: NodeJS.ProcessEnv): Promise<string> =>
      await run(variables, ["docker", "info", "--format", "{{.ID}}"]);
    const localDaemon = { ...environment, DOCKER_HOST: `unix://${clusterFiles(local).dockerSocket}` };
    assert.notEqual(await id(remote), await id(localDaemon));
    await assert.rejects(run({ ...environment, DOCKER_HOST: "tcp://192.168.49.2:2376" }, ["docker", "info"]));
  });

  it("is found running by a second start, which does nothing", async () => {
    assert.deepEqual(await startCluster(isolated), { started: false });
  });

  it("comes up again after its processes were killed", async () => {
    for (const name of ["dockerd", "kubelet", "etcd"]) {
      const { pid } = JSON.parse(
        fs.readFileSync(path.join(clusterFolder(isolated), "run", `${name}.json`), "utf8"),
      ) as { pid: number };
      process.kill(pid, "SIGKILL");
    }
    assert.deepEqual(await startCluster(isolated), { started: true });
    assert.equal(await isRunning(isolated), true);
  });

  // The local one may have changed them since it started; the tests below look at them.
  const stateBesideLocal = async (): Promise<Record<string, unknown>> => ({
    ...(await hostState(environment, /KUBE-/)),
    sysctls: undefined,
  });

  it("leaves no process, mount, namespace, rule, link or control group behind", async () => {
    assert.deepEqual(await stopCluster(isolated), { stopped: true });
    assert.deepEqual(await traces(isolated), []);
    assert.deepEqual(await stateBesideLocal(), initial);
  });
});

describe("the local sandbox", () => {
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    if (!startedByTests()) {
      skip(this, "it was running before the tests and stays");
    }
    environment = await clusterEnvironment(local, (await getTools()).cluster);
    await stopCluster(local);
  });
  after(async () => {
    await startCluster(local);
  });

  it("leaves nothing behind when it stops", async () => {
    const clean = await hostState(environment);
    await startCluster(local);
    assert.notDeepEqual(await hostState(environment), clean);
    await stopCluster(local);
    assert.deepEqual(await traces(local), []);
    assert.deepEqual(await hostState(environment), clean);
  });

  it("keeps the kernel's settings when another sandbox stops beside it, and puts them back in the end", async function () {
    if (await isRunning(isolated)) {
      skip(this, "the isolated sandbox was running before the tests");
    }
    const clean = await hostState(environment);
    await startCluster(local);
    await startCluster(isolated);
    await stopCluster(isolated);
    // Without it no NodePort answers at localhost.
    const localnet = "net/ipv4/conf/all/route_localnet";
    assert.deepEqual(await readSysctls([localnet]), { [localnet]: "1" });
    await stopCluster(local);
    assert.deepEqual(await hostState(environment), clean);
  });

  it("neither uses nor disturbs a Docker Engine of the user's", async function () {
    if (fs.existsSync("/sys/class/net/docker0")) {
      skip(this, "this machine has a docker0 already");
    }
    const user = await UserEngine.start(environment);
    try {
      const initial = await hostState(environment);
      await startCluster(local);
      assert.equal(await user.docker("ps", "--quiet", "--no-trunc"), user.container);
      assert.equal(await user.docker("image", "ls", "--format", "{{.Repository}}"), "users-own");
      const during = await hostState(environment);
      for (const rule of initial["iptables"] as string[]) {
        assert.ok((during["iptables"] as string[]).includes(rule), rule);
      }
      await stopCluster(local);
      assert.equal(await user.docker("ps", "--quiet", "--no-trunc"), user.container);
      assert.deepEqual(await hostState(environment), initial);
    } finally {
      await user.stop();
    }
  });
});

/** A Docker Engine as a user has it: the default bridge docker0, its own iptables chains, a container with a port. */
class UserEngine {
  container = "";

  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly daemon: ChildProcess,
    private readonly rules: string,
  ) {}

  static async start(environment: NodeJS.ProcessEnv): Promise<UserEngine> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "users-docker-"));
    const rules = await run(environment, ["iptables-save"]);
    const places = ["data-root", "exec-root", "pidfile"].map((name) => `--${name}=${folder}/${name}`);
    const runtime = path.join(folder, "runc");
    const wrapper = path.join(clusterFolder(local), "runc-clamped");
    const isWrapped = fs.existsSync(wrapper);
    if (isWrapped) {
      fs.copyFileSync(wrapper, runtime);
    }
    const runtimes = isWrapped ? [`--add-runtime=clamped=${runtime}`, "--default-runtime=clamped"] : [];
    const daemon = spawn("dockerd", [...places, ...runtimes, `--host=unix://${folder}/docker.sock`], {
      env: environment,
      stdio: "ignore",
    });
    const engine = new UserEngine(folder, environment, daemon, rules);
    await until(async () => await engine.docker("version"), { seconds: 10 });
    const { pause } = (await getTools()).cluster;
    await run(environment, ["tar", "-C", path.dirname(pause), "-cf", `${folder}/image.tar`, "pause"]);
    await engine.docker("import", "--change", 'ENTRYPOINT ["/pause"]', `${folder}/image.tar`, "users-own");
    engine.container = await engine.docker("run", "--detach", "--publish", "127.0.0.1:18999:80", "users-own");
    return engine;
  }

  async docker(...args: string[]): Promise<string> {
    return await run({ ...this.environment, DOCKER_HOST: `unix://${this.folder}/docker.sock` }, ["docker", ...args]);
  }

  async stop(): Promise<void> {
    await this.docker("rm", "--force", this.container);
    const ended = new Promise((resolve) => this.daemon.once("exit", resolve));
    this.daemon.kill("SIGTERM");
    await ended;
    await run(this.environment, ["ip", "link", "delete", "docker0"]);
    await run(this.environment, ["iptables-restore"], `${this.rules}\n`);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
