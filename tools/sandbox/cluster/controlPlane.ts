import { apiGet } from "./api";
import { etcdAuthority } from "./credentials";
import { startDaemon, waitFor } from "./daemons";
import { clusterData, clusterFolder, type ClusterKind, pkiFolder } from "./kinds";
import { inside } from "./network";
import type { ClusterPlan } from "./plan";

/** Starts etcd, the API server, the controller manager and the scheduler, and waits for the API to be ready. */
export async function startControlPlane(
  kind: ClusterKind,
  plan: ClusterPlan,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const folder = clusterFolder(kind);
  const pki = pkiFolder(kind);
  const { ports } = plan;
  const [clients, peers] = [ports.etcdClient, ports.etcdPeer].map((port) => `https://127.0.0.1:${port}`);
  const start = (name: string, ...args: string[]): void => {
    startDaemon(folder, { name, command: [...inside(kind), name, ...args], environment });
  };
  start(
    "etcd",
    `--data-dir=${clusterData(kind)}/etcd`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    ...["", "peer-"].flatMap((role) => [
      `--${role}cert-file=${pki}/etcd.pem`,
      `--${role}key-file=${pki}/etcd-key.pem`,
      `--${role}trusted-ca-file=${pki}/${etcdAuthority}.pem`,
      `--${role}client-cert-auth`,
    ]),
    // Its JSON interface answers every web page.
    "--enable-grpc-gateway=false",
    // To have every write on the disk takes time, which is lost on objects that nobody keeps.
    ...(kind.isThrowaway ? ["--unsafe-no-fsync"] : []),
  );
  start(
    "kube-apiserver",
    `--etcd-servers=${clients}`,
    `--etcd-cafile=${pki}/${etcdAuthority}.pem`,
    `--etcd-certfile=${pki}/etcd-client.pem`,
    `--etcd-keyfile=${pki}/etcd-client-key.pem`,
    "--anonymous-auth=false",
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
    // Nothing asks it for its health or its metrics.
    "--secure-port=0",
    ...nodeMonitoring(kind),
  );
  start(
    "kube-scheduler",
    `--kubeconfig=${pki}/scheduler.kubeconfig`,
    "--leader-elect=false",
    // Nothing asks it for its health or its metrics.
    "--secure-port=0",
  );
}

/** Flags by which the controller manager watches the nodes' heartbeats; none where Kubernetes' defaults do. */
export function nodeMonitoring({ failureDetection }: ClusterKind): string[] {
  return failureDetection
    ? // Often, since the pods of a dead node are sent requests until the failure is noticed.
      ["--node-monitor-period=200ms", `--node-monitor-grace-period=${failureDetection.grace}s`]
    : [];
}

/** Waits for the namespace kube-system, which identifies the cluster: a new API server is ready before it makes it. */
export async function waitForNamespaces(kind: ClusterKind, plan: ClusterPlan): Promise<void> {
  await waitFor(
    clusterFolder(kind),
    "kube-apiserver",
    async () => (await apiGet(kind, plan, "/api/v1/namespaces/kube-system")) !== undefined,
  );
}
