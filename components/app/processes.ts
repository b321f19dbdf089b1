import { Deployment } from "@pulumi/kubernetes/apps/v1";
import type * as pulumi from "@pulumi/pulumi";

import { processLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { type PodArgs, type PodReferences, processPodSpec, type ProcessPodArgs } from "./podSpec";
import { autoscale, limitDisruption } from "./scaling";

/** A process beside the web's. */
export interface ProcessArgs extends ProcessPodArgs {
  /** Number of pods up to which the use of CPU may scale; undefined for a fixed number. */
  maxReplicas: number | undefined;
  /** Whether there may never be two of it. */
  singleton: boolean;
}

/** What all processes of an app share. */
export interface ProcessesArgs extends PodArgs {
  processes: Record<string, ProcessArgs>;
  /** Percent of `cpuRequest` that pods use on average before there are more. */
  cpuTargetPercent: number;
}

/** Seconds for which a process that says nothing of its health has to run before it counts as started. */
const steadySeconds = 5;

/** Declares a Deployment for each process beside the web's. */
export function runProcesses(
  name: string,
  args: ProcessesArgs,
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [process, own] of Object.entries(args.processes)) {
    runProcess(`${name}-${process}`, process, own, args, references, metadata, opts);
  }
}

function runProcess(
  name: string,
  process: string,
  own: ProcessArgs,
  args: ProcessesArgs,
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  const labels = processLabels(process);
  const scaling = { ...own, labels, cpuTargetPercent: args.cpuTargetPercent };
  const isProbed = own.port !== undefined || own.healthCommand !== undefined;
  // As with the web process.
  if (references.media?.label === undefined) {
    limitDisruption(name, scaling, metadata, opts);
  }
  new Deployment(
    name,
    {
      metadata: metadata({
        name,
        labels: { app: "django" },
        annotations: { "pulumi.com/timeoutSeconds": String(args.rolloutTimeoutSeconds + own.graceSeconds) },
      }),
      spec: {
        replicas: own.replicas,
        revisionHistoryLimit: 2,
        // A singleton's new pod waits for the old one to end.
        progressDeadlineSeconds: args.rolloutTimeoutSeconds + own.graceSeconds,
        ...(isProbed ? {} : { minReadySeconds: steadySeconds }),
        strategy: own.singleton
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels: { ...labels, ...references.media?.label },
            ...(references.agent && { annotations: references.agent.annotations }),
          },
          spec: processPodSpec(process, own, args, references),
        },
      },
    },
    {
      ...opts,
      customTimeouts: { delete: `${own.graceSeconds + args.rolloutTimeoutSeconds}s` },
      // As with the web process.
      ...(own.maxReplicas === undefined ? {} : { ignoreChanges: ["spec.replicas"] }),
    },
  );
  autoscale(name, scaling, metadata, opts);
}
