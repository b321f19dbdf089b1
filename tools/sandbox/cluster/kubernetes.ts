import fs from "node:fs/promises";
import path from "node:path";

import { stringify } from "yaml";

import { apiGet } from "./api";
import { startDaemon, waitFor } from "./daemons";
import { authorityFolder, clusterFiles, clusterFolder, type ClusterKind } from "./kinds";
import { inside } from "./network";
import type { ClusterPlan } from "./plan";

/** The image of the container that holds a pod's namespaces. */
export const pauseImage = "kubernetes-django-sandbox/pause:1";

/** Starts etcd, the API server, the controller manager and the scheduler, and waits for the API to be ready. */
export async function startControlPlane(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const folder = clusterFolder(kind);
  const pki = path.join(folder, "pki");
  const { ports } = plan;
  const start = (name: string, ...args: string[]): void => {
    startDaemon(folder, { name, command: [...inside(kind), name, ...args], environment });
  };
  start(
    "etcd",
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=http://127.0.0.1:${ports.etcdClient}`,
    `--advertise-client-urls=http://127.0.0.1:${ports.etcdClient}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
    // Writes that a power cut loses are made again by `pulumi up`, while every fsync takes time.
    "--unsafe-no-fsync",
  );
  start(
    "kube-apiserver",
    `--etcd-servers=http://127.0.0.1:${ports.etcdClient}`,
    `--bind-address=${plan.address}`,
    `--secure-port=${ports.apiServer}`,
    `--tls-cert-file=${pki}/apiserver.pem`,
    `--tls-private-key-file=${pki}/apiserver-key.pem`,
    `--client-ca-file=${pki}/cluster-ca.pem`,
    `--service-account-key-file=${pki}/service-account.pem`,
    `--service-account-signing-key-file=${pki}/service-account-key.pem`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged",
    "--endpoint-reconciler-type=none",
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${pki}/kubelet-client.pem`,
    `--kubelet-client-key=${pki}/kubelet-client-key.pem`,
    `--cert-dir=${pki}`,
  );
  await waitFor(folder, "kube-apiserver", async () => (await apiGet(kind, plan, "/readyz")) !== undefined);
  start(
    "kube-controller-manager",
    `--kubeconfig=${pki}/controller-manager.kubeconfig`,
    `--service-account-private-key-file=${pki}/service-account-key.pem`,
    `--root-ca-file=${pki}/cluster-ca.pem`,
    "--use-service-account-credentials",
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.controllerManager}`,
    `--cert-dir=${pki}`,
    ...nodeMonitoring(kind),
  );
  start(
    "kube-scheduler",
    `--kubeconfig=${pki}/scheduler.kubeconfig`,
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.scheduler}`,
    `--cert-dir=${pki}`,
  );
}

/** Flags by which the controller manager watches the nodes' heartbeats; none where Kubernetes' defaults do. */
export function nodeMonitoring({ failureDetection }: ClusterKind): string[] {
  return failureDetection
    ? // Until it notices a dead node, the node's pods are sent requests.
      ["--node-monitor-period=200ms", `--node-monitor-grace-period=${failureDetection.grace}s`]
    : [];
}

/** The kubelet's heartbeat: it renews its lease four times while the lease is valid. */
function heartbeatSettings({ failureDetection }: ClusterKind): object {
  return failureDetection
    ? {
        nodeStatusUpdateFrequency: `${failureDetection.heartbeat}s`,
        nodeLeaseDurationSeconds: 4 * failureDetection.heartbeat,
      }
    : {};
}

/** The shortest time between two changes by kube-proxy; @default Kubernetes', a second */
function proxySync({ failureDetection }: ClusterKind): object {
  return failureDetection ? { iptables: { minSyncPeriod: "200ms" } } : {};
}

/** The kubelet's configuration file. */
export function kubeletSettings(kind: ClusterKind, plan: ClusterPlan): object {
  const folder = clusterFolder(kind);
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${authorityFolder(kind)}/cluster-ca.pem` },
    },
    authorization: { mode: "Webhook" },
    address: plan.nodeAddress,
    port: plan.ports.kubelet,
    healthzPort: plan.ports.kubeletHealth,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${kind.bridge}`,
    failSwapOn: false,
    failCgroupV1: false,
    makeIPTablesUtilChains: false,
    containerRuntimeEndpoint: `unix://${folder}/cri.sock`,
    podLogsDir: `${folder}/pod-logs`,
    volumePluginDir: `${folder}/volume-plugins`,
    resolvConf: "/etc/resolv.conf",
    // The node shares the developer's disk, and must not evict pods or delete images because other files fill it.
    evictionHard: { "nodefs.available": "1%", "imagefs.available": "1%" },
    imageGCHighThresholdPercent: 100,
    ...heartbeatSettings(kind),
  };
}

