import type { KubeContext } from "../../../components/targets/kubeconfig";
import { askCluster } from "../../../components/targets/probes";
import { Problem } from "../../../components/problem";
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

interface List {
  kind: string;
  items: Workload[];
}

interface Workload {
  metadata: { namespace: string; name: string };
}

/** The images that anything in any namespace of a cluster names, and what names each. */
export async function imagesInCluster(context: KubeContext): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { kind, items } of await Promise.all(lists.map(async (path) => await readList(context, path)))) {
    for (const { reference, by } of items.flatMap((item) => imagesOf(kind.replace(/List$/, ""), item))) {
      found.set(reference, [...(found.get(reference) ?? []), by]);
    }
  }
  return found;
}

/** GETs a list of objects. Throws a `Problem` when the cluster does not give it. */
export async function readList<T = List>(context: KubeContext, path: string): Promise<T> {
  const { status, body } = await askCluster(context, path).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Problem(
      `The cluster of kube context "${context.name}" at ${context.server} cannot be reached (${code ?? message}), so what it uses cannot be known; run \`npm run doctor\` to see what helps.`,
    );
  });
  if (status !== 200) {
    throw new Problem(
      `The cluster of kube context "${context.name}" answers ${status} to GET ${path}, so what it uses cannot be known; run \`kubectl --context ${context.name} get --raw ${path}\` to see why.`,
    );
  }
  return JSON.parse(body) as T;
}

function imagesOf(kind: string, workload: Workload): { reference: string; by: string }[] {
  const by = `${kind} ${workload.metadata.namespace}/${workload.metadata.name}`;
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
