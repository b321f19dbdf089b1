import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

import { isRunning, startCluster, stopCluster } from "../../sandbox/cluster/cluster";
import { docker } from "../../sandbox/cluster/dockerCli";
import { killNode } from "../../sandbox/cluster/killNode";
import { type ClusterKind, pair, local, worker } from "../../sandbox/cluster/kinds";
import { figure, skip, untilRunning } from "./helpers/cluster";
import { Kubectl, restricted } from "./helpers/kubectl";
import { pushPageImage } from "./helpers/pageImage";
import { Registry } from "./helpers/registry";
import { hostState, traces } from "./helpers/traces";

const namespace = "two-nodes";
const port = 8080;
const user = restricted(10001);
const labels = { app: "page" };
/** Its own in each run: the nodes keep images, and the next registry may have the same address. */
const imageName = `page:${randomBytes(6).toString("hex")}`;

/** A page that says which pod it is of. */
const pod = (image: string, imagePullSecrets: { name: string }[]): object => ({
  securityContext: user.pod,
  terminationGracePeriodSeconds: 0,
  imagePullSecrets,
  containers: [
    {
      name: "page",
      image,
      command: ["sh", "-c", `hostname >/www/index.html; echo serving; exec httpd -f -p ${port} -h /www`],
      securityContext: user.container,
      volumeMounts: [{ name: "www", mountPath: "/www" }],
      readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    },
  ],
  volumes: [{ name: "www", emptyDir: {} }],
});

/** One on each node. */
const pages = (image: string): object => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "page", namespace },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: pod(image, [{ name: "registry" }]) },
  },
});

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "page", namespace },
  spec: { type: "NodePort", selector: labels, ports: [{ port }] },
};

