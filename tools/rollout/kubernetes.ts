import type { KubeContext } from "../../components/targets/kubeconfig";
import { askCluster } from "../../components/targets/endpoints";

/** State of a container, as far as it says why a rollout does not come to its end. */
export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: { reason?: string; exitCode: number; message?: string };
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  image: string;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Pod {
  metadata: { name: string; uid: string; creationTimestamp: string; deletionTimestamp?: string };
  spec?: { restartPolicy?: string };
  status: {
    phase: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

/** An event of the cluster about one pod. */
export interface PodEvent {
  reason: string;
  message: string;
  lastTimestamp: string | null;
}

/** Pods that are being made. */
export interface Rollout {
  context: KubeContext;
  namespace: string;
  podLabels: Record<string, string>;
}

/** The API server's time of day in milliseconds; in whole seconds, as that of `creationTimestamp`. */
export async function clusterTime(context: KubeContext): Promise<number> {
  const { headers } = await askCluster(context, "/version");
  return Date.parse(headers.date ?? "");
}

/** The pods that were created at or after a time of `clusterTime` and are not on their way out. */
export async function podsSince({ context, namespace, podLabels }: Rollout, since: number): Promise<Pod[]> {
  const selector = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
  const query = new URLSearchParams({ labelSelector: selector.join(",") });
  const { items } = await read<{ items: Pod[] }>(context, `${pods(namespace)}?${query}`);
  return items.filter(
    ({ metadata }) => Date.parse(metadata.creationTimestamp) >= since && metadata.deletionTimestamp === undefined,
  );
}

/** Whether any version of an app answers in the namespace. */
export async function isServed({ context, namespace }: Rollout): Promise<boolean> {
  const query = new URLSearchParams({ labelSelector: "app=django" });
  const { items } = await read<{ items: { status?: { availableReplicas?: number } }[] }>(
    context,
    `/apis/apps/v1/namespaces/${namespace}/deployments?${query}`,
  );
  return items.some(({ status }) => (status?.availableReplicas ?? 0) > 0);
}

/** How far a Deployment has come: `late` once its own time was up. */
export type Progress = "done" | "under way" | "late";

interface Deployment {
  metadata: { generation: number };
  spec: { replicas: number };
  status: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: { type: string; reason?: string }[];
  };
}

/** Asks for it, and judges as `kubectl rollout status` does. */
export async function progressOf({ context, namespace }: Rollout, name: string): Promise<Progress> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const { metadata, spec, status } = await read<Deployment>(context, path);
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = status;
  if (observedGeneration < metadata.generation) {
    return "under way";
  }
  if (conditions?.some(({ reason }) => reason === "ProgressDeadlineExceeded")) {
    return "late";
  }
  return [replicas, updatedReplicas, availableReplicas].every((each) => each === spec.replicas) ? "done" : "under way";
}

/** What the cluster reported about a pod, oldest first. */
export async function eventsOf({ context, namespace }: Rollout, pod: Pod): Promise<PodEvent[]> {
  const query = new URLSearchParams({ fieldSelector: `involvedObject.uid=${pod.metadata.uid}` });
  const { items } = await read<{ items: PodEvent[] }>(context, `/api/v1/namespaces/${namespace}/events?${query}`);
  return items.sort((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""));
}

/** The last lines that a pod's container printed; empty when there are none to be had. */
export async function logOf({ context, namespace }: Rollout, pod: Pod, lines: number): Promise<string> {
  const { status, body } = await askCluster(context, `${pods(namespace)}/${pod.metadata.name}/log?tailLines=${lines}`);
  return status === 200 ? body : "";
}

const pods = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

async function read<T>(context: KubeContext, path: string): Promise<T> {
  const { status, body } = await askCluster(context, path);
  if (status !== 200) {
    throw new Error(`${path} answers ${status}`);
  }
  return JSON.parse(body) as T;
}
