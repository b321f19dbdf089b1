import type { KubeContext } from "../../../components/targets/kubeconfig";
import { askCluster } from "../../../components/targets/endpoints";
import type { StoredResource } from "../state";

interface LiveObject {
  metadata: { managedFields?: { manager: string; operation: string }[] };
}

/**
 * The name under which the Kubernetes provider made an object; undefined when it is not there, or not by the provider.
 *
 * Every object has a manager of its own, and only that one may change its fields later without a conflict.
 */
export async function fieldManagerOf(context: KubeContext, resource: StoredResource): Promise<string | undefined> {
  const path = apiPath(resource);
  const { status, body } = path === undefined ? { status: 404, body: "" } : await askCluster(context, path);
  if (status !== 200) {
    return undefined;
  }
  const { managedFields = [] } = (JSON.parse(body) as LiveObject).metadata;
  return managedFields.find(({ manager, operation }) => operation === "Apply" && /^pulumi-kubernetes-/.test(manager))
    ?.manager;
}

/** Where the API server has an object that a resource's inputs describe; undefined for any other resource. */
export function apiPath({ type, inputs }: StoredResource): string | undefined {
  const {
    apiVersion,
    kind,
    metadata = {},
  } = (inputs ?? {}) as {
    apiVersion?: string;
    kind?: string;
    metadata?: { name?: string; namespace?: string };
  };
  const { name, namespace } = metadata;
  if (!type.startsWith("kubernetes:") || apiVersion === undefined || kind === undefined || name === undefined) {
    return undefined;
  }
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${group}${place}/${plural(kind.toLowerCase())}/${name}`;
}

function plural(kind: string): string {
  if (kind.endsWith("y")) {
    return `${kind.slice(0, -1)}ies`;
  }
  return /(s|x|ch)$/.test(kind) ? `${kind}es` : `${kind}s`;
}
