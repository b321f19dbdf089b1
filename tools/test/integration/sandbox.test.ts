import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import execa from "execa";

import {
  clusterEnvironment,
  isRunning,
  startCluster,
  stopCluster,
  stopUnlessUsed,
} from "../../sandbox/cluster/cluster";
import { docker } from "../../sandbox/cluster/dockerCli";
import { readSysctls, run } from "../../sandbox/cluster/host";
import { clusterData, clusterFiles, clusterFolder, isolated, local } from "../../sandbox/cluster/kinds";
import { readPlan } from "../../sandbox/cluster/plan";
import { startTime } from "../../sandbox/cluster/processes";
import { baseImage } from "../../sandbox/images/baseImage";
import { until, untilTrue } from "../../waiting";
import { getTools, skip, startedByTests, untilRunning } from "./helpers/cluster";
import { EarlierRelease } from "./helpers/earlierRelease";
import { Kubectl } from "./helpers/kubectl";
import { Neighbour } from "./helpers/neighbour";
import { enteredByOthers, filesOf, listeningOf } from "./helpers/otherUser";
import { whileStopped } from "./helpers/standstill";
import { hostState, traces } from "./helpers/traces";

const connect = async (host: string, port: number): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    const socket = net.connect({ host, port }, resolve).on("error", reject);
    socket.on("connect", () => socket.destroy());
  });
};

