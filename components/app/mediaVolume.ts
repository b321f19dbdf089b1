import type * as pulumi from "@pulumi/pulumi";

import type { AccessMode } from "../config/media";
import { dataVolume } from "./dataVolume";
import type { Media } from "./media";
import type { InNamespace } from "./objectMeta";

/** The volume for uploads, as config asks for it. */
export interface MediaForm {
  /** Folder where every process has it. */
  path: string;
  /** A Kubernetes quantity. */
  size: string;
  /** Undefined for the cluster's default class. */
  storageClass: string | undefined;
  accessMode: AccessMode;
}

/** The same as it is declared. */
export interface MediaArgs extends MediaForm {
  /** Whether there is such a volume, which keeps its access mode and StorageClass. */
  isBound: boolean;
}

/** Declares the volume for uploads. */
export function declareMedia(
  name: string,
  { path, size, storageClass, accessMode, isBound }: MediaArgs,
  protectData: boolean,
  metadata: InNamespace,
  opts: pulumi.CustomResourceOptions,
): Media {
  const volume = `${name}-media`;
  const args = { storage: size, protectData, storageClass, accessMode, isBound };
  return {
    claim: dataVolume(volume, args, metadata, opts).metadata.name,
    path,
    label: accessMode === "ReadWriteOnce" ? { "kubernetes-django/media": volume } : undefined,
  };
}
