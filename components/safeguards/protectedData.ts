import { type VolumeOwner, volumeOwner } from "../config/database";
import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import type { PriorState } from "./priorState";

/** Refuses config that would leave or delete a protected volume, before anything changes. Throws a `Problem`. */
export function refuseLosingData(
  { cluster, database }: Settings,
  { stack, volume }: Pick<PriorState, "stack" | "volume">,
): void {
  if (volume?.isProtected !== true) {
    return;
  }
  const refuse = (key: string, state: string, back: string): never => {
    throw new Problem(
      `Config key "${key}" ${state}, and stack ${stack} keeps data in the volume "${volume.name}" of namespace "${volume.namespace}" (protectData is true), which would be deleted`,
      `run \`${back} --stack ${stack}\` to keep it; to delete it, also run \`pulumi config set protectData false --stack ${stack}\` and \`npm run up -- ${stack}\` before you change the key`,
    );
  };
  const owner: VolumeOwner = volume.name.endsWith("-sqlite") ? "sqlite" : "database";
  if (volumeOwner(database) !== owner) {
    const kind = owner === "sqlite" ? "sqlite" : "postgres";
    if (database.database !== kind) {
      refuse("database", `is "${database.database}"`, `pulumi config set database ${kind}`);
    }
    if (database.databaseUrl !== undefined) {
      refuse("databaseUrl", "is set", "pulumi config rm databaseUrl");
    }
    refuse("databaseStorage", "is not set", `pulumi config set databaseStorage ${volume.size ?? "1Gi"}`);
  }
  if (cluster.namespace !== volume.namespace) {
    refuse("namespace", `is "${cluster.namespace}"`, `pulumi config set namespace ${volume.namespace}`);
  }
}

/** Refuses to leave the cluster that has a protected volume, by the cluster's identity. Throws a `Problem`. */
export function refuseLeavingData(
  { database }: Settings,
  { stack, volume, cluster }: PriorState,
  now: { context: string; clusterIdentifier: string },
): void {
  const isLeft = cluster?.clusterIdentifier !== undefined && cluster.clusterIdentifier !== now.clusterIdentifier;
  // With `protectData` off the engine still refuses what the state protects, before it changes anything.
  if (volume?.isProtected === true && database.protectData && isLeft) {
    const which =
      cluster.context === now.context
        ? `that kube context "${now.context}" led to`
        : `of kube context "${cluster.context}"`;
    throw new Problem(
      `Stack ${stack} keeps data in the volume "${volume.name}" of the cluster ${which} (protectData is true), and "${now.context}" leads to another cluster`,
      `deploy there with a stack of its own, or lead this one back; if the first cluster is gone with the data, run \`pulumi config set protectData false --stack ${stack}\` and \`pulumi state unprotect --all --stack ${stack}\``,
    );
  }
}
