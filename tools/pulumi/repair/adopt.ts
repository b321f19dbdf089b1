import type { PendingOperation, StackState, StoredResource } from "../state";

/** An object that was being made when the engine was killed, and that is there. */
export interface Made {
  operation: PendingOperation;
  /** Who may change its fields without a conflict. */
  fieldManager: string;
}

/**
 * Takes what an engine that was killed had made, and not written down any more, into the state.
 *
 * Made once more, such an object would already exist, or stay behind under its old name. All other pending operations are
 * dropped: after a refresh the next update does again what they did not come to do.
 */
export function adopt({ version, deployment }: StackState, made: Made[]): StackState {
  const { resources = [] } = deployment;
  return {
    version,
    deployment: { ...deployment, resources: made.reduce(withObject, resources), pending_operations: [] },
  };
}

function withObject(resources: StoredResource[], { operation, fieldManager }: Made): StoredResource[] {
  const { resource } = operation;
  const { apiVersion, metadata } = resource.inputs as {
    apiVersion: string;
    metadata: { name: string; namespace?: string };
  };
  const { name, namespace } = metadata;
  const adopted: StoredResource = {
    ...resource,
    id: namespace === undefined ? name : `${namespace}/${name}`,
    // As the provider notes it; the refresh adds what the cluster says.
    outputs: {
      ...resource.inputs,
      __inputs: resource.inputs,
      __fieldManager: fieldManager,
      __initialApiVersion: apiVersion,
    },
  };
  const replaced = resources.findIndex(({ urn, delete: isOld }) => urn === resource.urn && isOld !== true);
  if (replaced === -1) {
    return [...resources, adopted];
  }
  // As the engine would have gone on: the new one is the resource, and the one that it replaces goes.
  const old = resources.map((each, index) => (index === replaced ? { ...each, delete: true } : each));
  return old.toSpliced(replaced, 0, adopted);
}

/** What was pending, for people: "creating Deployment kubernetes-django". */
export function describePending({ type, resource: { urn } }: PendingOperation): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${type} ${types.split("$").at(-1)?.split(":").at(-1) ?? types} ${name}`;
}
