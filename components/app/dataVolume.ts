import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";

import type { AccessMode } from "../config/media";
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
  /** @default the cluster's default class */
  storageClass?: string | undefined;
  /** @default ReadWriteOnce */
  accessMode?: AccessMode;
  /** What else is noted on it. @default nothing */
  annotations?: Record<string, string>;
  /** Whether the volume is there, and keeps both whatever is asked. @default false */
  isBound?: boolean;
}

/** Declares a volume that outlives its pods. */
export function dataVolume(
  name: string,
  {
    storage = "1Gi",
    protectData,
    volume = name,
    storageClass,
    accessMode = "ReadWriteOnce",
    isBound = false,
    annotations = {},
  }: DataVolumeArgs,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): PersistentVolumeClaim {
  return new PersistentVolumeClaim(
    name,
    {
      metadata: metadata({
        name: volume,
        // Some clusters create a volume only for a pod, and the pod is created after it.
        annotations: { "pulumi.com/skipAwait": "true", ...protectedAnnotation(protectData), ...annotations },
      }),
      spec: {
        accessModes: [accessMode],
        resources: { requests: { storage } },
        ...(storageClass !== undefined && { storageClassName: storageClass }),
      },
    },
    {
      ...opts,
      protect: protectData,
      // A class that is named and was the default, or the other way round, would make another volume.
      ...(isBound && { ignoreChanges: ["spec.accessModes", "spec.storageClassName"] }),
    },
  );
}
