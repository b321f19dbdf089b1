import type * as pulumi from "@pulumi/pulumi";

import { cronJob, type Timing } from "./cronJob";
import { scheduleLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { commandPodSpec, type PodArgs, type PodReferences, type Resources } from "./podSpec";
import type { ContainerCommand } from "./start";

/** A command that runs from time to time. */
export interface ScheduleArgs extends Resources, Timing {
  start: ContainerCommand;
}

/** Declares a CronJob for each schedule. */
export function runSchedules(
  name: string,
  args: PodArgs & { schedules: Record<string, ScheduleArgs> },
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [schedule, own] of Object.entries(args.schedules)) {
    const spec = commandPodSpec({ ...args, ...own }, references, own.start, schedule);
    const pod = { labels: scheduleLabels(schedule), ownLabels: references.media?.label, spec };
    cronJob(`${name}-${schedule}`, own, pod, metadata, opts);
  }
}
