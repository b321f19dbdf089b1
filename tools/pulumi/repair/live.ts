import type { KubernetesObject } from "@kubernetes/client-node";

import type { KubeContext } from "../../../components/targets/kubeconfig";
import { readIfThere } from "../../kubernetes/client";
import type { Live, ObjectKey } from "../../kubernetes/types";
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
  return object?.metadata.managedFields?.find(
    ({ manager, operation }) => operation === "Apply" && manager?.startsWith("pulumi-kubernetes-"),
  )?.manager;
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
