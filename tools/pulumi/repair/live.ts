import type { KubernetesObject } from "@kubernetes/client-node";

import { markOf } from "../../../components/safeguards/mark";
import type { KubeContext } from "../../../components/targets/kubeconfig";
import { readIfThere } from "../../../components/kubernetes/client";
import type { Live, ObjectKey } from "../../../components/kubernetes/types";
import type { StoredResource } from "../state";

/**
 * The name under which the Kubernetes provider made an object; undefined when it is not there, or not by the provider.
 *
 * Every object has a manager of its own, and only that one may change its fields later without a conflict.
 *
 * @throws a `Problem` when the cluster does not say whether the object is there
 */
export async function fieldManagerOf(context: KubeContext, resource: StoredResource): Promise<string | undefined> {
  const key = objectKey(resource);
  const object = key && (await readIfThere<Live<KubernetesObject>>(context, key));
  // A namespace that somebody else made under the same name is not the one that was being made.
  const wanted = markOf(resource.inputs?.["metadata"] ?? {});
  if (wanted !== undefined && object !== undefined && markOf(object.metadata)?.id !== wanted.id) {
    return undefined;
  }
  return object?.metadata.managedFields?.find(
    ({ manager, operation }) => operation === "Apply" && manager?.startsWith("pulumi-kubernetes-"),
  )?.manager;
}

/** The object that a resource of the state is; undefined for a resource that is none, and for a Job, which may end. */
export function deployedKey(resource: StoredResource): ObjectKey | undefined {
  const { type, inputs, outputs } = resource;
  return type.endsWith(":Job")
    ? undefined
    : objectKey({ ...resource, inputs: { ...inputs, metadata: outputs?.["metadata"] } });
}

/** The object that a resource's inputs describe; undefined for a resource that is no object with a name. */
export function objectKey({ type, inputs }: StoredResource): ObjectKey | undefined {
  const {
    apiVersion,
    kind,
    metadata: { name, namespace } = {},
  } = (inputs ?? {}) as {
    apiVersion?: string;
    kind?: string;
    metadata?: { name?: string; namespace?: string };
  };
  if (!type.startsWith("kubernetes:") || apiVersion === undefined || kind === undefined || name === undefined) {
    return undefined;
  }
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}
