import { installClusterTools } from "../install/install";
import { removeCgroups } from "./cgroups";
import { clusterEnvironment, daemonsOf } from "./cluster";
import { endLeftovers, killDaemon } from "./daemons";
import { tryRun } from "./host";
import { clusterFolder, type ClusterKind } from "./kinds";
import { inside } from "./network";

/**
 * Ends a node as a power cut does: nothing of it says goodbye. `stopCluster` clears away what it leaves, and
 * `startCluster` makes it a new one.
 */
export async function killNode(kind: ClusterKind): Promise<void> {
  const folder = clusterFolder(kind);
  const environment = await clusterEnvironment(kind, await installClusterTools());
  // First, so that no connection is closed properly. The host's end stays up: with it go the routes, and without them
  // packets for the node's pods would leave this machine.
  await tryRun(environment, [...inside(kind), "ip", "link", "set", "eth0", "down"]);
  await Promise.all(daemonsOf(kind).map((name) => killDaemon(folder, name)));
  await removeCgroups(kind.bridge);
  await endLeftovers(folder, 0);
}
