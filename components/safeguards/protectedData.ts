import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import type { PriorState } from "./priorState";
import { isOfConfig, whyUnasked } from "./volumes";

/** Refuses config that would leave or delete a protected volume, before anything changes. Throws a `Problem`. */
export function refuseLosingData(settings: Settings, { stack, volumes }: Pick<PriorState, "stack" | "volumes">): void {
  const { namespace } = settings.cluster;
  for (const volume of volumes.filter((each) => each.isProtected && isOfConfig(settings, each))) {
    const isLeft = namespace !== volume.namespace;
    const lost =
      whyUnasked(settings, volume) ??
      (isLeft
        ? { key: "namespace", state: `is "${namespace}"`, back: `pulumi config set namespace ${volume.namespace}` }
        : undefined);
    if (lost !== undefined) {
      const { key, state, back } = lost;
      throw new Problem(
        `Config key "${key}" ${state}, and stack ${stack} keeps data in the volume "${volume.name}" of namespace "${volume.namespace}" (protectData is true), which would be deleted`,
        `run \`${back} --stack ${stack}\` to keep it; to delete it, also run \`pulumi config set protectData false --stack ${stack}\` and \`npm run up -- ${stack}\` before you change the key`,
      );
    }
  }
}

/** Refuses to leave the cluster that has protected volumes, by the cluster's identity. Throws a `Problem`. */
export function refuseLeavingData(
  { database }: Settings,
  { stack, volumes, cluster }: PriorState,
  now: { context: string; clusterIdentifier: string },
): void {
  const isLeft = cluster?.clusterIdentifier !== undefined && cluster.clusterIdentifier !== now.clusterIdentifier;
  const kept = volumes.filter(({ isProtected }) => isProtected);
  // With `protectData` off the engine still refuses what the state protects, before it changes anything.
  if (kept.length > 0 && database.protectData && isLeft) {
    const which =
      cluster.context === now.context
        ? `that kube context "${now.context}" led to`
        : `of kube context "${cluster.context}"`;
    throw new Problem(
      `Stack ${stack} keeps data in ${volumesInWords(kept.map(({ name }) => name))} of the cluster ${which} (protectData is true), and "${now.context}" leads to another cluster`,
      `deploy there with a stack of its own, or lead this one back; if the first cluster is gone with the data, run \`pulumi config set protectData false --stack ${stack}\` and \`pulumi state unprotect --all --stack ${stack}\``,
    );
  }
}

/** Volumes by their names, such as `the volumes "a" and "b"`. */
export function volumesInWords(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return `the volume${names.length > 1 ? "s" : ""} ${new Intl.ListFormat("en-GB").format(quoted)}`;
}
