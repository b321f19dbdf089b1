import { Problem } from "../problem";
import type { Sight } from "../targets/endpoints";

/**
 * Refuses to turn the autoscaler off while more pods run than there would be without it: the load needed them.
 *
 * @param replicas the number of pods from now on
 * @param deployment what the cluster says of the Deployment that was scaled
 */
export function refuseFewerPods(stack: string, replicas: number, deployment: Sight): void {
  const running = typeof deployment === "object" ? (deployment.spec?.replicas ?? 0) : 0;
  if (running > replicas) {
    throw new Problem(
      `Config key "maxReplicas" is not set any more, and ${running} pods run, of which ${replicas} would be left ("replicas")`,
      `run \`pulumi config set replicas ${running} --stack ${stack}\` to keep them, and set fewer in a later update if they are enough`,
    );
  }
}
