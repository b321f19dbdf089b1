import fs from "node:fs/promises";

import { stringify } from "yaml";

import { writeWhole } from "../../wholeFile";
import { apiGet } from "./api";
import { runningPid, startDaemon, waitFor } from "./daemons";
import { authorityFolder, clusterFiles, clusterFolder, type ClusterKind, pkiFolder } from "./kinds";
import { inside } from "./network";
import type { ClusterPlan } from "./plan";
import { podResolver } from "./resolver";

/** The image of the container that holds a pod's namespaces. */
export const pauseImage = "kubernetes-django-sandbox/pause:1";

/** The kubelet's heartbeat: it renews its lease four times while the lease is valid. */
function heartbeatSettings({ failureDetection }: ClusterKind): object {
  return failureDetection
    ? {
        nodeStatusUpdateFrequency: `${failureDetection.heartbeat}s`,
        nodeLeaseDurationSeconds: 4 * failureDetection.heartbeat,
      }
    : {};
}

/** The flags of kube-proxy. With a file of settings it would serve its health, which nothing asks for. */
export function proxyFlags(kind: ClusterKind, plan: ClusterPlan): string[] {
  return [
    `--kubeconfig=${pkiFolder(kind)}/proxy.kubeconfig`,
    "--proxy-mode=iptables",
    `--hostname-override=${kind.context}`,
    `--bind-address=${plan.nodeAddress}`,
    `--nodeport-addresses=${kind.namespace ? `${plan.address}/32` : "127.0.0.0/8"}`,
    "--healthz-port=0",
    // It serves these in any case; a rule of the firewall keeps other users from them.
    `--metrics-bind-address=127.0.0.1:${plan.ports.proxyMetrics}`,
    ...["--conntrack-max-per-core=0", "--conntrack-min=0"],
    ...["--conntrack-tcp-timeout-established=0s", "--conntrack-tcp-timeout-close-wait=0s"],
    // The shortest time between two changes; usually a second.
    ...(kind.failureDetection ? ["--iptables-min-sync-period=200ms"] : []),
  ];
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
    healthzPort: 0,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${kind.bridge}`,
    failSwapOn: false,
    failCgroupV1: false,
    makeIPTablesUtilChains: false,
    containerRuntimeEndpoint: `unix://${folder}/cri.sock`,
    podLogsDir: `${folder}/pod-logs`,
    volumePluginDir: `${folder}/volume-plugins`,
    resolvConf: podResolver().file,
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
  writeWhole(`${folder}/kubelet.yaml`, stringify(kubeletSettings(kind, plan)));
  start(
    "kubelet",
    `--kubeconfig=${pkiFolder(kind)}/kubelet.kubeconfig`,
    `--config=${folder}/kubelet.yaml`,
    `--root-dir=${folder}/kubelet`,
    `--cert-dir=${pkiFolder(kind)}`,
    `--hostname-override=${kind.context}`,
    `--node-ip=${plan.nodeAddress}`,
  );
  start("kube-proxy", ...proxyFlags(kind, plan));
  await waitFor(folder, "kubelet", async () => await isNodeReady(kind, plan));
  // It says nothing when it works, and ends at once when it does not.
  await waitFor(folder, "kube-proxy", () => Promise.resolve(runningPid(folder, "kube-proxy") !== undefined));
}

async function isNodeReady(kind: ClusterKind, plan: ClusterPlan): Promise<boolean> {
  const body = await apiGet(kind, plan, `/api/v1/nodes/${kind.context}`);
  const node = JSON.parse(body ?? "{}") as { status?: { conditions?: { type: string; status: string }[] } };
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
