import { CronJob } from "@pulumi/kubernetes/batch/v1";
import type * as pulumi from "@pulumi/pulumi";

import { scheduleLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { commandPodSpec, type PodArgs, type PodReferences, type Resources } from "./podSpec";
import type { ContainerCommand } from "./start";

/** A command that runs from time to time. */
export interface ScheduleArgs extends Resources {
  /** Cron expression. */
  schedule: string;
  start: ContainerCommand;
  timeZone: string;
  /** Seconds that a run may take. */
  deadlineSeconds: number;
  /** Seconds by which a run may be late before it is left out. */
  startingDeadlineSeconds: number;
  /** Number of runs that are kept, of those that succeeded and of those that failed. */
  history: number;
}

/** Declares a CronJob for each schedule: it begins no run while the one before goes on, and repeats none that failed. */
export function runSchedules(
  name: string,
  args: PodArgs & { schedules: Record<string, ScheduleArgs> },
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [schedule, own] of Object.entries(args.schedules)) {
    const labels = scheduleLabels(schedule);
    new CronJob(
      `${name}-${schedule}`,
      {
        metadata: metadata({ name: `${name}-${schedule}`, labels: { app: "django" } }),
        spec: {
          schedule: own.schedule,
          timeZone: own.timeZone,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: own.startingDeadlineSeconds,
          successfulJobsHistoryLimit: own.history,
          failedJobsHistoryLimit: own.history,
          jobTemplate: {
            metadata: { labels },
            spec: {
              backoffLimit: 0,
              activeDeadlineSeconds: own.deadlineSeconds,
              template: {
                metadata: { labels: { ...labels, ...references.media?.label } },
                spec: commandPodSpec({ ...args, ...own }, references, own.start, schedule),
              },
            },
          },
        },
      },
      opts,
    );
  }
}
