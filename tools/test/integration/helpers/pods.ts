import type { Kubectl } from "./kubectl";
import { Workspace } from "./workspace";

/** What the tests read of a pod. */
interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
  spec: { nodeName?: string };
  status: { conditions?: { type: string; status: string }[] };
}

/** Who asks the cluster. */
type Asker = Workspace | Kubectl;

/** Those that are not on their way out, which may take half a minute in which they still run. */
async function staying(asker: Asker, namespace: string, selector: string): Promise<Pod[]> {
  const list = ["--namespace", namespace, "get", "pods", "--selector", selector, "--output", "json"];
  const answer = await (asker instanceof Workspace ? asker.kubectl(...list) : asker.run(list));
  const { items } = JSON.parse(answer) as { items: Pod[] };
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Names of the pods of a namespace, without those that are on their way out. */
export async function stayingPods(
  workspace: Workspace,
  namespace: string,
  selector = "app=django-container",
): Promise<string[]> {
  const pods = await staying(workspace, namespace, selector);
  return pods.map(({ metadata }) => metadata.name).sort();
}

/** A pod that the Service sends requests to. One that merely runs may refuse them still. */
export interface ReadyPod {
  name: string;
  node: string;
}

/** Pods that are ready and stay, in the order of their nodes. */
export async function readyPods(
  asker: Asker,
  namespace: string,
  selector = "app=django-container",
): Promise<ReadyPod[]> {
  return (await staying(asker, namespace, selector))
    .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"))
    .map(({ metadata, spec }) => ({ name: metadata.name, node: spec.nodeName ?? "" }))
    .sort((one, other) => one.node.localeCompare(other.node));
}
