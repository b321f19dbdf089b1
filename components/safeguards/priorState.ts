import type { ObjectKey } from "../kubernetes/types";
import { isProtectedVolume, type Mark, markOf } from "./mark";

/** What the stack deployed before: by its state, which every checkout and colleague shares. */
export interface PriorState {
  /** Name of the stack. */
  stack: string;
  /** What it marks its own with: a new mark until a release that marks has begun to deploy the stack. */
  mark: Mark;
  /** The cluster; undefined where nothing was deployed. */
  cluster: PriorCluster | undefined;
  /** What marks the namespace as the stack's; undefined where there is none. */
  claim: PriorClaim | undefined;
  /** The volumes that keep data. */
  volumes: PriorVolume[];
  hasAutoscaler: boolean;
}

export interface PriorCluster {
  context: string;
  /** Undefined for the user's own. */
  kubeconfig: string | undefined;
  /** Undefined where the state says none. */
  clusterIdentifier: string | undefined;
}

/** The namespace that the stack made, or its ConfigMap in one that was there. */
export interface PriorClaim {
  key: ObjectKey;
  /** Undefined until the state was refreshed after an interruption. */
  uid: string | undefined;
  mark: Mark | undefined;
  /** Whether it was taken over from another stack. */
  isAdopted: boolean;
}

export interface PriorVolume {
  name: string;
  namespace: string;
  isProtected: boolean;
  /** A Kubernetes quantity; undefined where the state says none. */
  size: string | undefined;
  /** As the cluster decided it, too; undefined where the state says none. */
  storageClass: string | undefined;
  accessMode: string | undefined;
}

/** A resource of the state, as far as it is read here. */
export interface PriorResource {
  type: string;
  outputs?: Record<string, unknown> | undefined;
  /** Whether it was replaced and is still to be deleted. */
  delete?: boolean;
}

/** Type of the component that keeps the mark: a refresh from the cluster changes no component. */
const appType = "django:index:DjangoApp";
/** Label of the ConfigMap that marks what a stack has in a namespace of others. */
export const anchorLabel = "kubernetes-django/anchor";
/** Whether the provider takes fields from whoever changed them. */
export const forceAnnotation = "pulumi.com/patchForce";

interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

/**
 * Finds in a state what must not be lost.
 *
 * @param self the stack, and the mark that it gets if it has none
 */
export function priorOf(all: readonly PriorResource[], self: Pick<PriorState, "stack" | "mark">): PriorState {
  const resources = all.filter((resource) => resource.delete !== true);
  const of = (type: string): Record<string, unknown>[] =>
    resources.flatMap((resource) => (resource.type === type ? [resource.outputs ?? {}] : []));
  const metadataOf = (type: string): Metadata[] => of(type).map(({ metadata }) => metadata as Metadata);
  const [{ mark: recorded } = {}] = of(appType);
  const [provider] = of("pulumi:providers:kubernetes");
  const anchors = metadataOf("kubernetes:core/v1:ConfigMap").filter(({ labels }) => labels?.[anchorLabel] === "true");
  const [claim] = [
    ...metadataOf("kubernetes:core/v1:Namespace").map((metadata) => claimOf("Namespace", metadata)),
    ...anchors.map((metadata) => claimOf("ConfigMap", metadata)),
  ];
  return {
    stack: self.stack,
    mark: (recorded as Mark | undefined) ?? claim?.mark ?? self.mark,
    cluster: provider && {
      context: text(provider["context"]) ?? "",
      kubeconfig: text(provider["kubeconfig"]),
      clusterIdentifier: text(provider["clusterIdentifier"]),
    },
    claim,
    volumes: of("kubernetes:core/v1:PersistentVolumeClaim").map(volumeOf),
    hasAutoscaler: of("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").length > 0,
  };
}

function claimOf(kind: string, metadata: Metadata): PriorClaim {
  const { name, namespace, uid } = metadata;
  return {
    key: { apiVersion: "v1", kind, metadata: { name, ...(namespace !== undefined && { namespace }) } },
    uid,
    mark: markOf(metadata),
    isAdopted: metadata.annotations?.[forceAnnotation] === "true",
  };
}

function volumeOf({ metadata, spec }: Record<string, unknown>): PriorVolume {
  const { name, namespace = "", annotations } = metadata as Metadata;
  const { resources, storageClassName, accessModes } = (spec ?? {}) as {
    resources?: { requests?: { storage?: string } };
    storageClassName?: string;
    accessModes?: string[];
  };
  return {
    name,
    namespace,
    isProtected: isProtectedVolume({ annotations }),
    size: resources?.requests?.storage,
    storageClass: storageClassName,
    accessMode: accessModes?.[0],
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
