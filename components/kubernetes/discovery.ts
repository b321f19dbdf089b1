import type { KubeContext } from "../targets/kubeconfig";
import { read } from "./client";

/** A kind of object that a cluster has in its namespaces, and lists. */
export interface NamespacedKind {
  /** Such as Deployment. */
  kind: string;
  /** Path of the list, with "%" for the namespace. */
  path: string;
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

/** The kinds of a cluster, also those that somebody added; none of a group whose server does not answer. */
export async function namespacedKinds(context: KubeContext): Promise<NamespacedKind[]> {
  const { groups } = await read<{ groups: { preferredVersion: { groupVersion: string } }[] }>(context, "/apis");
  const roots = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const kinds = await Promise.all(
    roots.map(async (root) => {
      const { resources } = await read<ResourceList>(context, root).catch((): ResourceList => ({ resources: [] }));
      return resources
        .filter(({ name, namespaced, verbs }) => namespaced && verbs.includes("list") && !name.includes("/"))
        .map(({ name, kind }) => ({ kind, path: `${root}/namespaces/%/${name}` }));
    }),
  );
  return kinds.flat();
}
