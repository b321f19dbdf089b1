import { roleOf } from "../app/role";
import type { Pod } from "../rollout/kubernetes";
import type { LogSource } from "./logLine";

/** The container of a pod whose log is shown: that of the app's image, or a server's only one. */
export const containerIn = ({ metadata, spec }: Pod): string | undefined =>
  roleOf(metadata.labels)?.app ?? spec?.containers[0]?.name;

/** The containers of some pods whose logs are shown. */
export function sourcesOf(pods: readonly Pod[], containerOf: (pod: Pod) => string | undefined): LogSource[] {
  return pods.flatMap((pod) => {
    const container = containerOf(pod);
    return container === undefined ? [] : [{ pod, container }];
  });
}