/** A service that is reached at a port of the node, and leads to one address. */
const serviceOf = (address: string, nodePort: number): object[] => [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "reached", namespace: "default" },
    spec: { type: "NodePort", ports: [{ port: 80, targetPort: 8000, nodePort }] },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "reached", namespace: "default", labels: { "kubernetes.io/service-name": "reached" } },
    addressType: "IPv4",
    ports: [{ port: 8000, protocol: "TCP" }],
    endpoints: [{ addresses: [address] }],
  },
];

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
    await untilRunning(local);
    const tls = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: clusterFiles(isolated).dockerCerts };
    const remote = { ...environment, ...tls, DOCKER_HOST: "tcp://192.168.49.2:2376" };
    const id = async (variables: NodeJS.ProcessEnv): Promise<string> =>
      await run(variables, ["docker", "info", "--format", "{{.ID}}"]);
    const localDaemon = { ...environment, DOCKER_HOST: `unix://${clusterFiles(local).dockerSocket}` };
    assert.notEqual(await id(remote), await id(localDaemon));
    await assert.rejects(run({ ...environment, DOCKER_HOST: "tcp://192.168.49.2:2376" }, ["docker", "info"]));
  });

  it("lets no other user of this machine read or write anything, and neither does the local one", async () => {
    const kinds = [local, isolated];
    const listening = kinds.map(listeningOf);
    // What listens at a loopback address of a node's own is out of reach.
    const tcp = [...(listening[0]?.tcp ?? []), ...(listening[1]?.tcp ?? []).filter(({ host }) => !/^127\./.test(host))];
    const sockets = listening.flatMap((each) => each.sockets);
    const files = kinds.flatMap(filesOf);
    // It is an empty list that would prove nothing.
    assert.ok(tcp.some(({ port }) => port === 8443));
    assert.ok(sockets.some((name) => name.endsWith("/docker.sock")));
    assert.ok(files.some((name) => name.endsWith("/pki/cluster-ca-key.pem")));
    const { entered, answered, uid } = await enteredByOthers({ tcp, sockets, files });
    assert.equal(uid, 65534);
    assert.equal(answered, tcp.length * 22);
    assert.deepEqual(entered, []);
    assert.deepEqual(
      listening.flatMap((each) => each.udp),
      [],
    );
    const modes = kinds.flatMap((kind) => [clusterFolder(kind), clusterData(kind), clusterFiles(kind).kubeconfig]);
    assert.deepEqual(
      modes.map((file) => fs.statSync(file).mode & 0o077),
      modes.map(() => 0),
    );
  });

  it("refuses what a neighbour sends to its pods and ports, and so does the local one", async () => {
    const kubectl = await Kubectl.of(local);
    const plan = await readPlan(clusterFolder(local));
    const { podNetwork = "", ports } = plan ?? {};
    const server = http.createServer((_, response) => response.end("here")).listen(0);
    const serve = ["run", "--detach", "--rm", baseImage, "python3", "-m", "http.server", "8000"];
    const container = await docker(local, kubectl.environment, serve);
    const ask = ["inspect", "--format", "{{.NetworkSettings.IPAddress}}", container];
    const pod = await docker(local, kubectl.environment, ask);
    const neighbour = await Neighbour.join(environment, [
      `${podNetwork}.0.0/16`,
      "192.168.49.0/24",
      "127.0.0.1/32",
      "10.96.0.0/16",
    ]);
    // Of those that the cluster gives to no Service by itself while it has others.
    const nodePort = 30042;
    await kubectl.apply(...serviceOf(pod, nodePort));
    const service = ["get", "service", "reached", "--namespace", "default", "--output", "jsonpath={.spec.clusterIP}"];
    const clusterIp = await kubectl.run(service);
    try {
      const targets: [string, number][] = [
        [pod, 8000],
        [`${podNetwork}.0.1`, ports?.kubelet ?? 0],
        ["192.168.49.2", 8443],
        ["192.168.49.2", 2376],
        ["127.0.0.1", nodePort],
        [clusterIp, 80],
      ];
      for (const [host, port] of targets) {
        await until(
          async () => {
            await connect(host, port);
          },
          { seconds: 120 },
        );
        assert.equal(await neighbour.connect(host, port), "no answer", `${host}:${port}`);
      }
      const { port } = server.address() as AddressInfo;
      // The route works, and localhost is this machine's alone although packets for it are routed.
      await until(
        async () => {
          assert.equal(await neighbour.connect(Neighbour.here, port), "connected");
        },
        { seconds: 120 },
      );
      assert.equal(await neighbour.connect("127.0.0.1", port), "no answer");
    } finally {
      await neighbour.leave();
      server.close();
      await docker(local, kubectl.environment, ["rm", "--force", container]);
      await kubectl.run(["delete", "service", "reached", "--namespace", "default"]);
    }
  });

  it("is found running by a second start, which does nothing", async () => {
    assert.deepEqual(await startCluster(isolated), { started: false });
  });

  /** Writes 200 objects and stops in the middle. Returns the names of those that the API server has acknowledged. */
  const writeUntil = async (kubectl: Kubectl, labels: object, interrupt: () => void): Promise<string[]> => {
    const items = Array.from({ length: 200 }, (_, index) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `written-${process.pid}-${index}`, namespace: "default", labels },
    }));
    const args = ["create", "--kubeconfig", clusterFiles(isolated).kubeconfig, "--output", "name", "--filename", "-"];
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const writing = execa("kubectl", args, { env: kubectl.environment, extendEnv: false, reject: false, input });
    let told = "";
    const names = (): string[] => told.split("\n").slice(0, -1);
    writing.stdout?.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (names().length >= 100 && !writing.killed) {
        interrupt();
        writing.kill();
      }
    });
    const { stderr } = await writing;
    assert.ok(names().length >= 100, stderr);
    return names();
  };

  it("comes up again after its processes were killed, with all that was written by then", async () => {
    const kill = (name: string): void => {
      const record = path.join(clusterFolder(isolated), "run", `${name}.json`);
      process.kill((JSON.parse(fs.readFileSync(record, "utf8")) as { pid: number }).pid, "SIGKILL");
    };
    const kubectl = await Kubectl.of(isolated);
    const written = await writeUntil(kubectl, { written: "here" }, () => {
      kill("etcd");
    });
    kill("dockerd");
    kill("kubelet");
    assert.deepEqual(await startCluster(isolated), { started: true });
    await untilRunning(isolated);
    const all = ["--namespace", "default", "--selector", "written=here", "--output", "name"];
    const there = (await kubectl.run(["get", "configmaps", ...all])).split("\n");
    assert.deepEqual(
      written.filter((name) => !there.includes(name)),
      [],
    );
    await kubectl.run(["delete", "--raw", "/api/v1/namespaces/default/configmaps?labelSelector=written%3Dhere"]);
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
  let earlier: EarlierRelease;

  before(async function () {
    if (!startedByTests()) {
      skip(this, "it was running before the tests and stays");
    }
    environment = await clusterEnvironment(local, (await getTools()).cluster);
    earlier = new EarlierRelease();
    await stopCluster(local);
  });
  after(async () => {
    await startCluster(local);
  });

  /** Loads what starts the sandbox in a process of its own, and returns what has it start it. */
  const loadElsewhere = async (): Promise<() => execa.ExecaChildProcess> => {
    const script = `
      const { startCluster } = require("./tools/sandbox/cluster/cluster");
      const { local } = require("./tools/sandbox/cluster/kinds");
      const start = async () => console.log(JSON.stringify(await startCluster(local)));
      process.stdin.once("end", () => void start()).resume();
      console.error("loaded");
    `;
    const project = path.resolve(__dirname, "../../..");
    const command = ["--require", "ts-node/register/transpile-only", "--eval", script];
    const other = execa(process.execPath, command, { cwd: project, stdin: "pipe" });
    await Promise.race([once(other.stderr ?? other, "data"), other]);
    return () => {
      other.stdin?.end();
      return other;
    };
  };

  it("is started once by two commands at the same time, and the second one says that it waits", async () => {
    const startElsewhere = await loadElsewhere();
    const first = startCluster(local);
    const isFree = async (): Promise<boolean> =>
      (await execa("flock", ["--nonblock", `/run/kubernetes-django-${local.name}.lock`, "true"], { reject: false }))
        .exitCode === 0;
    await untilTrue(async () => !(await isFree()), { seconds: 60 });
    const { stdout, stderr } = await startElsewhere();
    assert.deepEqual(await first, { started: true });
    assert.equal(stdout, '{"started":false}');
    assert.match(stderr, /✓ Waiting for another command, which starts or stops the sandbox/);
  });

  it("goes on running while a stack or another process uses it", async () => {
    const kubectl = await Kubectl.of(local);
    await kubectl.deleteStacks();
    const other = spawn("sleep", ["60"]);
    const { pid = 0 } = other;
    const users = path.join(clusterFolder(local), "users");
    fs.mkdirSync(users, { recursive: true });
    fs.writeFileSync(path.join(users, String(pid)), startTime(pid) ?? "");
    await stopUnlessUsed(local);
    await untilRunning(local);
    const ended = new Promise((resolve) => other.once("exit", resolve));
    other.kill();
    await ended;
    await kubectl.makeNamespace("another-stack");
    await stopUnlessUsed(local);
    await untilRunning(local);
    // As the sentence of a refused pod advises.
    await kubectl.run([
      "label",
      "namespace",
      "another-stack",
      "pod-security.kubernetes.io/enforce=baseline",
      "--overwrite",
    ]);
    await kubectl.run(["annotate", "namespace", "another-stack", "kubernetes-django/stack-id=1"]);
    await stopUnlessUsed(local);
    await untilRunning(local);
    // One that is being deleted counts no more.
    await kubectl.deleteNamespace("another-stack");
    // A guest's anchor alone, and its Deployment alone.
    await kubectl.run(["create", "namespace", "team"]);
    const guest = ["--namespace", "team"];
    const signs = [
      ["configmap", ["kubernetes-django-stack"], "kubernetes-django/anchor=true"],
      ["deployment", ["kubernetes-django", "--image=none", "--replicas=0"], "app=django"],
    ] as const;
    for (const [kind, [name, ...flags], label] of signs) {
      await kubectl.run(["create", kind, name, ...flags, ...guest]);
      await kubectl.run(["label", kind, name, label, "--overwrite", ...guest]);
      await stopUnlessUsed(local);
      await untilRunning(local);
      await kubectl.run(["delete", kind, name, ...guest]);
    }
    await kubectl.deleteNamespace("team");
    let start: Promise<{ started: boolean }> | undefined;
    await whileStopped("kube-apiserver", async () => {
      await stopUnlessUsed(local);
      start = startCluster(local);
      // Longer than one request waits: twice its time-out where TLS is not there yet.
      await setTimeout(5000);
    });
    assert.deepEqual(await start, { started: false });
    await untilRunning(local);
    await earlier.deploy(kubectl);
    await kubectl.run(["label", "namespace", earlier.namespace, "pod-security.kubernetes.io/enforce-"]);
    // One whose API does not answer in time is not stopped.
    await untilRunning(local);
    await stopUnlessUsed(local);
    assert.equal(await isRunning(local), false);
  });

  it("finds what an earlier release kept in the cache, and its pods find their volumes", async () => {
    earlier.become();
    try {
      await startCluster(local);
      assert.equal(await earlier.rows(await Kubectl.of(local)), "1");
      assert.deepEqual(fs.readdirSync(clusterData(local)).sort(), ["etcd", "id", "pki", "volumes"]);
      // The same cluster with other data is another one.
      process.env["XDG_DATA_HOME"] = "/nonexistent";
      assert.equal(await isRunning(local), false);
      await assert.rejects(startCluster(local), {
        message:
          /^The local sandbox runs with the data in .*, and not with those in \/nonexistent\/.*; set XDG_DATA_HOME to /,
      });
      assert.deepEqual(await stopCluster(local), { stopped: false });
      process.env["XDG_DATA_HOME"] = earlier.dataHome;
      await stopCluster(local);
    } finally {
      earlier.leave();
    }
  });

  it("leaves nothing behind when it stops", async () => {
    const clean = await hostState(environment);
    await startCluster(local);
    // The cluster has no pod, and the node forgot those of the test before.
    assert.deepEqual(earlier.podFolders(), []);
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
    await until(async () => await engine.docker("version"), { seconds: 120 });
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
