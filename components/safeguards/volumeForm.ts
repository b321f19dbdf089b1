import type { MediaForm } from "../app/mediaVolume";
import { Problem } from "../problem";
import type { Endpoints } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import type { PriorState } from "./priorState";

/**
 * Refuses another access mode or StorageClass of the volume for uploads, both of which a volume keeps: the engine would
 * delete it and make another one.
 *
 * @returns whether there is a volume: a claim that never got one has no data, and may become another claim
 * @throws a `Problem` with what the volume has, or when the cluster says nothing of it
 */
export async function refuseOtherVolume(
  namespace: string,
  { accessMode, storageClass }: MediaForm,
  { stack, app, volumes }: Pick<PriorState, "stack" | "app" | "volumes">,
  context: KubeContext,
  endpoints: Endpoints,
): Promise<boolean> {
  const name = `${app}-media`;
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace } };
  const live = await endpoints.see(context, claim);
  if (typeof live !== "object") {
    return live === "hidden" && volumes.some((each) => each.namespace === namespace && each.name === name);
  }
  if (live.spec?.volumeName === undefined) {
    return false;
  }
  const { accessModes: [mode = accessMode] = [], storageClassName = storageClass } = live.spec;
  const isOtherClass = storageClass !== undefined && storageClass !== storageClassName;
  if (mode === accessMode && !isOtherClass) {
    return true;
  }
  const [field, asked, has] =
    mode === accessMode ? ["storageClass", storageClass, storageClassName] : ["accessMode", accessMode, mode];
  throw new Problem(
    `Config key "media.${field}" is "${asked ?? ""}", and the volume "${name}" of namespace "${namespace}" has "${has ?? ""}", which a volume keeps`,
    `run \`pulumi config set --path media.${field} ${has ?? ""} --stack ${stack}\`; for another one, copy the files elsewhere, let the volume be deleted without \`media\` and with \`protectData\` false, and set it again`,
  );
}
