import { CronJob } from "@pulumi/kubernetes/batch/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";

/** When a command runs, and how long it may take. */
export interface Timing {
  /** Cron expression. */
  schedule: string;
  timeZone: string;
  /** Seconds that a run may take. */
  deadlineSeconds: number;
  /** Seconds by which a run may be late before it is left out. */
  startingDeadlineSeconds: number;
  /** Number of runs that are kept, of those that succeeded and of those that failed. */
  history: number;
}

/** A pod that runs it. */
export interface RunPod {
  /** Labels of its Job. */
  labels: Record<string, string>;
  /** Labels that the pod has beside them. @default none */
  ownLabels?: Record<string, string> | undefined;
  spec: types.input.core.v1.PodSpec;
}

/** Names the volumes that its pods have of those that outlive pods. */
const volumesKey = "kubernetes-django/volumes";

/**
 * Declares a CronJob that begins no run while the one before goes on, and repeats none that failed.
 *
 * The pods of runs that are kept to be looked at keep a volume from being deleted. They go with their CronJob, so one that
 * has other volumes than before is another one. All of its volumes do not tell that: a Secret among them has a new name
 * with each value.
 */
export function cronJob(
  name: string,
  { schedule, timeZone, deadlineSeconds, startingDeadlineSeconds, history }: Timing,
  { labels, ownLabels, spec }: RunPod,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): CronJob {
  const lasting = lastingVolumes(spec);
  return new CronJob(
    name,
    {
      metadata: metadata({
        name,
        labels: { app: "django" },
        ...(lasting.length > 0 && { annotations: { [volumesKey]: lasting.join(",") } }),
      }),
      spec: {
        schedule,
        timeZone,
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds,
        successfulJobsHistoryLimit: history,
        failedJobsHistoryLimit: history,
        jobTemplate: {
          metadata: { labels },
          spec: {
            backoffLimit: 0,
            activeDeadlineSeconds: deadlineSeconds,
            template: { metadata: { labels: { ...labels, ...ownLabels } }, spec },
          },
        },
      },
    },
    { ...opts, replaceOnChanges: [`metadata.annotations["${volumesKey}"]`], deleteBeforeReplace: true },
  );
}

/** Names of the volumes in a pod that are there before and after it. */
function lastingVolumes({ volumes = [] }: types.input.core.v1.PodSpec): string[] {
  const all = (Array.isArray(volumes) ? volumes : []) as types.input.core.v1.Volume[];
  return all.filter((volume) => "persistentVolumeClaim" in volume).map(({ name }) => name as string);
}