/** Starts cri-dockerd, the kubelet and kube-proxy, and waits for the node to be ready. */
export async function startNode(kind: ClusterKind, plan: ClusterPlan, environment: NodeJS.ProcessEnv): Promise<void> {
  const folder = clusterFolder(kind);
  const socket = `${folder}/cri.sock`;
  const start = (name: string, ...args: string[]): void => {
    startDaemon(folder, { name, command: [...inside(kind), name, ...args], environment });
  };
  await fs.rm(socket, { force: true });
  start(
    "cri-dockerd",
    `--container-runtime-endpoint=unix://${socket}`,
    `--docker-endpoint=unix://${clusterFiles(kind).dockerSocket}`,
    `--cri-dockerd-root-directory=${folder}/cri`,
    "--network-plugin=",
    `--pod-infra-container-image=${pauseImage}`,
    "--streaming-bind-addr=127.0.0.1:0",
  );
  await waitFor(
    folder,
    "cri-dockerd",
    async () =>
      await fs.access(socket).then(
        () => true,
        () => false,
      ),
  );
  await fs.writeFile(`${folder}/kubelet.yaml`, stringify(kubeletSettings(kind, plan)));
  start(
    "kubelet",
    `--kubeconfig=${folder}/pki/kubelet.kubeconfig`,
    `--config=${folder}/kubelet.yaml`,
    `--root-dir=${folder}/kubelet`,
    `--cert-dir=${folder}/pki`,
    `--hostname-override=${kind.context}`,
    `--node-ip=${plan.nodeAddress}`,
  );
  await fs.writeFile(
    `${folder}/proxy.yaml`,
    stringify({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig: `${folder}/pki/proxy.kubeconfig` },
      mode: "iptables",
      hostnameOverride: kind.context,
      bindAddress: plan.nodeAddress,
      healthzBindAddress: `127.0.0.1:${plan.ports.proxyHealth}`,
      metricsBindAddress: `127.0.0.1:${plan.ports.proxyMetrics}`,
      nodePortAddresses: [kind.namespace ? `${plan.address}/32` : "127.0.0.0/8"],
      ...proxySync(kind),
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    }),
  );
  start("kube-proxy", `--config=${folder}/proxy.yaml`);
  await waitFor(folder, "kubelet", async () => await isNodeReady(kind, plan));
}

/** Waits for the namespace kube-system, which identifies the cluster: a new API server is ready before it makes it. */
export async function waitForNamespaces(kind: ClusterKind, plan: ClusterPlan): Promise<void> {
  await waitFor(
    clusterFolder(kind),
    "kube-apiserver",
    async () => (await apiGet(kind, plan, "/api/v1/namespaces/kube-system")) !== undefined,
  );
}

async function isNodeReady(kind: ClusterKind, plan: ClusterPlan): Promise<boolean> {
  const body = await apiGet(kind, plan, `/api/v1/nodes/${kind.context}`);
  const node = JSON.parse(body ?? "{}") as { status?: { conditions?: { type: string; status: string }[] } };
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
