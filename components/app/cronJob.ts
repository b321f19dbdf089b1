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

/** Declares a CronJob that begins no run while the one before goes on, and repeats none that failed. */
export function cronJob(
  name: string,
  { schedule, timeZone, deadlineSeconds, startingDeadlineSeconds, history }: Timing,
  { labels, ownLabels, spec }: RunPod,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): CronJob {
  return new CronJob(
    name,
    {
      metadata: metadata({ name, labels: { app: "django" } }),
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
    opts,
  );
}