describe("a sandbox of two nodes", () => {
  let registry: Registry;
  let first: ClusterKind;
  let second: ClusterKind;
  let kubectl: Kubectl;
  let image: string;
  let initial: Record<string, unknown>;

  before(async function () {
    if (await isRunning(pair)) {
      skip(this, "it was running before the tests");
    }
    registry = await Registry.start();
    first = { ...pair, extraAuthority: registry.caFile };
    second = { ...worker, joins: first, extraAuthority: registry.caFile };
    kubectl = await Kubectl.of(first);
    initial = await stateBesideShared();
  });
  after(async () => {
    if ((registry as Registry | undefined) === undefined) {
      return;
    }
    await stopCluster(pair);
    await registry.stop();
  });

  const stateBesideShared = async (): Promise<Record<string, unknown>> => ({
    ...(await hostState(kubectl.environment, /KUBE-/)),
    sysctls: undefined,
  });
  const get = async (what: string, path: string): Promise<string> =>
    await kubectl.run(["get", "--namespace", namespace, ...what.split(" "), "--output", `jsonpath=${path}`]);
  const podOn = async (node: ClusterKind): Promise<string> =>
    await get(`pods --selector app=page --field-selector spec.nodeName=${node.context}`, "{.items[0].metadata.name}");
  const endpoints = async (): Promise<string> =>
    await get(
      "endpointslices --selector kubernetes.io/service-name=page",
      "{.items[*].endpoints[?(@.conditions.ready==true)].targetRef.name}",
    );

  it("comes up beside the local one, each node with a Docker daemon of its own", async () => {
    assert.deepEqual(await startCluster(first), { started: true });
    assert.deepEqual(await startCluster(second), { started: true });
    await Promise.all([local, first, second].map(untilRunning));
    const nodes = await kubectl.run(["get", "nodes", "--no-headers"]);
    assert.equal(nodes.match(/kubernetes-django-(pair|worker) +Ready /g)?.length, 2, nodes);
    const id = async (kind: ClusterKind): Promise<string> =>
      await docker(kind, kubectl.environment, ["info", "--format", "{{.ID}}"]);
    assert.notEqual(await id(first), await id(second));
  });

  it("pulls nothing without a password from a registry that asks for one", async () => {
    // The nodes trust the authority only since they were started.
    kubectl = await Kubectl.of(first);
    await kubectl.makeNamespace(namespace);
    image = await pushPageImage(kubectl, registry, imageName);
    assert.deepEqual(await registry.images(), [imageName]);
    const metadata = { name: "stranger", namespace };
    const spec = { ...pod(image, []), nodeName: second.context };
    await kubectl.apply({ apiVersion: "v1", kind: "Pod", metadata, spec });
    await kubectl.until(async () => /no basic auth credentials/.test(await get("events", "{.items[*].message}")));
    await kubectl.run(["delete", "pod", "stranger", "--namespace", namespace]);
  });

  it("runs pods on both nodes from that registry with an imagePullSecret", async () => {
    assert.equal(await docker(second, kubectl.environment, ["image", "ls", "--quiet", image]), "");
    await kubectl.apply(
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "registry", namespace },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": registry.dockerConfig },
      },
      pages(image),
      service,
    );
    await kubectl.run(["rollout", "status", "daemonset/page", "--namespace", namespace, "--timeout=180s"]);
    assert.notEqual(await docker(second, kubectl.environment, ["image", "ls", "--quiet", image]), "");
  });

  it("gives the logs of pods on both nodes, and runs commands in them", async () => {
    for (const node of [first, second]) {
      const name = await podOn(node);
      assert.equal(await kubectl.run(["logs", "--namespace", namespace, name]), "serving");
      assert.equal(await kubectl.run(["exec", "--namespace", namespace, name, "--", "hostname"]), name);
    }
  });

  it("balances a Service over both nodes, from outside and from pods", async () => {
    const both = [await podOn(first), await podOn(second)];
    const sees = async (ask: () => Promise<string>, ...names: string[]): Promise<void> => {
      const seen = new Set<string>();
      await kubectl.until(async () => {
        seen.add((await ask()).trim());
        return names.every((name) => seen.has(name));
      });
    };
    const nodePort = await get("service page", "{.spec.ports[0].nodePort}");
    for (const address of ["192.168.50.2", "192.168.51.2"]) {
      const ask = async (): Promise<string> =>
        await (await fetch(`http://${address}:${nodePort}/`, { headers: { connection: "close" } })).text();
      await sees(ask, ...both);
    }
    const clusterAddress = await get("service page", "{.spec.clusterIP}");
    const request = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 2 nc ${clusterAddress} ${port} | tail -n 1`;
    for (const [from, to] of [both, both.toReversed()] as const) {
      const inside = ["exec", "--namespace", namespace, from ?? "", "--", "sh", "-c", request];
      await sees(async () => await kubectl.run(inside), to ?? "");
    }
  });

  it("takes the pods of a node that lost its power out of the Service", async function () {
    const [living, dead] = [await podOn(first), await podOn(second)];
    assert.ok((await endpoints()).includes(dead));
    const began = Date.now();
    const killed = killNode(second);
    // Less than Kubernetes takes where nobody says how soon.
    await kubectl.until(async () => (await endpoints()) === living, 45);
    figure(this, `within ${((Date.now() - began) / 1000).toFixed(1)} s`);
    await killed;
    assert.equal(await isRunning(second), false);
    await untilRunning(first);
  });

  it("takes a node that was started again back in", async () => {
    assert.deepEqual(await startCluster(second), { started: true });
    await kubectl.until(async () => (await endpoints()).split(" ").length === 2);
  });

  it("stops as one, and leaves nothing behind", async () => {
    await kubectl.run(["delete", "namespace", namespace]);
    for (const node of [first, second]) {
      await docker(node, kubectl.environment, ["image", "rm", "--force", image]);
    }
    assert.deepEqual(await stopCluster(first), { stopped: true });
    assert.deepEqual([...(await traces(pair)), ...(await traces(worker))], []);
    assert.deepEqual(await stateBesideShared(), initial);
  });
});
