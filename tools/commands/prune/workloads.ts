import type { KubeContext } from "../../../components/targets/kubeconfig";
import { read } from "../../../components/kubernetes/client";
import type { List, Live } from "../../../components/kubernetes/types";
import { familiar } from "./unused";

/** Every kind that starts pods from an image. A rollback starts a Deployment's former ReplicaSets. */
const lists = [
  "/api/v1/pods",
  "/api/v1/replicationcontrollers",
  "/apis/apps/v1/replicasets",
  "/apis/apps/v1/deployments",
  "/apis/apps/v1/statefulsets",
  "/apis/apps/v1/daemonsets",
  "/apis/batch/v1/jobs",
  "/apis/batch/v1/cronjobs",
];

/**
 * The images that anything in any namespace of a cluster names, and what names each.
 *
 * @throws a `Problem` when the cluster does not give one of the lists: what it uses is then not known
 */
export async function imagesInCluster(context: KubeContext): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { kind, items } of await Promise.all(lists.map(async (path) => await read<List<object>>(context, path)))) {
    for (const { reference, by } of items.flatMap((item) => imagesOf(kind.replace(/List$/, ""), item))) {
      found.set(reference, [...(found.get(reference) ?? []), by]);
    }
  }
  return found;
}

function imagesOf(kind: string, workload: Live<object>): { reference: string; by: string }[] {
  const by = `${kind} ${workload.metadata.namespace ?? ""}/${workload.metadata.name}`;
  return [...imageFields(workload)].map((image) => ({ reference: familiar(image), by }));
}

/** The field `image` of every container, wherever the kind has its pod template. */
function* imageFields(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    if (key === "image" && typeof each === "string") {
      yield each;
    } else if (key !== "status" && key !== "managedFields") {
      yield* imageFields(each);
    }
  }
}
