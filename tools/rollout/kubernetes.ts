import type { CoreV1Event, V1ContainerStatus, V1Deployment, V1Pod, V1PodStatus } from "@kubernetes/client-node";

import type { KubeContext } from "../../components/targets/kubeconfig";
import { read, send } from "../kubernetes/client";
import type { Json, List, Live } from "../kubernetes/types";

export type Pod = Live<V1Pod> & { status: Json<V1PodStatus> };
export type ContainerStatus = Json<V1ContainerStatus>;
/** An event of the cluster about one pod. */
export type PodEvent = Pick<CoreV1Event, "reason" | "message"> & { lastTimestamp?: string | null };

/** Pods that are being made. */
export interface Rollout {
  context: KubeContext;
  namespace: string;
  podLabels: Record<string, string>;
}

/** The API server's time of day in milliseconds; in whole seconds, as that of `creationTimestamp`. */
export async function clusterTime(context: KubeContext): Promise<number> {
  const { headers } = await send(context, { path: "/version" });
  return Date.parse(headers.date ?? "");
}

/** The pods that were created at or after a time of `clusterTime` and are not on their way out. */
export async function podsSince({ context, namespace, podLabels }: Rollout, since: number): Promise<Pod[]> {
  const selector = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
  const { items } = await read<{ items: Pod[] }>(context, pods(namespace), { labelSelector: selector.join(",") });
  return items.filter(
    ({ metadata }) => Date.parse(metadata.creationTimestamp) >= since && metadata.deletionTimestamp === undefined,
  );
}

/** Whether any version of an app answers in the namespace. */
export async function isServed({ context, namespace }: Rollout): Promise<boolean> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { items } = await read<List<V1Deployment>>(context, path, { labelSelector: "app=django" });
  return items.some(({ status }) => (status?.availableReplicas ?? 0) > 0);
}

/** How far a Deployment has come: `late` once its own time was up. */
export type Progress = "done" | "under way" | "late";

/** Seconds that Kubernetes gives a Deployment that does not say. */
const defaultProgressSeconds = 600;

/** Whether a Deployment is rolled out, as `kubectl rollout status` judges, and the seconds that it may take. */
export async function progressOf(
  { context, namespace }: Rollout,
  name: string,
): Promise<{ progress: Progress; deadlineSeconds: number }> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const { metadata, spec, status } = await read<Live<V1Deployment>>(context, path);
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = status ?? {};
  const progress = (): Progress => {
    if (observedGeneration < (metadata.generation ?? 0)) {
      return "under way";
    }
    if (conditions?.some(({ reason }) => reason === "ProgressDeadlineExceeded")) {
      return "late";
    }
    return [replicas, updatedReplicas, availableReplicas].every((each) => each === spec?.replicas)
      ? "done"
      : "under way";
  };
  return { progress: progress(), deadlineSeconds: spec?.progressDeadlineSeconds ?? defaultProgressSeconds };
}

/** What the cluster reported about a pod, oldest first. */
export async function eventsOf({ context, namespace }: Rollout, pod: Pod): Promise<PodEvent[]> {
  const fieldSelector = `involvedObject.uid=${pod.metadata.uid}`;
  const { items } = await read<{ items: PodEvent[] }>(context, `/api/v1/namespaces/${namespace}/events`, {
    fieldSelector,
  });
  return items.sort((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""));
}

/** The last lines that a pod's container printed; empty when the cluster has none. */
export async function logOf({ context, namespace }: Rollout, pod: Pod, lines: number): Promise<string> {
  const path = `${pods(namespace)}/${pod.metadata.name}/log`;
  const { status, body } = await send(context, { path, query: { tailLines: String(lines) } });
  return status === 200 ? body : "";
}

const pods = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;
