interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
}

interface Container {
  name: string;
  image?: string;
  resources?: { limits?: Record<string, string> };
  securityContext?: SecurityContext;
}

interface PodSpec {
  initContainers?: Container[];
  containers?: Container[];
  securityContext?: SecurityContext;
}

interface Template {
  metadata?: { annotations?: Record<string, string> };
  spec?: PodSpec;
}

/** What the rules read of an object, whatever its kind. */
export interface KubernetesObject {
  kind: string;
  metadata?: { name?: string; namespace?: string; annotations?: Record<string, string> };
  spec?: PodSpec & { type?: string; template?: Template; jobTemplate?: { spec?: { template?: Template } } };
}

/** A container and the pod that it belongs to. */
export interface ContainerOf {
  container: Container;
  pod: PodSpec;
}

/** Whether a resource of any provider is an object of Kubernetes. */
export function isKubernetesObject(type: string, props: object): props is KubernetesObject {
  return type.startsWith("kubernetes:") && "kind" in props && typeof props.kind === "string";
}

/** Such as `Service "web"`. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} "${metadata?.name ?? ""}"`;
}

/** The containers of an object that is, or makes, pods. */
export function containersOf(object: KubernetesObject): ContainerOf[] {
  const pod = podOf(object)?.spec;
  if (pod === undefined) return [];
  return [...(pod.initContainers ?? []), ...(pod.containers ?? [])].map((container) => ({ container, pod }));
}

/** Annotations of an object's pods. */
export const podAnnotations = (object: KubernetesObject): Record<string, string> =>
  podOf(object)?.metadata?.annotations ?? {};

function podOf(object: KubernetesObject): Template | undefined {
  const { kind, spec } = object;
  return kind === "Pod" ? object : (spec?.jobTemplate?.spec ?? spec)?.template;
}
