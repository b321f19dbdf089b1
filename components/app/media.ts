import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { Problem } from "../problem";

type Container = types.input.core.v1.Container;

/** The volume for uploads, as pods refer to it. */
export interface Media {
  claim: pulumi.Input<string>;
  path: string;
  /** Label of the pods that have it, on one node; undefined where nodes share it. */
  label: Record<string, string> | undefined;
}

const volumeName = "media";
/** Where the container that fills the volume has it. */
const staging = "/media-volume";
/** Folder of the volume with the uploads: many file systems have a `lost+found` beside it. */
const uploads = "media/files";

/**
 * Copies what the image has in the folder, once: a folder that is renamed is there with everything or not at all, and
 * of several pods that start together the first one's stays. An image may have made its files read-only; here their owner
 * may write. Without such a folder everybody may, since the process may change its user.
 */
const copyOnce = `cd ${staging} || exit
if [ -d ${uploads} ]; then exit 0; fi
new=$(mktemp -d ./copy.XXXXXX) && chmod 755 "$new" && mkdir "$new/files" || exit
if [ -d "$1" ]; then cp -R -p "$1/." "$new/files" && chmod -R u+rwX "$new/files"; else chmod 777 "$new/files"; fi || exit
mv "$new" media 2>/dev/null
rm -rf "media/$new" "$new"
[ -d ${uploads} ]`;

/** Refuses the folder of the project for uploads: its code would be copied once, and stay as it was. Throws a `Problem`. */
export function refuseCodeFolder(
  path: string,
  { workdir, dockerfile }: { workdir: string | undefined; dockerfile: string },
): void {
  if (workdir !== undefined && `${workdir}/`.startsWith(`${path}/`)) {
    throw new Problem(
      `Config key "media.path" is "${path}", and ${dockerfile} has the project there (WORKDIR ${workdir}), whose code would stay as it is now`,
      `run \`pulumi config set --path media.path ${workdir}/media\` with the MEDIA_ROOT of your settings`,
    );
  }
}

/** What a pod has of the volume for uploads. */
export interface MediaParts {
  /** Of the container that copies what the image has there. */
  container: Pick<Container, "command" | "volumeMounts">;
  mount: types.input.core.v1.VolumeMount;
  volume: types.input.core.v1.Volume;
}

/** The volume in the spec of a pod. */
export function mediaParts({ claim, path }: Media): MediaParts {
  return {
    container: {
      // As an argument, so that no shell reads the path.
      command: ["/bin/sh", "-c", copyOnce, "copy", path],
      volumeMounts: [{ name: volumeName, mountPath: staging }],
    },
    mount: { name: volumeName, mountPath: path, subPath: uploads },
    volume: { name: volumeName, persistentVolumeClaim: { claimName: claim } },
  };
}

/**
 * Brings the pods that share a volume of one node to that node: on another one a pod would wait for the volume until the
 * others have ended, and with it a rollout that waits for the pod. A rolling update starts its pods beside the old ones.
 */
export function besideOthers({ label }: Media): Pick<types.input.core.v1.PodSpec, "affinity"> {
  return label === undefined
    ? {}
    : {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: label } },
            ],
          },
        },
      };
}
