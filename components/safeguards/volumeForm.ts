import type { MediaArgs } from "../app/mediaVolume";
import { Problem } from "../problem";
import type { Endpoints } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import type { PriorState } from "./priorState";

/**
 * Refuses another access mode or StorageClass of the volume for uploads, both of which a volume keeps: the engine would
 * delete it and make another one.
 *
 * @throws a `Problem` with what the volume has, or when the cluster says nothing of it
 */
export async function refuseOtherVolume(
  namespace: string,
  { accessMode, storageClass }: MediaArgs,
  { stack, app, volumes }: Pick<PriorState, "stack" | "app" | "volumes">,
  context: KubeContext,
  endpoints: Endpoints,
): Promise<void> {
  const name = `${app}-media`;
  const isAsked = (mode: string | undefined, given: string | undefined): boolean =>
    mode === accessMode && (storageClass === undefined || storageClass === given);
  const known = volumes.find((each) => each.namespace === namespace && each.name === name);
  if (known !== undefined && isAsked(known.accessMode, known.storageClass)) {
    return;
  }
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace } };
  const live = await endpoints.see(context, claim);
  // One that has no volume yet has no data either: the update may make another claim.
  if (typeof live !== "object" || live.spec?.volumeName === undefined) {
    return;
  }
  const { accessModes: [mode = accessMode] = [], storageClassName = storageClass } = live.spec;
  if (isAsked(mode, storageClassName)) {
    return;
  }
  const [field, asked, has] =
    mode === accessMode ? ["storageClass", storageClass, storageClassName] : ["accessMode", accessMode, mode];
  throw new Problem(
    `Config key "media.${field}" is "${asked ?? ""}", and the volume "${name}" of namespace "${namespace}" has "${has ?? ""}", which a volume keeps`,
    `run \`pulumi config set --path media.${field} ${has ?? ""} --stack ${stack}\`; for another one, copy the files elsewhere, let the volume be deleted without \`media\` and with \`protectData\` false, and set it again`,
  );
}
