import assert from "node:assert/strict";
import path from "node:path";

import { resolveTarget, type Target } from "../../../components/targets/resolveTarget";
import type { Settings } from "../../../components/config/settings";
import { sandbox } from "../../../components/targets/sandbox";
import { temporaryFolder } from "../helpers/folders";
import {
  changed,
  daemonFacts,
  desktopSocket,
  fakeHost,
  type FakeHost,
  type FakeHostOptions,
  kubeconfigOf,
  settings,
} from "../helpers/host";
import { readNothing, owner } from "../helpers/prior";
import { minikubeCommands, minikubeLines } from "../helpers/minikube";

const minikube: Settings = changed(settings, { target: "minikube" });

describe("The target", () => {
  const folder = temporaryFolder();
  const home = (): string => folder.path("home");
  const hostWith = (options: FakeHostOptions = {}): FakeHost => fakeHost({ home: home(), ...options });
  const certificates = { "certs/ca.pem": "CA", "certs/cert.pem": "CERT", "certs/key.pem": "KEY" };

  beforeEach(() => {
    folder.write({ "home/.kube/config": kubeconfigOf("docker-desktop", "minikube", "staging") });
  });

  it("docker-desktop is its context, its socket and localhost", async () => {
    const host = hostWith();
    const target = await resolveTarget(settings, readNothing, host);
    assert.deepEqual(target, {
      cluster: { context: "docker-desktop", kubeconfig: undefined, clusterIdentifier: "cluster-1" },
      owner,
      daemon: { host: desktopSocket(home()), ...daemonFacts },
      builder: "docker",
      reach: { urlHost: "localhost" },
      store: { daemonId: "daemon-1", loadInto: undefined },
      registry: undefined,
      platforms: ["linux/amd64"],
      replicas: 1,
      serviceType: "NodePort",
      servicePort: 8000,
      cpuLimit: undefined,
      imagePullPolicy: "IfNotPresent",
      rolloutTimeoutSeconds: 60,
      podSecurity: "baseline",
      media: undefined,
      keptBeside: { stack: "dev", volumes: [] },
    } satisfies Target);
    assert.deepEqual(host.probed, [{ host: desktopSocket(home()) }, "https://docker-desktop:6443"]);
    assert.deepEqual(host.ran, []);
  });

  it("minikube is its context, and the daemon and the address that minikube names", async () => {
    folder.write(certificates);
    const host = hostWith({ commands: minikubeCommands({}, folder.path("certs")) });
    assert.deepEqual(await resolveTarget(minikube, readNothing, host), {
      cluster: { context: "minikube", kubeconfig: undefined, clusterIdentifier: "cluster-1" },
      owner,
      daemon: { host: "tcp://192.168.49.2:2376", certPath: folder.path("certs"), ...daemonFacts },
      builder: "docker",
      reach: { urlHost: "192.168.49.2" },
      store: { daemonId: "daemon-1", loadInto: undefined },
      registry: undefined,
      platforms: ["linux/amd64"],
      replicas: 1,
      serviceType: "NodePort",
      servicePort: 8000,
      cpuLimit: undefined,
      imagePullPolicy: "IfNotPresent",
      rolloutTimeoutSeconds: 60,
      podSecurity: "baseline",
      media: undefined,
      keptBeside: { stack: "dev", volumes: [] },
    } satisfies Target);
    const [cluster, daemon] = host.probed;
    assert.equal(cluster, "https://192.168.49.2:8443");
    assert.deepEqual(daemon, {
      host: "tcp://192.168.49.2:2376",
      certPath: folder.path("certs"),
      ca: Buffer.from("CA"),
      cert: Buffer.from("CERT"),
      key: Buffer.from("KEY"),
    });
    assert.deepEqual(host.ran.sort(), Object.values(minikubeLines).sort());
  });

  it("minikube is asked for everything at once, where it looks like one that shares its daemon", async () => {
    const config = { Driver: "docker", KubernetesConfig: { ContainerRuntime: "docker" }, Nodes: [{}] };
    folder.write({ "home/.minikube/profiles/minikube/config.json": JSON.stringify(config) });
    const host = hostWith({ commands: { ...minikubeCommands(), [minikubeLines.list]: { stdout: "{" } } });
    await assert.rejects(resolveTarget(minikube, readNothing, host), /did not answer with JSON/);
    assert.deepEqual(host.ran.sort(), Object.values(minikubeLines).sort());
  });

  it("minikube is given the image where its nodes do not run it from the daemon", async () => {
    const host = hostWith({ commands: minikubeCommands({ runtime: "containerd" }) });
    const { daemon, reach, store } = await resolveTarget(minikube, readNothing, host);
    assert.deepEqual(store, {
      daemonId: "daemon-1",
      loadInto: { profile: "minikube", clusterIdentifier: "cluster-1", dockerHost: desktopSocket(home()) },
    });
    assert.equal(daemon.host, desktopSocket(home()));
    assert.equal(reach.urlHost, "192.168.49.2");
    assert.ok(!host.ran.includes(minikubeLines.dockerEnv));
  });

  describe("minikube, whose ports are forwarded,", () => {
    const openCommand = "minikube -p minikube service -n shop web --url";
    const forwarded = (ports: string[] = []): FakeHost => {
      const variables = { DOCKER_HOST: "tcp://127.0.0.1:32771" };
      const commands = minikubeCommands({ ports });
      return hostWith({ commands: { ...commands, [minikubeLines.dockerEnv]: { stdout: JSON.stringify(variables) } } });
    };

    beforeEach(() => {
      const text = kubeconfigOf("minikube").replace("https://192.168.49.2:8443", "https://127.0.0.1:32769");
      folder.write({ "home/.kube/config": text });
    });

    it("has no URL but a command that opens one", async () => {
      const target = await resolveTarget(minikube, readNothing, forwarded());
      assert.equal(target.reach.urlHost, undefined);
      assert.equal(target.reach.openCommand?.("shop", "web"), openCommand);
    });

    it("is reached at the ports that were published", async () => {
      const target = await resolveTarget(minikube, readNothing, forwarded(["8080:30080"]));
      assert.equal(target.reach.urlHost, "127.0.0.1");
      assert.deepEqual([target.reach.urlPort?.(30080), target.reach.urlPort?.(30081)], [8080, undefined]);
      assert.equal(target.reach.openCommand?.("shop", "web"), openCommand);
    });

    it("needs no such command where the stack names the URL's host", async () => {
      const target = await resolveTarget(
        changed(minikube, { urlHost: "django.test" }),
        readNothing,
        forwarded(["8080:30080"]),
      );
      assert.deepEqual(
        [target.reach.urlHost, target.reach.urlPort, target.reach.openCommand],
        ["django.test", undefined, undefined],
      );
    });
  });

  it("minikube may have another profile, whose context has its name", async () => {
    folder.write({ "home/.kube/config": kubeconfigOf("minikube").replaceAll("minikube", "shop") });
    const commands: NonNullable<FakeHostOptions["commands"]> = {};
    for (const [line, answer] of Object.entries(minikubeCommands({ name: "shop" }))) {
      commands[line.replace("-p minikube", "-p shop")] = answer;
    }
    const target = await resolveTarget(
      changed(minikube, { minikubeProfile: "shop" }),
      readNothing,
      hostWith({ commands }),
    );
    assert.equal(target.cluster.context, "shop");
  });

  it("takes the stack's context and rollout time instead of its own", async () => {
    const chosen = changed(settings, { kubeContext: "staging", rolloutTimeoutSeconds: 90 });
    const host = hostWith();
    const { cluster, rolloutTimeoutSeconds } = await resolveTarget(chosen, readNothing, host);
    assert.deepEqual(
      { context: cluster.context, rolloutTimeoutSeconds },
      { context: "staging", rolloutTimeoutSeconds: 90 },
    );
    assert.ok(host.probed.includes("https://staging:6443"));
  });

  it("finds its context, cluster and user in whichever of KUBECONFIG's files they stand, and names none of them", async () => {
    const { contexts, clusters } = JSON.parse(kubeconfigOf("docker-desktop")) as Record<string, unknown>;
    folder.write({ contexts: JSON.stringify({ contexts }), clusters: JSON.stringify({ clusters }) });
    const environment = { KUBECONFIG: [folder.path("contexts"), folder.path("clusters")].join(path.delimiter) };
    const host = hostWith({ environment });
    assert.equal((await resolveTarget(settings, readNothing, host)).cluster.kubeconfig, undefined);
    assert.ok(host.probed.includes("https://docker-desktop:6443"));
  });

  it("minikube accepts a shell that is set to minikube's own daemon", async () => {
    const environment = { MINIKUBE_ACTIVE_DOCKERD: "minikube" };
    const host = hostWith({ environment, commands: minikubeCommands() });
    assert.equal((await resolveTarget(minikube, readNothing, host)).cluster.context, "minikube");
  });

  it("ignores an empty MINIKUBE_ACTIVE_DOCKERD", async () => {
    const host = hostWith({ environment: { MINIKUBE_ACTIVE_DOCKERD: "" } });
    assert.equal((await resolveTarget(settings, readNothing, host)).cluster.context, "docker-desktop");
  });

  describe("with builder docker-build", () => {
    const chosen = changed(settings, { builder: "docker-build" });
    const containerd = { daemon: () => Promise.resolve({ ...daemonFacts, containerdStore: true }) };

    it("accepts the daemon that DOCKER_HOST names, containerd's image store included", async () => {
      const host = hostWith({ environment: { DOCKER_HOST: desktopSocket(home()) }, endpoints: containerd });
      assert.equal((await resolveTarget(chosen, readNothing, host)).daemon.containerdStore, true);
      assert.deepEqual(host.ran, []);
    });

    it("accepts the daemon that DOCKER_HOST names, by whatever link its socket is reached", async () => {
      folder.write({
        "home/.docker/desktop/docker.sock": "",
        "docker.sock": { symlink: "home/.docker/desktop/docker.sock" },
      });
      const host = hostWith({ environment: { DOCKER_HOST: `unix://${folder.path("docker.sock")}` } });
      assert.equal((await resolveTarget(chosen, readNothing, host)).daemon.host, desktopSocket(home()));
    });
  });
});

describe("The target sandbox", () => {
  it("looks for its context in the embedded cluster's kubeconfig, whatever KUBECONFIG says", async () => {
    const { kubeconfig } = sandbox();
    const host = fakeHost({ environment: { KUBECONFIG: "/elsewhere" } });
    await assert.rejects(
      resolveTarget(changed(settings, { target: "sandbox", kubeContext: "missing" }), readNothing, host),
      (error: Error) => error.message.startsWith(`Kube context "missing" is not in ${kubeconfig}: `),
    );
  });
});
