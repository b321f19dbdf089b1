import type { V1CronJob, V1Job, V1JobCondition } from "@kubernetes/client-node";

import type { Json, Live, ObjectKey } from "../../../components/kubernetes/types";

/** A Job as it is created. */
export type NewJob = ObjectKey & { metadata: { name: string; namespace: string }; spec: object };

/**
 * The Job that runs a schedule now, as `kubectl create job --from` makes it. Its CronJob owns it: it is deleted with the
 * others, and as one of those that are kept as history.
 *
 * @param run tells it from others
 */
export function jobFrom({ metadata, spec }: Live<V1CronJob>, run: string): NewJob {
  const { metadata: own = {}, spec: jobSpec = {} } = spec?.jobTemplate ?? {};
  const { name, namespace = "default", uid } = metadata;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${name}-manual-${run}`,
      namespace,
      ...(own.labels && { labels: own.labels }),
      annotations: { ...own.annotations, "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name, uid, controller: true }],
    } as NewJob["metadata"],
    spec: jobSpec,
  };
}

/** The runs of a schedule that have not ended. */
export function running(jobs: readonly Live<V1Job>[], { metadata: { uid } }: Live<V1CronJob>): string[] {
  return jobs
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true)
    .filter((job) => endOf(job) === undefined)
    .map(({ metadata }) => metadata.name);
}

/** How a Job ended; undefined while it runs. */
export function endOf({ status }: Pick<Live<V1Job>, "status">): Json<V1JobCondition> | undefined {
  return status?.conditions?.find(
    (condition) => condition.status === "True" && (condition.type === "Complete" || condition.type === "Failed"),
  );
}
