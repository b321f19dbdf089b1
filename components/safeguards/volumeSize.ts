import { settingOf } from "../config/checks";
import { billionths } from "../config/quantity";
import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import type { Endpoints, LiveObject, Sight } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import type { PriorState } from "./priorState";
import { type AskedVolume, askedVolumes } from "./volumes";

/** Whose volumes they are, and where. */
interface Place {
  stack: string;
  namespace: string;
  context: KubeContext;
}

/**
 * Refuses another size of a volume where the API server would: it does so in the middle of an update.
 *
 * @throws a `Problem` with what the volume has, or when the cluster says nothing of it
 */
export async function refuseResize(
  settings: Settings,
  { stack, volumes }: Pick<PriorState, "stack" | "volumes">,
  context: KubeContext,
  endpoints: Endpoints,
): Promise<void> {
  const { namespace } = settings.cluster;
  for (const asked of askedVolumes(settings)) {
    const known = volumes.find((each) => each.namespace === namespace && each.name === asked.name)?.size;
    if (known !== asked.size) {
      await refuseResizeOf(asked, known, { stack, namespace, context }, endpoints);
    }
  }
}

async function refuseResizeOf(
  { name, sizeKey, size: asked }: AskedVolume,
  known: string | undefined,
  { stack, namespace, context }: Place,
  endpoints: Endpoints,
): Promise<void> {
  const live = await endpoints.see(context, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
  });
  const size = sizeOf(live) ?? (live === "hidden" ? known : undefined);
  if (size === undefined || billionths(asked) === billionths(size)) {
    return;
  }
  const failed = `Config key "${sizeKey}" is "${asked}", and the volume "${name}" of namespace "${namespace}" has "${size}"`;
  const back = `run \`pulumi config set ${settingOf(sizeKey)} ${size} --stack ${stack}\``;
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
