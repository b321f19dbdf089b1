import type { NamespacedKind } from "../kubernetes/discovery";
import type { Endpoints } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";

/** What counts as a workload. */
const workloads = {
  Deployment: "/apis/apps/v1/namespaces/%/deployments",
  StatefulSet: "/apis/apps/v1/namespaces/%/statefulsets",
  DaemonSet: "/apis/apps/v1/namespaces/%/daemonsets",
  Job: "/apis/batch/v1/namespaces/%/jobs",
  CronJob: "/apis/batch/v1/namespaces/%/cronjobs",
  Pod: "/api/v1/namespaces/%/pods",
};
/** What is lost with a namespace beside them, and has to be known. Of every other kind counts what the user may list. */
const others = {
  Service: "/api/v1/namespaces/%/services",
  PersistentVolumeClaim: "/api/v1/namespaces/%/persistentvolumeclaims",
  Secret: "/api/v1/namespaces/%/secrets",
  ConfigMap: "/api/v1/namespaces/%/configmaps",
};
const isWorkload = new RegExp(`^(${Object.keys(workloads).join("|")}) `);
/** What a cluster makes of other objects, or of what happens. */
const isDerived = /^(Event|Endpoints|EndpointSlice|Lease|ReplicaSet|ControllerRevision|PodMetrics|CSIStorageCapacity)$/;
/** What every namespace has from the start, on OpenShift and with Istio, too. */
const given = new RegExp(
  `^(${[
    "ConfigMap (kube-root-ca\\.crt|openshift-service-ca\\.crt|istio-ca-root-cert)",
    "Secret (default|builder|deployer)-(token|dockercfg)-.*",
    "ServiceAccount (default|builder|deployer)",
    "RoleBinding system:(deployers|image-builders|image-pullers)",
  ].join("|")})$`,
);

/** What somebody put into a namespace, as "Deployment web": neither what every namespace has, nor what an object made. */
export async function inhabitants(context: KubeContext, namespace: string, endpoints: Endpoints): Promise<string[]> {
  const required = Object.entries({ ...workloads, ...others }).map(([kind, path]) => ({ kind, path }));
  const listed = async ({ kind, path }: NamespacedKind): Promise<string[]> =>
    (await endpoints.list(context, path.replace("%", namespace)))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0)
      .map(({ metadata }) => `${kind} ${metadata.name}`);
  const kinds = await endpoints.kinds(context).catch((): NamespacedKind[] => []);
  const more = kinds.filter(({ kind, path }) => !isDerived.test(kind) && !required.some((each) => each.path === path));
  const found = await Promise.all([
    ...required.map(listed),
    // Not every user may list them all, and not every one is there.
    ...more.map(async (kind) => await listed(kind).catch((): string[] => [])),
  ]);
  return found.flat().filter((each) => !given.test(each));
}

/** Whether nothing of anybody else's is among them: they are none, or the app's, of a release that marked nothing. */
export function isNobodys(found: readonly string[], app: string): boolean {
  return found.every((each) => isNamedAsOurs(each, app));
}

/** Workloads beside which a stack does not go into a namespace. */
export function strangers(found: readonly string[]): string[] {
  return found.filter((each) => isWorkload.test(each));
}

/** Volumes that a stack which comes into a namespace would take over, by their names. */
export function takenVolumes(found: readonly string[], app: string): string[] {
  return found.filter((each) => each.startsWith("PersistentVolumeClaim ") && isNamedAsOurs(each, app));
}

function isNamedAsOurs(each: string, app: string): boolean {
  const [, name = ""] = each.split(" ");
  return name === app || name.startsWith(`${app}-`);
}
