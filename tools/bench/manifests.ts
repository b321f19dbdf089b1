/** An object as the API server returns it. Only the fields that are changed here have types. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: Record<string, unknown>;
  [field: string]: unknown;
}

/** Metadata that the API server or a controller adds. */
const serverMetadata = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];
const serverKeys =
  /^(pulumi\.com\/|deployment\.kubernetes\.io\/|kubectl\.kubernetes\.io\/|kubernetes\.io\/metadata\.name$)|^app\.kubernetes\.io\/managed-by$/;
/** Fields of a spec that the API server sets, and that another object cannot have. */
const serverSpec: Record<string, string[]> = {
  Service: ["clusterIP", "clusterIPs"],
  Namespace: ["finalizers"],
};
/** Objects that Kubernetes creates in every namespace. */
const ownedByNamespace = new Set(["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"]);

function without<T extends object>(object: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key))) as T;
}

function ownKeys(map: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !serverKeys.test(key)));
}

/**
 * Manifests that create the same objects in another namespace with `kubectl apply`.
 *
 * Everything that decides how fast pods become ready stays the same, above all the pod template.
 */
export function manifestsFrom(
  live: readonly KubernetesObject[],
  { namespace, image }: { namespace: string; image: string },
): KubernetesObject[] {
  const manifests = live
    .filter(({ kind, metadata }) => !ownedByNamespace.has(`${kind}/${metadata.name}`))
    .map((object) => toManifest(object, namespace));
  const oldImages = new Set<string>();
  const withImage = JSON.parse(
    JSON.stringify(manifests, (key, value: unknown) => {
      if (key === "image" && typeof value === "string") {
        oldImages.add(value);
        return image;
      }
      return value;
    }),
  ) as KubernetesObject[];
  if (oldImages.size !== 1) {
    throw new Error(`The stack runs ${oldImages.size} images (${[...oldImages].join(", ")}), but 1 was expected`);
  }
  // `kubectl apply` creates the objects of a file in order, so the namespace comes first.
  return withImage.sort((a, b) => Number(b.kind === "Namespace") - Number(a.kind === "Namespace"));
}

function toManifest(object: KubernetesObject, namespace: string): KubernetesObject {
  const { metadata, spec, ...rest } = without(object, ["status"]);
  const isNamespace = object.kind === "Namespace";
  return {
    ...rest,
    metadata: {
      ...without(metadata, serverMetadata),
      ...(isNamespace ? { name: namespace } : { namespace }),
      labels: ownKeys(metadata.labels),
      annotations: ownKeys(metadata.annotations),
    },
    ...(spec === undefined ? {} : { spec: withoutNodePorts(without(spec, serverSpec[object.kind] ?? [])) }),
  };
}

/** Only one Service can have a port on the node. */
function withoutNodePorts(spec: Record<string, unknown>): Record<string, unknown> {
  const { ports } = spec;
  return Array.isArray(ports)
    ? { ...spec, ports: (ports as Record<string, unknown>[]).map((port) => without(port, ["nodePort"])) }
    : spec;
}
