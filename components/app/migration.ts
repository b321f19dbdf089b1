import { Job } from "@pulumi/kubernetes/batch/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { InNamespace } from "./objectMeta";
import { commandPodSpec, type PodArgs, type PodReferences } from "./podSpec";

/** Not those of the Service: a migration serves nothing. */
export const migrationLabels = { app: "django-migrate" };

/** Seconds that a migration may take: what locks a table for longer needs a plan of its own. */
const longestSeconds = 600;

/**
 * Runs the release command, which brings the database up to the image's version: once for each image, however many pods
 * there are. Undefined where there is none.
 *
 * @param args `migrationName`: the Job's, another one for each image
 *
 * The next update runs a failed migration again; what depends on it has to wait.
 */
export function migrate(
  name: string,
  args: PodArgs & { migrationName: string },
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Job | undefined {
  const { release } = args.start;
  if (release === undefined) {
    return undefined;
  }
  return new Job(
    `${name}-migrate`,
    {
      metadata: metadata({
        name: args.migrationName,
        labels: migrationLabels,
        annotations: {
          "pulumi.com/replaceUnready": "true",
          "pulumi.com/timeoutSeconds": String(longestSeconds),
        },
      }),
      spec: {
        // No automatic retry: the log has to be read first.
        backoffLimit: 0,
        activeDeadlineSeconds: longestSeconds,
        // A pod that is on its way out may still be at it.
        podReplacementPolicy: "Failed",
        template: {
          metadata: { labels: migrationLabels },
          spec: commandPodSpec(args, references, release),
        },
      },
    },
    opts,
  );
}
