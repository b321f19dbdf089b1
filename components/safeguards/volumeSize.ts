import { appName } from "../app/objectMeta";
import { volumeOwner } from "../config/database";
import { billionths } from "../config/quantity";
import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import type { Endpoints, LiveObject, Sight } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import type { PriorState } from "./priorState";

/**
 * Refuses another size of the database's volume where the API server would: it does so in the middle of an update.
 *
 * @throws a `Problem` with what the volume has, or when the cluster says nothing of it
 */
export async function refuseResize(
  { cluster: { namespace }, database }: Settings,
  { stack, volume }: Pick<PriorState, "stack" | "volume">,
  context: KubeContext,
  endpoints: Endpoints,
): Promise<void> {
  const { databaseStorage: asked } = database;
  const known = volume?.namespace === namespace ? volume : undefined;
  const owner = volumeOwner(database);
  if (owner === undefined || asked === undefined || known?.size === asked) {
    return;
  }
  const name = known?.name ?? `${appName}-${owner}`;
  const live = await endpoints.see(context, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
  });
  const size = sizeOf(live) ?? (live === "hidden" ? known?.size : undefined);
  if (size === undefined || billionths(asked) === billionths(size)) {
    return;
  }
  const failed = `Config key "databaseStorage" is "${asked}", and the volume "${name}" of namespace "${namespace}" has "${size}"`;
  const back = `run \`pulumi config set databaseStorage ${size} --stack ${stack}\``;
  if ((billionths(asked) ?? 0n) < (billionths(size) ?? 0n)) {
    throw new Problem(`${failed}: a volume cannot be made smaller`, back);
  }
  if (typeof live !== "object") {
    return;
  }
  const { storageClassName } = live.spec ?? {};
  if (storageClassName === undefined || storageClassName === "") {
    throw new Problem(`${failed}: it has no StorageClass, and cannot be made larger`, back);
  }
  const storageClass = await seeClass(context, storageClassName, endpoints);
  if (storageClass === "absent" || (storageClass !== "hidden" && storageClass.allowVolumeExpansion !== true)) {
    throw new Problem(
      `${failed}: its StorageClass "${storageClassName}" does not let it be made larger`,
      `${back}, or ask the cluster's administrator for \`allowVolumeExpansion: true\` in that StorageClass`,
    );
  }
}

const sizeOf = (sight: Sight): string | undefined =>
  typeof sight === "object" ? sight.spec?.resources?.requests?.storage : undefined;

async function seeClass(
  context: KubeContext,
  name: string,
  endpoints: Endpoints,
): Promise<LiveObject | "absent" | "hidden"> {
  return await endpoints.see(context, { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } });
}
