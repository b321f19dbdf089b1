import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

import { protectedAnnotation } from "../safeguards/mark";
import type { InNamespace } from "./objectMeta";

/** Arguments of `dataVolume`. */
export interface DataVolumeArgs {
  /** Size, a Kubernetes quantity. */
  storage: string | undefined;
  /** Whether it is kept from being deleted: a `destroy` then refuses. */
  protectData: boolean;
  /** Name of the claim. @default the resource's */
  volume?: string;
}

/** Declares a volume for one pod's data. */
export function dataVolume(
  name: string,
  { storage = "1Gi", protectData, volume = name }: DataVolumeArgs,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): PersistentVolumeClaim {
  return new PersistentVolumeClaim(
    name,
    {
      metadata: metadata({
        name: volume,
        // Some clusters create a volume only for a pod, and the pod is created after it.
        annotations: { "pulumi.com/skipAwait": "true", ...protectedAnnotation(protectData) },
      }),
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
    },
    { ...opts, protect: protectData },
  );
}
