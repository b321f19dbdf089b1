import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { shellWord } from "../advice";
import { Problem } from "../problem";
import { forPulumi } from "../runError";
import type { LiveObject, Sight } from "../targets/endpoints";

/** The cluster in which a server runs. */
export interface ServerCluster {
  /** Its kube context. */
  context: string;
  /** Asks it for a StatefulSet. */
  see: (place: { name: string; namespace: string }) => Promise<Sight>;
}

/** Seconds that a server may take to end, and to be there again. */
const longestSeconds = 360;

/** Whether a StatefulSet runs what it was changed to: its revisions are the same again once the new pod is ready. */
export function isRolledOut({ status = {} }: LiveObject, generation: number): boolean {
  const { observedGeneration = 0, currentRevision, updateRevision } = status;
  return observedGeneration >= generation && currentRevision === updateRevision;
}

/**
 * Waits until a server runs what it was changed to: Pulumi's provider looks at no `observedGeneration`
 * (await/statefulset.go), and takes the pod before for the new one.
 *
 * @param generation of the StatefulSet as the update left it
 * @throws what Pulumi prints as a sentence, when it takes too long
 */
export async function untilRolledOut(
  { context, see }: ServerCluster,
  place: { name: string; namespace: string },
  generation: number,
  pauseMilliseconds = 500,
): Promise<void> {
  const deadline = Date.now() + longestSeconds * 1000;
  for (;;) {
    const server = await see(place).catch((error: unknown) => {
      throw forPulumi(error);
    });
    // Who may not see it cannot wait for it.
    if (typeof server !== "object" || isRolledOut(server, generation)) {
      return;
    }
    if (Date.now() > deadline) {
      throw forPulumi(
        new Problem(
          `The server ${place.name} in namespace "${place.namespace}" did not start again within ${longestSeconds} s`,
          `look with \`kubectl --context ${shellWord(context)} --namespace ${place.namespace} describe pod ${place.name}-0\``,
        ),
      );
    }
    void pulumi.log.info(`Waiting until ${place.name} has started again`, undefined, undefined, true);
    await setTimeout(pauseMilliseconds);
  }
}
