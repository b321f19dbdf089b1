import type { types } from "@pulumi/kubernetes";

type Container = types.input.core.v1.Container;

/** Where the first container of a pod has the folders that the second one has in their places. */
const staging = "/writable-paths";

const copyFolder = 'cp -R "$folder/." "$copy" || exit';
/** The volume itself gets the mode of the image's folder with it, and every user may write there. */
const copyWithOwners = `if [ "$(id -u)" = 0 ]; then cp -Rp "$folder/." "$copy" && chmod a+rwx "$copy" || exit; else ${copyFolder}; fi`;

/**
 * Of folders that are to be writable, those that need a volume: none below another one, whose volume it is in.
 *
 * @param kept folders that the pod has volumes for
 * @param media folder of the uploads, in which all others are writable; undefined for none
 */
export function ownVolumes(paths: readonly string[], kept: readonly string[], media?: string): string[] {
  const isBelow = (path: string, other: string): boolean => path.startsWith(`${other}/`);
  return paths
    .filter((path) => !kept.includes(path) && !paths.some((other) => isBelow(path, other)))
    .filter((path) => media === undefined || (path !== media && !isBelow(path, media)));
}

/**
 * Copies what an image has in folders into volumes, which are mounted there: what can be written to would otherwise be
 * empty.
 *
 * @param keepsOwners whether files keep their owners where root copies them, as its process may go on as one of these.
 *   @default false, as there is no root where the disk is read-only
 * @returns undefined for no folders
 */
export function copyIn(
  paths: readonly string[],
  { keepsOwners = false } = {},
):
  | {
      /** Of the container that copies. */
      container: Pick<Container, "command" | "volumeMounts">;
      mounts: types.input.core.v1.VolumeMount[];
      volumes: types.input.core.v1.Volume[];
    }
  | undefined {
  if (paths.length === 0) {
    return undefined;
  }
  const volumes = paths.map((path, index) => ({ path, name: `writable-${index}` }));
  // As arguments, so that no shell reads the paths. Who may not write to the volume's own times cannot keep the image's. An
  // image may have made its files read-only; here their owner may write. The mode of the volume itself is not the process's
  // to change, and need not be.
  const copy = `for folder; do
  if [ ! -d "$folder" ]; then continue; fi
  copy="${staging}/$folder"
  ${keepsOwners ? copyWithOwners : copyFolder}
  for each in "$copy"/* "$copy"/.[!.]* "$copy"/..?*; do
    if [ -e "$each" ] && [ ! -L "$each" ]; then chmod -R u+rwX "$each" || exit; fi
  done
done`;
  return {
    container: {
      command: ["/bin/sh", "-c", copy, "copy", ...paths],
      volumeMounts: volumes.map(({ path, name }) => ({ name, mountPath: `${staging}${path}` })),
    },
    mounts: volumes.map(({ path, name }) => ({ name, mountPath: path })),
    volumes: volumes.map(({ name }) => ({ name, emptyDir: {} })),
  };
}
