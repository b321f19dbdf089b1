import { isReady, type Pod } from "../rollout/kubernetes";

/**
 * The pod that a new connection goes to: the newest that is ready, else the newest that runs, since one that is not ready
 * may be what is looked into, or be stopped by a debugger. Undefined where none runs.
 *
 * @param pods the oldest first
 */
export function choosePod(pods: readonly Pod[]): Pod | undefined {
  const staying = pods.filter(
    ({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase === "Running",
  );
  return staying.findLast(isReady) ?? staying.at(-1);
}
