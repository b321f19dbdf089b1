import type { Workspace } from "./workspace";

/** Names of the pods of a namespace, without those that are on their way out, which may take half a minute. */
export async function stayingPods(
  workspace: Workspace,
  namespace: string,
  selector = "app=django-container",
): Promise<string[]> {
  const list = ["get", "pods", "--selector", selector, "--output", "json"];
  const { items } = JSON.parse(await workspace.kubectl("--namespace", namespace, ...list)) as {
    items: { metadata: { name: string; deletionTimestamp?: string } }[];
  };
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)
    .sort();
}
