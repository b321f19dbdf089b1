import { Deployment } from "@pulumi/kubernetes/apps/v1";
import type * as pulumi from "@pulumi/pulumi";

import { podLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { graceSeconds, type PodArgs, type PodReferences, podSpec } from "./podSpec";
import type { ScalingArgs } from "./scaling";

/** What shapes the Deployment of the web process. */
export type WebArgs = PodArgs & ScalingArgs;

/** Declares the Deployment whose pods serve the page. A new pod is ready before an old one is ended, if both can be. */
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
        strategy:
          references.sqliteVolume === undefined
            ? { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
            : // Two pods on two nodes would wait for the volume for ever.
              { type: "Recreate" },
        selector: { matchLabels: podLabels },
        template: {
          metadata: {
            labels: { ...podLabels, ...references.media?.label },
            ...(references.agent && { annotations: references.agent.annotations }),
          },
          spec: podSpec(args, references),
        },
      },
    },
    {
      ...opts,
      // The last pod may take all of its time: a shell that runs the server passes no signal on to it.
      customTimeouts: { delete: `${graceSeconds + args.rolloutTimeoutSeconds}s` },
      // An update would undo the autoscaler's number, and without one in the spec the API server would take it for 1.
      ...(args.maxReplicas === undefined ? {} : { ignoreChanges: ["spec.replicas"] }),
    },
  );
}
