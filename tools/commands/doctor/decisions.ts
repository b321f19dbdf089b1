import type { StackState } from "../../pulumi/state";
import { project } from "../../stack/stackConfig";

/** The namespaces with a Deployment of this project's name. */
export function namespacesWithApp(
  deployments: readonly { metadata: { name?: string; namespace?: string } }[],
): string[] {
  return deployments.flatMap(({ metadata: { name, namespace } }) =>
    name === project && namespace !== undefined ? [namespace] : [],
  );
}

/** The namespaces in which the stacks have anything, and those in which they were creating it when they were interrupted. */
export function namespacesOf(states: ReadonlyMap<string, StackState>): Set<string> {
  const deployments = [...states.values()].map(({ deployment }) => deployment);
  const resources = deployments.flatMap(({ resources = [], pending_operations: pending = [] }) => [
    ...resources,
    ...pending.map(({ resource }) => resource),
  ]);
  return new Set(
    resources.flatMap(({ type, inputs, outputs }) => {
      const { name, namespace } = (outputs?.["metadata"] ?? inputs?.["metadata"] ?? {}) as Partial<
        Record<string, string>
      >;
      return (type === "kubernetes:core/v1:Namespace" ? name : namespace) ?? [];
    }),
  );
}
