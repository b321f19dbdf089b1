import type {
  CoreV1Event,
  V1ContainerStatus,
  V1Deployment,
  V1Node,
  V1Pod,
  V1PodStatus,
  V1PodTemplateSpec,
  V1ReplicaSet,
} from "@kubernetes/client-node";

import { roleOf, roleOfPod } from "../app/role";
import type { KubeContext } from "../../components/targets/kubeconfig";
import { read, send } from "../../components/kubernetes/client";
import { covers } from "../kubernetes/covers";
import type { Json, List, Live } from "../../components/kubernetes/types";

export type Pod = Live<V1Pod> & { status: Json<V1PodStatus> };
export type ContainerStatus = Json<V1ContainerStatus>;
/** An event of the cluster about one object. */
export type PodEvent = Pick<CoreV1Event, "reason" | "message" | "type"> & { lastTimestamp?: string | null };
/** What an object makes its pods from, as far as somebody wants it. */
export type Template = Partial<Json<V1PodTemplateSpec>>;

/** Where something is deployed. */
export interface Place {
  context: KubeContext;
  namespace: string;
}

/** The port at which a pod of an app is asked. */
export function httpPortOf(pod: Pod): number {
  const app = roleOfPod(pod)?.app;
  const ports = pod.spec?.containers.find(({ name }) => name === app)?.ports ?? [];
  return ports[0]?.containerPort ?? 8000;
}

/** Pods that are being made. */
export interface Rollout extends Place {
  /** Kind and name of what makes them. */
  kind: string;
  name: string;
  template: Template;
}

/** The API server's time of day in milliseconds; in whole seconds, as that of `creationTimestamp`. */
export async function clusterTime(context: KubeContext): Promise<number> {
  const { headers } = await send(context, { path: "/version" });
  return Date.parse(headers.date ?? "");
}

