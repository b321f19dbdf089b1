import { Job } from "@pulumi/kubernetes/batch/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { containerName, migrationLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { commandPodSpec, type PodArgs, type PodReferences } from "./podSpec";

/** Seconds that a migration may take: what locks a table for longer needs a plan of its own. */
const longestSeconds = 600;

/** What a release command is run for. */
export interface ReleaseArgs extends PodArgs {
  /** Name of the Job. */
  releaseName: string;
  /** What its result depends on, as far as that is known: another one runs it again. */
  releaseTag: string;
}

/**
 * Runs the release command, which brings the database up to the image's version: once for each `releaseTag`, however
 * many pods there are. Undefined where there is none.
 *
 * The next update runs a failed migration again; what depends on it has to wait.
 */
export function migrate(
  name: string,
  args: ReleaseArgs,
  references: PodReferences,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Job | undefined {
  const { release } = args.start;
  if (release === undefined) {
    return undefined;
  }
  const spec = commandPodSpec({ ...args, imageTag: args.releaseTag }, references, release, containerName);
  return new Job(
    // Under one name a Job that is replaced would have the image of the one before, since that is ignored below.
    `${name}-migrate-${args.releaseTag}`,
    {
      metadata: metadata({
        name: args.releaseName,
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
          metadata: { labels: { ...migrationLabels, ...references.media?.label } },
          spec,
        },
      },
    },
    // An image that differs in its pages alone would do the same.
    { ...opts, ignoreChanges: imagesOf(spec).map((image) => `spec.template.spec.${image}`) },
  );
}

/** Paths of the images in the spec of a pod, of the containers that prepare its folders, too. */
function imagesOf({ initContainers = [] }: types.input.core.v1.PodSpec): string[] {
  const before = Array.isArray(initContainers) ? initContainers : [];
  return ["containers[0].image", ...before.map((_, index) => `initContainers[${index}].image`)];
}
