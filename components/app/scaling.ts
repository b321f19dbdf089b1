import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";

/** How many pods there are. */
export interface ScalingArgs {
  /** Number of pods; with `maxReplicas` the least number. */
  replicas: number;
  /** Number of pods up to which the use of CPU may scale; undefined for a fixed number. */
  maxReplicas: number | undefined;
  /** Percent of `cpuRequest` that pods use on average before there are more. */
  cpuTargetPercent: number;
}

/** The pods that are meant. */
interface Pods {
  labels: Record<string, string>;
}

/** Lets maintenance take one of several pods at a time. */
export function limitDisruption(
  name: string,
  { replicas, labels }: Pick<ScalingArgs, "replicas"> & Pods,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  if (replicas <= 1) {
    return;
  }
  new PodDisruptionBudget(
    `${name}-budget`,
    {
      metadata: metadata({ name }),
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: labels } },
    },
    opts,
  );
}

/** Lets the number of pods follow the use of CPU. */
export function autoscale(
  name: string,
  { replicas, maxReplicas, cpuTargetPercent }: ScalingArgs,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): void {
  if (maxReplicas === undefined) {
    return;
  }
  new HorizontalPodAutoscaler(
    `${name}-autoscaler`,
    {
      metadata: metadata({ name }),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: replicas,
        maxReplicas,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuTargetPercent } },
          },
        ],
      },
    },
    opts,
  );
}