/** The pods of a rollout that are not on their way out: those that were created since then, or from its own template. */
export async function podsOf(rollout: Rollout, since: number): Promise<{ pod: Pod; isNew: boolean }[]> {
  const selector = Object.entries(rollout.template.metadata?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const list = read<{ items: Pod[] }>(rollout.context, pods(rollout.namespace), { labelSelector: selector.join(",") });
  const [{ items }, version] = await Promise.all([list, versionOf(rollout)]);
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((pod) => ({ pod, isNew: Date.parse(pod.metadata.creationTimestamp) >= since }))
    .filter(({ pod, isNew }) => isNew || (version !== undefined && pod.metadata.labels?.[hashLabel] === version));
}

const hashLabel = "pod-template-hash";

/** What the pods of a Deployment's template are labelled with; undefined while nothing makes pods from it. */
async function versionOf({ context, namespace, kind, name, template }: Rollout): Promise<string | undefined> {
  if (kind !== "Deployment") {
    return undefined;
  }
  const { items } = await read<List<V1ReplicaSet>>(context, `/apis/apps/v1/namespaces/${namespace}/replicasets`);
  const own = items.filter(({ metadata }) => metadata.ownerReferences?.some((each) => each.name === name));
  return own.find(({ spec }) => covers(spec?.template, template))?.metadata.labels?.[hashLabel];
}

/** A Deployment, and the pods of its present version. */
export async function currentPods(
  place: Place,
  name: string,
): Promise<{ deployment: Live<V1Deployment>; ready: Pod[]; others: Pod[] }> {
  const deployment = await read<Live<V1Deployment>>(place.context, `${deployments(place.namespace)}/${name}`);
  const template = deployment.spec?.template ?? {};
  const found = await podsOf({ ...place, kind: "Deployment", name, template }, Infinity);
  const pods = found.map(({ pod }) => pod);
  return { deployment, ready: pods.filter(isReady), others: pods.filter((pod) => !isReady(pod)) };
}

/** Whether a pod may be sent requests. */
export function isReady({ status: { conditions = [] } }: Pod): boolean {
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** What keeps pods from nodes. */
export interface NodeFacts {
  /** Such as "team: other". */
  taints: readonly string[];
  /** Names of those that take no pods at present. */
  cordoned: readonly string[];
}

/** What keeps pods from the nodes of a cluster; nothing where this user may not read them. */
export async function nodeFacts({ context }: Place): Promise<NodeFacts> {
  const nodes = await read<List<V1Node>>(context, "/api/v1/nodes").catch(() => ({ items: [] }));
  const found = nodes.items.flatMap(({ spec }) => spec?.taints ?? []);
  const shown = found
    .filter(({ effect }) => effect !== "PreferNoSchedule")
    .map(({ key, value = "" }) => `${key}: ${value}`);
  const cordoned = nodes.items.filter(({ spec }) => spec?.unschedulable === true);
  return { taints: [...new Set(shown)], cordoned: cordoned.map(({ metadata }) => metadata.name) };
}

/** What keeps a controller from making pods at all, in the API server's words; undefined when it makes them. */
export async function refusalOf(
  { context, namespace, kind, name }: Rollout,
  since: number,
): Promise<string | undefined> {
  if (kind === "Deployment") {
    const { status } = await read<Live<V1Deployment>>(context, `${deployments(namespace)}/${name}`);
    const failure = status?.conditions?.find((each) => each.type === "ReplicaFailure" && each.status === "True");
    return failure?.message;
  }
  const fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name},reason=FailedCreate`;
  const events = await eventsWith({ context, namespace }, fieldSelector);
  return events.findLast(({ lastTimestamp }) => Date.parse(lastTimestamp ?? "") >= since)?.message;
}

/** Whether any version of an app answers in the namespace. */
export async function isServed({ context, namespace }: Place): Promise<boolean> {
  const { items } = await read<List<V1Deployment>>(context, deployments(namespace), { labelSelector: "app=django" });
  return items.some(
    ({ spec, status }) =>
      roleOf(spec?.template.metadata?.labels)?.kind !== "process" && (status?.availableReplicas ?? 0) > 0,
  );
}

/** Whether any version of a Deployment runs. */
export async function isAvailable({ context, namespace }: Place, name: string): Promise<boolean> {
  const { status } = await read<Live<V1Deployment>>(context, `${deployments(namespace)}/${name}`);
  return (status?.availableReplicas ?? 0) > 0;
}

/** How far a Deployment has come: `late` once its own time was up. */
export type Progress = "done" | "under way" | "late";

/** Seconds that Kubernetes gives a Deployment that does not say. */
const defaultProgressSeconds = 600;

/** Whether a Deployment is rolled out, as `kubectl rollout status` judges, and the seconds that it may take. */
export async function progressOf(
  { context, namespace }: Place,
  name: string,
): Promise<{ progress: Progress; deadlineSeconds: number }> {
  const { metadata, spec, status } = await read<Live<V1Deployment>>(context, `${deployments(namespace)}/${name}`);
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
export async function eventsOf(place: Place, pod: Pod): Promise<PodEvent[]> {
  return await eventsAbout(place, pod.metadata.uid);
}

/** What it reported about any object, oldest first. */
export async function eventsAbout(place: Place, uid: string): Promise<PodEvent[]> {
  return await eventsWith(place, `involvedObject.uid=${uid}`);
}

async function eventsWith({ context, namespace }: Place, fieldSelector: string): Promise<PodEvent[]> {
  const { items } = await read<{ items: PodEvent[] }>(context, `/api/v1/namespaces/${namespace}/events`, {
    fieldSelector,
  });
  return items.sort((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""));
}

/** The last lines that a pod printed in the container of the app's image, or its only one; empty when the cluster has none. */
export async function logOf({ context, namespace }: Place, pod: Pod, lines: number): Promise<string> {
  const path = `${pods(namespace)}/${pod.metadata.name}/log`;
  const container = roleOfPod(pod)?.app;
  const query = { tailLines: String(lines), ...(container === undefined ? {} : { container }) };
  const { status, body } = await send(context, { path, query });
  return status === 200 ? body : "";
}

const pods = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;
const deployments = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;
