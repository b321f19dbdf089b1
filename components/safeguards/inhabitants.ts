import { appName } from "../app/objectMeta";
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
/** What is lost with a namespace beside them. */
const others = {
  Service: "/api/v1/namespaces/%/services",
  PersistentVolumeClaim: "/api/v1/namespaces/%/persistentvolumeclaims",
  Secret: "/api/v1/namespaces/%/secrets",
  ConfigMap: "/api/v1/namespaces/%/configmaps",
};
const isWorkload = new RegExp(`^(${Object.keys(workloads).join("|")}) `);
/** What every namespace has from the start. */
const given =
  /^(ConfigMap kube-root-ca\.crt|Secret default-token-.*|ConfigMap (openshift-service-ca\.crt|istio-ca-root-cert))$/;

/** What somebody put into a namespace, as "Deployment web": neither what every namespace has, nor what an object made. */
export async function inhabitants(context: KubeContext, namespace: string, endpoints: Endpoints): Promise<string[]> {
  const found = await Promise.all(
    Object.entries({ ...workloads, ...others }).map(async ([kind, path]) =>
      (await endpoints.list(context, path.replace("%", namespace)))
        .filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0)
        .map(({ metadata }) => `${kind} ${metadata.name}`),
    ),
  );
  return found.flat().filter((each) => !given.test(each));
}

/** Whether nothing of anybody else's is among them: they are none, or this project's, of a release that marked nothing. */
export function isNobodys(found: readonly string[]): boolean {
  return found.every((each) => each.split(" ")[1]?.startsWith(appName) === true);
}

/** Workloads beside which a stack does not go into a namespace. */
export function strangers(found: readonly string[]): string[] {
  return found.filter((each) => isWorkload.test(each));
}
