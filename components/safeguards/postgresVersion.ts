import { appName } from "../app/objectMeta";
import { volumeOwner } from "../config/database";
import type { Settings } from "../config/settings";
import { Problem } from "../problem";
import type { Endpoints } from "../targets/endpoints";
import type { KubeContext } from "../targets/kubeconfig";
import { postgresOf } from "./mark";

/** Name of the volume of the Postgres in an app's namespace, and of its server. */
export const postgresVolume = (app: string): string => `${app}-database`;

/**
 * Refuses another major version of Postgres than the one that wrote the data: its server would not start.
 *
 * @throws a `Problem` with the way to go, or when the cluster says nothing of the volume
 */
export async function refuseOtherPostgres(
  { name: app, cluster: { namespace }, database }: Settings,
  { stack }: { stack: string },
  context: KubeContext,
  endpoints: Endpoints,
): Promise<void> {
  if (volumeOwner(database) !== "database") {
    return;
  }
  const name = postgresVolume(app);
  const metadata = { name, namespace };
  const live = await endpoints.see(context, { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata });
  if (typeof live !== "object") {
    return;
  }
  const [wanted, present] = [database.postgresVersion, postgresOf(live.metadata)];
  if (wanted === present) {
    return;
  }
  const failed = `Config key "postgresVersion" is "${wanted}", and the data in the volume "${name}" of namespace "${namespace}" is of Postgres ${present}, which Postgres ${wanted} cannot read`;
  const back = `run \`pulumi config set postgresVersion ${present} --stack ${stack}\``;
  throw wanted > present
    ? new Problem(
        failed,
        `run \`npm run db:upgrade -- ${stack}${app === appName ? "" : ` --app ${app}`}\`, which copies it and keeps the old data, or ${back}`,
      )
    : new Problem(failed, `${back}; an older version takes over neither data nor backups of a newer one`);
}
