import type { Check } from "./checks";
import { dnsName, matching, oneOf, problem } from "./checks";
import { readEntry } from "./entries";
import { absolutePath } from "./process";
import { bytes } from "./quantity";
import type { PlainConfig } from "./reader";

/** How the pods of an app may share a volume: on one node, or on several. */
export const accessModes = ["ReadWriteOnce", "ReadWriteMany"] as const;
export type AccessMode = (typeof accessModes)[number];

/** A volume for files that users upload. */
export interface MediaSettings {
  /** Folder where every process of the app has it. */
  path: string;
  /** A Kubernetes quantity. */
  size: string;
  /** Undefined for the cluster's default class. */
  storageClass: string | undefined;
  /** Undefined for the target's own. */
  accessMode: AccessMode | undefined;
}

const form = { fields: ["path", "size", "storageClass", "accessMode"], example: "path /app/media" } as const;

/** What an image or the cluster has there would be hidden. */
const ofSystem =
  /^\/(bin|boot|etc|home|lib(32|64|x32)?|opt|root|run|sbin|srv|tmp|usr|var)$|^\/(dev|proc|sys)(\/|$)|^(\/var)?\/run\/secrets(\/|$)/;

const folderPath: Check<string> = (key, value) => {
  const allowed = {
    allowed: "the absolute path of a folder that is not the system's, such as /app/media",
    example: "/app/media",
  };
  // As MEDIA_ROOT is often written.
  const path = matching(absolutePath, allowed)(key, value?.replace(/(?<=.)\/$/, ""));
  if (ofSystem.test(path)) {
    throw problem(key, value, allowed);
  }
  return path;
};

/** What the app keeps beside its database. */
export function readUploads(config: PlainConfig) {
  const entry = readEntry(config, "media", form);
  const media: MediaSettings | undefined = entry && {
    path: entry.required("path", folderPath),
    size: entry.required("size", bytes("1Gi")),
    storageClass: entry.optional("storageClass", dnsName("standard")),
    accessMode: entry.optional("accessMode", oneOf(accessModes)),
  };
  return {
    /** The volume for uploads; undefined for none. */
    media,
  };
}

export type UploadSettings = ReturnType<typeof readUploads>;
