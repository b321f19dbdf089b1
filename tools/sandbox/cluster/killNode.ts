import { installClusterTools } from "../install/install";
import { removeCgroups } from "./cgroups";
import { clusterEnvironment, daemonsOf } from "./cluster";
import { killDaemon } from "./daemons";
import { tryRun } from "./host";
import { clusterData, clusterFolder, type ClusterKind } from "./kinds";
import { inside } from "./network";
import { endLeftovers } from "./processes";

/**
 * Ends a node as a power cut does: no process can close its connections. `stopCluster` clears away what is left, and
 * `startCluster` starts the node again.
 */
export async function killNode(kind: ClusterKind): Promise<void> {
  const folder = clusterFolder(kind);
  const environment = await clusterEnvironment(kind, await installClusterTools());
  // First the link, so that no connection is closed properly. The host's end stays up: the routes go with it, and without
  // them packets for the node's pods would leave this machine.
  await tryRun(environment, [...inside(kind), "ip", "link", "set", "eth0", "down"]);
  await Promise.all(daemonsOf(kind).map((name) => killDaemon(folder, name)));
  await removeCgroups(kind.bridge);
  await endLeftovers([folder, clusterData(kind)], 0);
}
