import type { ObjectKey } from "../kubernetes/types";
import { isProtectedVolume, type Mark, markOf } from "./mark";

/** What the stack deployed before: by its state, which every checkout and colleague shares. */
export interface PriorState extends PriorApp {
  /** Name of the stack. */
  stack: string;
  /** The cluster; undefined where nothing was deployed. */
  cluster: PriorCluster | undefined;
  /** The stack's other apps, also one that it deploys no more. */
  others: PriorApp[];
  /** The volumes that keep data, of all apps. */
  volumes: PriorVolume[];
  /** Whether an autoscaler sets the number of the app's web pods. */
  hasAutoscaler: boolean;
}

/** An app of the stack. */
export interface PriorApp {
  /** Its name. */
  app: string;
  /** What marks its namespace: a new mark until a release that marks has begun to deploy the app. */
  mark: Mark;
  /** What marks its namespace as the stack's; undefined where there is none. */
  claim: PriorClaim | undefined;
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
  urn: string;
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
}

/** A resource of the state, as far as it is read here. */
export interface PriorResource {
  /** Ends in the resource's name, which is the app's own or begins with it. */
  urn: string;
  type: string;
  outputs?: Record<string, unknown> | undefined;
  /** Whether it was replaced and is still to be deleted. */
  delete?: boolean;
}

/** Type of the component that keeps the mark: a refresh from the cluster changes no component. */
export const appType = "django:index:DjangoApp";
/** Label of the ConfigMap that marks what a stack has in a namespace of others. */
export const anchorLabel = "kubernetes-django/anchor";
/** Whether the provider takes fields from whoever changed them. */
export const forceAnnotation = "pulumi.com/patchForce";

interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  annotations?: Record<string, string>;
}

/**
 * Finds in a state what must not be lost.
 *
 * @param self the stack and its app, and the mark that the app's namespace gets if it has none
 */
export function priorOf(all: readonly PriorResource[], self: Pick<PriorState, "stack" | "app" | "mark">): PriorState {
  const { stack, app, mark } = self;
  const resources = all.filter((resource) => resource.delete !== true);
  const of = (type: string): PriorResource[] => resources.filter((resource) => resource.type === type);
  const [provider] = of("pulumi:providers:kubernetes").map(outputsOf);
  const others = of(appType).map(nameIn);
  return {
    stack,
    ...appOf(resources, app, mark),
    others: others.filter((other) => other !== app).map((other) => appOf(resources, other, mark)),
    cluster: provider && {
      context: text(provider["context"]) ?? "",
      kubeconfig: text(provider["kubeconfig"]),
      clusterIdentifier: text(provider["clusterIdentifier"]),
    },
    volumes: of("kubernetes:core/v1:PersistentVolumeClaim").map(outputsOf).map(volumeOf),
    hasAutoscaler:
      named(resources, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", `${app}-autoscaler`).length > 0,
  };
}

/** @param mark that it gets if it has none */
function appOf(resources: readonly PriorResource[], app: string, mark: Mark): PriorApp {
  const [{ mark: recorded } = {}] = named(resources, appType, app).map(outputsOf);
  const [claim] = [
    ...named(resources, "kubernetes:core/v1:Namespace", `${app}-namespace`),
    ...named(resources, "kubernetes:core/v1:ConfigMap", `${app}-anchor`),
  ].map(claimOf);
  return { app, mark: (recorded as Mark | undefined) ?? claim?.mark ?? mark, claim };
}

const named = (resources: readonly PriorResource[], type: string, name: string): PriorResource[] =>
  resources.filter((resource) => resource.type === type && nameIn(resource) === name);
const outputsOf = ({ outputs = {} }: PriorResource): Record<string, unknown> => outputs;
const nameIn = ({ urn }: PriorResource): string => urn.split("::").at(-1) ?? "";

function claimOf(resource: PriorResource): PriorClaim {
  const { urn, type } = resource;
  const metadata = outputsOf(resource)["metadata"] as Metadata;
  const { name, namespace, uid } = metadata;
  const kind = type.split(":").at(-1) ?? "";
  return {
    urn,
    key: { apiVersion: "v1", kind, metadata: { name, ...(namespace !== undefined && { namespace }) } },
    uid,
    mark: markOf(metadata),
    isAdopted: metadata.annotations?.[forceAnnotation] === "true",
  };
}

function volumeOf({ metadata, spec }: Record<string, unknown>): PriorVolume {
  const { name, namespace = "", annotations } = metadata as Metadata;
  const { resources } = (spec ?? {}) as { resources?: { requests?: { storage?: string } } };
  return { name, namespace, isProtected: isProtectedVolume({ annotations }), size: resources?.requests?.storage };
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
