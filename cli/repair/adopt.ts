import type { PendingOperation, StackState, StoredResource } from "../state";

/**
 * What an engine that was killed may have made without writing it down is taken into the state.
 *
 * An object of Kubernetes that was being created has its name from then on, so it can be told whether it is there: as a
 * resource of the state, a refresh keeps it with what it really is or drops it. Made anew instead, it would already exist,
 * or under a new name leave the old one behind. All other pending operations are dropped, since the next update does
 * them again.
 */
export function adoptPending({ version, deployment }: StackState): StackState {
  const { pending_operations: pending = [], resources = [], ...rest } = deployment;
  return { version, deployment: { ...rest, resources: pending.reduce(adopt, resources), pending_operations: [] } };
}

function adopt(resources: StoredResource[], { type, resource }: PendingOperation): StoredResource[] {
  const id = idOf(resource);
  if (type !== "creating" || id === undefined) {
    return resources;
  }
  // The inputs name the field manager too, without which the next update would be in conflict with the first one's.
  const adopted: StoredResource = { ...resource, id, outputs: resource.inputs ?? {} };
  const replaced = resources.findIndex(({ urn, delete: isOld }) => urn === resource.urn && isOld !== true);
  if (replaced === -1) {
    return [...resources, adopted];
  }
  // As the engine would have gone on: the new one is the resource, and the one that it replaces goes.
  const old = resources.map((each, index) => (index === replaced ? { ...each, delete: true } : each));
  return old.toSpliced(replaced, 0, adopted);
}

/** Name by which the provider knows an object of Kubernetes; undefined for anything else. */
function idOf({ type, inputs }: StoredResource): string | undefined {
  const { name, namespace } = (inputs?.["metadata"] ?? {}) as { name?: unknown; namespace?: unknown };
  if (!type.startsWith("kubernetes:") || typeof name !== "string") {
    return undefined;
  }
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

/** What was pending, for people: "creating Deployment kubernetes-django". */
export function describePending({ type, resource: { urn } }: PendingOperation): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${type} ${types.split("$").at(-1)?.split(":").at(-1) ?? types} ${name}`;
}
