import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { waitUntilServed } from "../../commands/up";
import { baseImage, databaseImage } from "../../sandbox/images/baseImage";
import { isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { ensureImage } from "../../sandbox/images/ensureImage";
import { killNode } from "../../sandbox/cluster/killNode";
import { type ClusterKind, pair, worker } from "../../sandbox/cluster/kinds";
import { installTool } from "../../sandbox/install/install";
import { figure, getTools, needPlugin, skip } from "./helpers/cluster";
import { Kubectl } from "./helpers/kubectl";
import { describeLoad, underLoad } from "./helpers/load";
import { untilPageShows } from "./helpers/page";
import { type ReadyPod, readyPods } from "./helpers/pods";
import { startPostgres } from "./helpers/postgresServer";
import { Registry } from "./helpers/registry";
import { findingsOf, readObjects, scanners } from "./helpers/scanners";
import { describeStretches, loadAround } from "./helpers/steadyLoad";
import { dockerDesktop, Workspace } from "./helpers/workspace";

const namespace = "shared-cluster";
/** Of the first node, which stands for a load balancer: it sends what comes to its own address on to any pod. */
const balancer = "192.168.50.2";
/** Seconds in which a GET that a dead node swallowed may be tried again: the figure says how many it really took. */
const grace = 15;

describe("the target cluster, with two nodes that pull from a registry that asks for a password", () => {
  let registry: Registry;
  let first: ClusterKind;
  let second: ClusterKind;
  let kubectl: Kubectl;
  let workspace: Workspace;

  before(async function () {
    this.timeout(600_000);
    await needPlugin(this, "docker-build");
    if (await isRunning(pair)) {
      skip(this, "it was running before the tests");
    }
    registry = await Registry.start();
    first = { ...pair, extraAuthority: registry.caFile, containerdStore: true };
    second = { ...worker, joins: first, extraAuthority: registry.caFile };
    await startCluster(first);
    await startCluster(second);
    await ensureImage(first, databaseImage);
    kubectl = await Kubectl.of(first);
    // What a run that was ended has left.
    await kubectl.run(["delete", "namespace", namespace, "--ignore-not-found"]);
    const config = {
      target: "cluster",
      kubeContext: "docker-desktop",
      namespace,
      debug: false,
      builder: "docker-build",
    };
    workspace = await Workspace.create(
      await getTools(),
      "cluster",
      {
        ...config,
        imageRepository: `${registry.address}/team/shop`,
        registryUsername: registry.username,
        database: "postgres",
        maxReplicas: "4",
      },
      first,
    );
    await setSecret("registryPassword", registry.password);
    await setSecret("secretKey", "k".repeat(60));
    await setSecret("databaseUrl", await startPostgres(kubectl, "managed", first.context));
  });
  after(async function () {
    this.timeout(600_000);
    await (workspace as Workspace | undefined)?.dispose();
    if ((registry as Registry | undefined) !== undefined) {
      await stopCluster(pair);
      await registry.stop();
    }
  });

  const setSecret = async (key: string, value: string): Promise<void> => {
    await workspace.pulumiOk("config", "set", "--secret", key, value);
  };
  const get = async (what: string, path: string): Promise<string> =>
    await kubectl.run(["get", "--namespace", namespace, ...what.split(" "), "--output", `jsonpath=${path}`]);
  const ready = async (): Promise<ReadyPod[]> => await readyPods(kubectl, namespace);
  /** Of pods that requests are sent to: one that only runs would leave none where the other one is deleted. */
  const nodesOfPods = async (): Promise<string[]> => (await ready()).map(({ node }) => node);
  const bothNodes = (): string => [first.context, second.context].sort().join();
  /** What the cluster says of the pods' trouble. None of the sandbox's clusters has a DNS. */
  const warnings = async (): Promise<string> =>
    await kubectl.run([
      ...["get", "events", "--namespace", namespace, "--sort-by", "lastTimestamp"],
      ...["--field-selector", "type=Warning,reason!=MissingClusterDNS,involvedObject.kind=Pod"],
    ]);
  /** What a cloud's controller does once there is a service of its type. */
  const giveAddress = async (): Promise<void> => {
    const status = { status: { loadBalancer: { ingress: [{ ip: balancer }] } } };
    const patch = ["service/kubernetes-django-service", "--subresource", "status", "--patch", JSON.stringify(status)];
    // The image is built and pushed before there is one.
    await kubectl.until(async () => {
      await kubectl.run(["patch", "--namespace", namespace, ...patch]);
      return true;
    }, 240);
  };
  /** That the registry has the image, and both nodes run it by its digest. Returns its tag. */
  const assertPushedAndRun = async (): Promise<string> => {
    const image = await workspace.output("image");
    const tag = /:([0-9a-f]{12})@sha256:[0-9a-f]{64}$/.exec(image)?.[1] ?? "";
    assert.equal(image, `${registry.address}/team/shop:${tag}@${(await registry.digest("team/shop", tag)) ?? ""}`);
    // Those of the image before serve on for a while.
    await kubectl.until(async () => {
      const images = await get("pods --selector app=django-container", "{.items[*].spec.containers[*].image}");
      return images.split(" ").every((each) => each === image) && (await nodesOfPods()).join() === bothNodes();
    });
    return tag;
  };

  it("whose daemon keeps its images in containerd's store: a local stack as it comes is built with docker-build and served", async () => {
    const asItComes = { target: "docker-desktop", debug: true, urlHost: balancer };
    const local = await Workspace.create(await getTools(), "dev", asItComes, first);
    // Docker Desktop has one node, which shares the daemon.
    await kubectl.run(["cordon", second.context]);
    try {
      const output = await local.up();
      assert.match(
        output,
        /Builder docker-build: the Docker daemon at unix:\/\/\S+ keeps its images in containerd's store/,
      );
      assert.match(output, /docker-build:index:Image +kubernetes-django +created/);
      assert.match(await waitUntilServed(await local.output("url")), /^200 The install worked successfully!/);
    } finally {
      await kubectl.run(["uncordon", second.context]);
      await local.dispose();
    }
  });

  it("pushes the image and runs it by its digest on both nodes, behind the load balancer's address", async () => {
    await Promise.all([workspace.up(), giveAddress()]);
    const url = await workspace.output("url");
    assert.equal(url, `http://${balancer}/`);
    await waitUntilServed(url, 60);
    const tag = await assertPushedAndRun();
    await untilPageShows(url, new RegExp(tag));
  });

  it("has as many pods as its autoscaler wants, and leaves their number to it", async () => {
    assert.equal(await get("hpa/kubernetes-django", "{.spec.minReplicas} {.spec.maxReplicas}"), "2 4");
    assert.match(await workspace.up(), /Resources:\n\s+\d+ unchanged/);
    assert.equal(await get("deployment/kubernetes-django", "{.spec.replicas}"), "2");
  });

  it("has the database of its URL migrated before the pods started", async () => {
    const { exitCode, output } = await workspace.run("kubectl", [
      ...["exec", "--context", "docker-desktop", "--namespace", namespace, "deployment/kubernetes-django"],
      ...["--", "python", "manage.py", "migrate", "--check"],
    ]);
    assert.equal(exitCode, 0, output);
  });

  it("keeps the build's cache in the registry", async () => {
    assert.ok((await registry.images()).includes("team/shop:build-cache"));
  });

  it("builds for several platforms and runs the index of all on both nodes", async () => {
    await workspace.pulumiOk("config", "set", "platform", "linux/amd64,linux/amd64/v2");
    await workspace.up();
    const tag = await assertPushedAndRun();
    assert.deepEqual(await registry.platforms("team/shop", tag), ["linux/amd64", "linux/amd64/v2"]);
    assert.match(await workspace.up(), /Resources:\n\s+\d+ unchanged/);
    await workspace.pulumiOk("config", "rm", "platform");
  });

  it("pushes with the docker provider as well", async function () {
    await needPlugin(this, "docker");
    await ensureImage(second, baseImage);
    await workspace.pulumiOk("config", "set", "builder", "docker");
    const args = ["up", "--yes", "--skip-preview", "--stack", "cluster", "--non-interactive"];
    // A machine whose daemon is the second node's: the first one's keeps images where this provider cannot find them.
    const environment = dockerDesktop(path.join(workspace.folder, "other-home"), second);
    const { exitCode, output } = await workspace.run("pulumi", args, environment);
    await workspace.pulumiOk("config", "set", "builder", "docker-build");
    assert.equal(exitCode, 0, output);
    await assertPushedAndRun();
  });

  const scan = (published: string, expected: Record<string, string[]> = {}): void => {
    for (const scanner of scanners) {
      it(`has nothing to mend that ${scanner.tool.title} finds in what the program creates behind ${published}`, async function () {
        const installed = await installTool(scanner.tool).catch((error: unknown) =>
          skip(this, (error as Error).message),
        );
        const objects = path.join(workspace.folder, "objects.yaml");
        fs.writeFileSync(objects, await readObjects(workspace));
        const findings = await findingsOf(scanner, installed, objects);
        // policy/waivers.yaml says why secrets are in variables.
        const rest = findings.filter((each) => !each.startsWith("CKV_K8S_35 "));
        assert.deepEqual(rest, expected[scanner.tool.name] ?? []);
      });
    }
  };
  scan("a load balancer");

  it("answers at the Ingress's host, for which the app knows that TLS is ended there", async () => {
    await workspace.pulumiOk("config", "set", "ingressHost", "django.test");
    await workspace.pulumiOk("config", "set", "ingressTlsSecret", "django-tls");
    await workspace.up();
    assert.equal(await workspace.output("url"), "https://django.test/");
    assert.equal(
      await get(
        "ingress/kubernetes-django",
        "{.spec.rules[0].host} {.spec.tls[0].secretName} {.spec.rules[0].http.paths[0].backend}",
      ),
      'django.test django-tls {"service":{"name":"kubernetes-django-service","port":{"name":"http"}}}',
    );
    assert.equal(await get("service/kubernetes-django-service", "{.spec.type}"), "ClusterIP");
    const ask =
      "import urllib.request as u; print(u.urlopen(u.Request('http://127.0.0.1:8000/', headers={'Host': 'django.test', 'X-Forwarded-Proto': 'https'})).status)";
    const inPod = ["exec", "--namespace", namespace, "deployment/kubernetes-django", "--", "python", "-c", ask];
    // Those of the version before may be there still.
    await kubectl.until(async () => (await kubectl.run(inPod)).trim() === "200");
  });

  scan("an Ingress", {
    // Those of cert-manager, which it starts while a certificate is issued.
    "kube-score": [
      "networkpolicy-targets-pod NetworkPolicy/kubernetes-django-acme: The NetworkPolicys selector doesn't match any pods",
    ],
  });

  it("loses no request when a node is drained, nor when it is taken back", async function () {
    await workspace.pulumiOk("config", "rm", "ingressTlsSecret");
    await workspace.pulumiOk("config", "rm", "ingressHost");
    await Promise.all([workspace.up(), giveAddress()]);
    const url = await workspace.output("url");
    await waitUntilServed(url, 60);
    await kubectl.until(async () => (await nodesOfPods()).join() === bothNodes());
    const result = await underLoad(url, { connections: 10, rate: 50, reconnects: true }, async () => {
      await kubectl.run(["drain", second.context, "--ignore-daemonsets", "--delete-emptydir-data"]);
      await kubectl.until(async () => (await nodesOfPods()).join() === [first.context, first.context].join());
      await kubectl.run(["uncordon", second.context]);
      // Nothing moves a pod that runs: the next one is put where there is none.
      const [pod] = await ready();
      await kubectl.run(["delete", "pod", pod?.name ?? "", "--namespace", namespace]);
      await kubectl.until(async () => (await nodesOfPods()).join() === bothNodes());
    });
    assert.equal(result.failed, 0, `${describeLoad(result)}\n${await warnings()}`);
    figure(this, describeLoad(result));
  });

  it(`loses no request when a node dies, but for GETs of the first ${grace} s, which are tried again`, async function () {
    const url = await workspace.output("url");
    await kubectl.until(async () => (await nodesOfPods()).join() === bothNodes());
    const load = { workers: 10, pause: 100, seconds: 40 };
    const stretches = await loadAround(url, load, grace, async () => {
      await killNode(second);
    });
    // Pods that are on it cannot be deleted otherwise.
    await startCluster(second);
    figure(this, describeStretches(stretches));
    const { before, within, after } = stretches;
    assert.ok(before.answered > 20 && within.answered > 20 && after.answered > 20, describeStretches(stretches));
    assert.deepEqual([before.lost, within.lost, after.lost], [0, 0, 0], describeStretches(stretches));
  });

  it("pushes with what `docker login` stored where it is given no user", async () => {
    await workspace.pulumiOk("config", "rm", "registryUsername");
    await workspace.pulumiOk("config", "rm", "registryPassword");
    workspace.edit("app/templates/index.html", (text) => text.replace("</title>", " logged in</title>"));
    const { environment, folder } = workspace;
    const config = path.join(folder, "docker-config");
    fs.cpSync(environment["DOCKER_CONFIG"] ?? "", config, { recursive: true });
    const file = path.join(config, "config.json");
    const own = JSON.parse(fs.readFileSync(file, "utf8")) as object;
    fs.writeFileSync(file, JSON.stringify({ ...own, ...(JSON.parse(registry.dockerConfig) as object) }));
    const before = await registry.images();
    // Pods could not be started: their namespace has no Secret to pull with any more.
    const image = "django:index:DjangoImage$docker-build:index:Image::kubernetes-django";
    const target = ["--target", `urn:pulumi:cluster::kubernetes-django::${image}`];
    const args = ["up", "--yes", "--skip-preview", ...target, "--stack", "cluster", "--non-interactive"];
    const { exitCode, output } = await workspace.run("pulumi", args, { DOCKER_CONFIG: config });
    assert.equal(exitCode, 0, output);
    assert.equal((await registry.images()).length, before.length + 1);
  });
});
