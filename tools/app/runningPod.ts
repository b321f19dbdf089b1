import type { V1Pod } from "@kubernetes/client-node";

import { read } from "../../components/kubernetes/client";
import type { List } from "../../components/kubernetes/types";
import { Problem } from "../../components/problem";
import { currentPods, isReady, type Place, type Pod } from "../rollout/kubernetes";
import { configKey, setKey } from "./configKey";
import { runUp } from "./ownPlace";
import { selectorOf } from "./role";
import type { Workload } from "./workloads";

/** Which pod will do where none of the present version is ready. */
export type Otherwise = "none" | "one of the version before" | "any that runs";

/**
 * The name of a pod of a process, one that is ready and of the present version if there is one.
 *
 * @param needed the beginning of what is said where there is none, such as "manage.py runs in a pod of stack dev, and"
 * @throws a `Problem` where there is none
 */
export async function runningPod(
  place: Place,
  workload: Workload,
  { stack, needed, otherwise }: { stack: string; needed: string; otherwise: Otherwise },
): Promise<string> {
  if (workload.replicas === 0) {
    throw new Problem(
      `${needed} there is none, since \`${configKey(workload, "replicas")}\` is 0`,
      `run \`${setKey(workload, "replicas", "1")} --stack ${stack}\` and \`npm run up -- ${stack}\``,
    );
  }
  const [ready] = (await currentPods(place, workload.object)).ready;
  const pod = ready ?? (otherwise === "none" ? undefined : await anyPod(place, workload, otherwise));
  if (pod === undefined) {
    throw new Problem(
      `${needed} none ${otherwise === "any that runs" ? "runs" : "is ready"}`,
      `${runUp(stack)}, which says why`,
    );
  }
  return pod.metadata.name;
}

async function anyPod(
  { context, namespace }: Place,
  workload: Workload,
  otherwise: Otherwise,
): Promise<Pod | undefined> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = await read<List<V1Pod>>(context, path, { labelSelector: selectorOf(workload) });
  const pods = (items as Pod[]).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const running = otherwise === "any that runs" ? pods.find((pod) => runsApp(pod, workload)) : undefined;
  return pods.find(isReady) ?? running;
}

const runsApp = ({ status }: Pod, { app }: Workload): boolean =>
  status.containerStatuses?.some(({ name, state }) => name === app && state?.running !== undefined) === true;
