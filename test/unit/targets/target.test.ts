import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { resolveTarget, type Target } from "../../../components/targets/resolveTarget";
import type { Settings } from "../../../components/config/settings";
import type { FlatSettings } from "../helpers/config";
import { temporaryFolder } from "../helpers/folders";
import {
  changed,
  daemonFacts,
  desktopSocket,
  fakeHost,
  type FakeHostOptions,
  kubeconfigOf,
  sharedSettings,
  systemError,
} from "../helpers/host";
import { readNothing, owner } from "../helpers/prior";
import { isProblem } from "../helpers/problems";

describe("The target cluster", () => {
  const folder = temporaryFolder();
  const resolve = async (more: Partial<FlatSettings> = {}, options: FakeHostOptions = {}): Promise<Target> =>
    await resolveTarget(changed(sharedSettings, more), readNothing, fakeHost({ home: folder.path(), ...options }));
  const refuse = async (more: Partial<FlatSettings>, options: FakeHostOptions, message: string): Promise<void> => {
    await assert.rejects(resolve(more, options), isProblem(message));
  };

  beforeEach(() => {
    folder.write({ ".kube/config": kubeconfigOf("production") });
  });

  it("is the context that the stack names, this machine's Docker daemon and the repository's registry", async () => {
    const host = fakeHost({ home: folder.path() });
    assert.deepEqual(await resolveTarget(sharedSettings, readNothing, host), {
      cluster: { context: "production", kubeconfig: undefined, clusterIdentifier: "cluster-1" },
      owner,
      daemon: { host: desktopSocket(folder.path()), ...daemonFacts },
      builder: "docker",
      reach: { urlHost: undefined },
      store: { address: "registry.test", user: undefined, keepsCache: false },
      registry: undefined,
      platforms: ["linux/amd64"],
      replicas: 2,
      serviceType: "LoadBalancer",
      servicePort: 80,
      cpuLimit: "1",
      imagePullPolicy: "Always",
      rolloutTimeoutSeconds: 120,
      podSecurity: "restricted",
      media: undefined,
      keptBeside: { stack: "dev", volumes: [] },
    } satisfies Target);
    assert.deepEqual(host.probed, [{ host: desktopSocket(folder.path()) }, "https://production:6443"]);
    assert.deepEqual(host.ran, []);
  });

  it("gives those who push and those who pull the registry's user", async () => {
    const registryPassword = pulumi.secret("t0ken");
    const { store, registry } = await resolve({ registryUsername: "me", registryPassword });
    const user = { address: "registry.test", username: "me", password: registryPassword };
    assert.deepEqual(
      { store, registry },
      {
        store: { address: "registry.test", user, keepsCache: false },
        registry: user,
      },
    );
  });

  it("keeps the build's cache in the registry where the daemon can", async () => {
    const options: FakeHostOptions = {
      environment: { DOCKER_HOST: desktopSocket(folder.path()) },
      endpoints: { daemon: () => Promise.resolve({ ...daemonFacts, containerdStore: true }) },
    };
    const { store, platforms } = await resolve(
      { builder: "docker-build", platform: "linux/amd64,linux/arm64" },
      options,
    );
    assert.deepEqual(store, { address: "registry.test", user: undefined, keepsCache: true });
    assert.deepEqual(platforms, ["linux/amd64", "linux/arm64"]);
  });

  it("builds for its nodes on a machine of another kind", async () => {
    const endpoints = { daemon: () => Promise.resolve({ ...daemonFacts, platform: "linux/arm64" }) };
    assert.deepEqual((await resolve({}, { endpoints })).platforms, ["linux/amd64"]);
  });

  it("takes the stack's numbers, limits and host instead of its own", async () => {
    const chosen = { replicas: 5, cpuLimit: "2", rolloutTimeoutSeconds: 600, urlHost: "shop.test" };
    const { replicas, cpuLimit, rolloutTimeoutSeconds, reach } = await resolve(chosen);
    assert.deepEqual({ replicas, cpuLimit, rolloutTimeoutSeconds, urlHost: reach.urlHost }, chosen);
  });

  it("publishes nothing itself behind an Ingress", async () => {
    assert.equal((await resolve({ ingressHost: "shop.test" })).serviceType, "ClusterIP");
  });

  it("refuses what works only on a cluster of one's own before anything is asked", async () => {
    const host = fakeHost({ home: folder.path() });
    await assert.rejects(
      resolveTarget(changed(sharedSettings, { kubeContext: undefined }), readNothing, host),
      isProblem(
        'Config key "kubeContext" is not set: target "cluster" has no context of its own; look with `kubectl config get-contexts`, then run `pulumi config set kubeContext NAME`.',
      ),
    );
    assert.deepEqual([host.ran, host.probed], [[], []]);
  });

  it("is refused with how to look for its context", async () => {
    await refuse(
      { kubeContext: "prod" },
      {},
      `Kube context "prod" is not in ${folder.path(".kube", "config")}: there are production; look with \`kubectl config get-contexts\` and \`kubectl --context prod cluster-info\`, or run \`pulumi config set kubeContext NAME\`.`,
    );
  });

  it("is refused with how to look when it does not answer", async () => {
    await refuse(
      {},
      { endpoints: { cluster: () => Promise.reject(systemError("ETIMEDOUT")) } },
      'The cluster of kube context "production" at https://production:6443 cannot be reached (ETIMEDOUT); look with `kubectl config get-contexts` and `kubectl --context production cluster-info`.',
    );
  });

  it("is refused with all that were looked for and how to start Docker, which builds the image", async () => {
    const others = [
      ".docker/run/docker.sock",
      ".colima/default/docker.sock",
      ".config/colima/default/docker.sock",
      ".orbstack/run/docker.sock",
      ".rd/docker.sock",
    ].map((file) => `unix://${folder.path(file)}`);
    await refuse(
      {},
      { endpoints: { daemon: () => Promise.reject(systemError("ENOENT")) } },
      `No Docker daemon was found for target "cluster": ${desktopSocket(folder.path())} (ENOENT); nothing is at unix:///var/run/docker.sock, ${others.join(", ")}; start Docker, which builds the image.`,
    );
  });

  it("is refused in a shell that is set to a minikube's daemon", async () => {
    await refuse(
      {},
      { environment: { MINIKUBE_ACTIVE_DOCKERD: "minikube" } },
      'This shell is set to the Docker daemon of the minikube profile "minikube" (MINIKUBE_ACTIVE_DOCKERD), and target "cluster" builds on another; run `eval $(minikube docker-env --unset)`.',
    );
  });
});

describe("A target of one's own", () => {
  const folder = temporaryFolder();

  it("takes the stack's limit of CPU, and has none of its own", async () => {
    folder.write({ ".kube/config": kubeconfigOf("docker-desktop") });
    const chosen: Settings = changed(sharedSettings, { target: "docker-desktop", kubeContext: undefined });
    const limit = async (cpuLimit?: string): Promise<unknown> =>
      (await resolveTarget(changed(chosen, { cpuLimit }), readNothing, fakeHost({ home: folder.path() }))).cpuLimit;
    assert.deepEqual([await limit(), await limit("500m")], [undefined, "500m"]);
  });

  it("refuses a user of a registry, to which nothing is pushed", async () => {
    const chosen: Settings = changed(sharedSettings, { target: "docker-desktop", registryUsername: "me" });
    await assert.rejects(
      resolveTarget(chosen, readNothing, fakeHost({ home: folder.path() })),
      isProblem(
        'Config key "registryUsername" is "me": target "docker-desktop" runs the image from the daemon that built it and pushes nothing; run `pulumi config rm registryUsername` and `pulumi config rm registryPassword`.',
      ),
    );
  });
});
