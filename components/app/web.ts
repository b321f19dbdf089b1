import { Deployment } from "@pulumi/kubernetes/apps/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";
import { type PodArgs, podLabels, type PodReferences, podSpec } from "./podSpec";
import type { ScalingArgs } from "./scaling";

/** What shapes the Deployment of the web process. */
export type WebArgs = PodArgs & ScalingArgs;

/** Declares the Deployment whose pods serve the page. A new pod is ready before an old one is ended. */
export function serveWeb(
  name: string,
  args: WebArgs,
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Deployment {
  return new Deployment(
    name,
    {
      metadata: metadata({
        name,
        labels: { app: "django" },
        annotations: { "pulumi.com/timeoutSeconds": String(args.rolloutTimeoutSeconds) },
      }),
      spec: {
        replicas: args.replicas,
        revisionHistoryLimit: 2,
        progressDeadlineSeconds: args.rolloutTimeoutSeconds,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        selector: { matchLabels: podLabels },
        template: { metadata: { labels: podLabels }, spec: podSpec(args, references) },
      },
    },
    // An update would undo the autoscaler's number, and without one in the spec the API server would take it for 1.
    args.maxReplicas === undefined ? opts : { ...opts, ignoreChanges: ["spec.replicas"] },
  );
}
