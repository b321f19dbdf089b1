import fs from "node:fs/promises";
import path from "node:path";

import execa from "execa";

import { writeServerCredentials, writeUserCredentials } from "../../sandbox/cluster/credentials";
import { startDaemon, stopDaemon, waitFor } from "../../sandbox/cluster/daemons";
import { toolEnvironment } from "../../sandbox/cluster/host";
import { clusterData, clusterFiles, clusterFolder, type ClusterKind } from "../../sandbox/cluster/kinds";
import { apiGet } from "../../sandbox/cluster/api";
import { startControlPlane } from "../../sandbox/cluster/controlPlane";
import { type ClusterPlan, makePlan, writePlan } from "../../sandbox/cluster/plan";
import { endLeftovers } from "../../sandbox/cluster/processes";

/** A control plane of the sandbox's own without a node: no engine, no kubelet, no network, and no need of root. */
export const fake: ClusterKind = {
  name: "fake",
  context: "kubernetes-django-fake",
  bridge: "kdj-fake",
  podNetworks: ["172.30", "172.29", "172.28", "10.222", "10.223"],
  isThrowaway: true,
};

/** Many enough for the scheduler to choose among, and few enough to cost nothing. */
const nodeCount = 10;

/** In the order they stop: who uses another before the other. */
const daemons = ["kwok", "kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"];

/**
 * Works on a new, empty cluster whose nodes kwok fakes, and takes every trace of it away afterwards.
 *
 * @param folders where the executables of Kubernetes and kwok are
 */
export async function withFakeCluster<T>(folders: string[], work: () => Promise<T>): Promise<T> {
  const environment = toolEnvironment(folders);
  // What an interrupted run left.
  await removeFakeCluster();
  try {
    await start(environment);
    return await work();
  } finally {
    await removeFakeCluster();
  }
}

async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = clusterFolder(fake);
  const { kubeconfig } = clusterFiles(fake);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  // No rule of the packet filter is of interest where no packet goes.
  const plan = await makePlan(fake, "");
  writePlan(folder, plan);
  await writeServerCredentials(fake, plan);
  await writeUserCredentials(fake, plan);
  await startControlPlane(fake, plan, environment);
  // A new API server is ready before it has the namespace in which nodes renew their leases.
  const hasLeases = async (): Promise<boolean> =>
    (await apiGet(fake, plan, "/api/v1/namespaces/kube-node-lease")) !== undefined;
  await waitFor(folder, "kube-apiserver", hasLeases);
  await execa("kubectl", ["--kubeconfig", kubeconfig, "create", "--filename", "-"], {
    env: environment,
    extendEnv: false,
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items: fakeNodes(nodeCount) }),
  });
  startDaemon(folder, {
    name: "kwok",
    command: [
      "kwok",
      `--kubeconfig=${kubeconfig}`,
      `--config=${path.join(__dirname, "stages.yaml")}`,
      "--manage-all-nodes",
      "--node-ip=127.0.0.1",
      // It would open a port for each kind of question that a kubelet answers.
      "--node-port=0",
    ],
    environment,
  });
  await waitFor(folder, "kwok", async () => await areNodesReady(plan));
}

/** Node objects as nobody but kwok looks after them. */
export function fakeNodes(count: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `fake-${index}`;
    return { apiVersion: "v1", kind: "Node", metadata: { name, labels: { "kubernetes.io/hostname": name } } };
  });
}

interface NodeList {
  items: { spec: { taints?: object[] }; status: { conditions?: { type: string; status: string }[] } }[];
}

/** Whether pods can be bound to every node: ready, and no longer tainted as not ready. */
async function areNodesReady(plan: ClusterPlan): Promise<boolean> {
  const body = await apiGet(fake, plan, "/api/v1/nodes");
  const { items } = JSON.parse(body ?? '{"items":[]}') as NodeList;
  const ready = items.filter(
    ({ spec, status }) =>
      spec.taints === undefined &&
      status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true,
  );
  return ready.length === nodeCount;
}

async function removeFakeCluster(): Promise<void> {
  const folder = clusterFolder(fake);
  for (const name of daemons) {
    await stopDaemon(folder, name);
  }
  await endLeftovers([folder, clusterData(fake)]);
  await fs.rm(folder, { recursive: true, force: true });
  await fs.rm(clusterData(fake), { recursive: true, force: true });
}
