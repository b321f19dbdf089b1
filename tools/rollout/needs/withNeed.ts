import type { Diagnosis } from "../diagnosis";
import type { ContainerStatus, Pod } from "../kubernetes";
import type { AskImage } from "./image";
import type { Need } from "./need";
import { needOf } from "./needOf";
import { runOf, runsAppImage } from "./run";

/**
 * A diagnosis with what the process says that it needs.
 *
 * @param moreLog gets more of the process's output than the diagnosis has
 */
export async function withNeed(
  diagnosis: Diagnosis,
  pod: Pod,
  ask: AskImage,
  moreLog: () => Promise<string>,
): Promise<Diagnosis> {
  if (diagnosis.isByProcess !== true) {
    return diagnosis;
  }
  const need =
    (await needIn([...saidOf(pod), diagnosis.log].join("\n"), pod, ask)) ?? (await needIn(await moreLog(), pod, ask));
  return need === undefined ? diagnosis : { ...diagnosis, detail: need.detail, nextStep: need.nextStep };
}

/** What a pod needs, by its output and by what its image says; undefined where the output tells of nothing. */
export async function needIn(said: string, pod: Pod, ask: AskImage): Promise<Need | undefined> {
  const run = runOf(pod);
  if (run === undefined || needOf(said, run) === undefined) {
    return undefined;
  }
  return needOf(said, run, await ask(run.image).catch(() => undefined));
}

/** What the cluster says of the containers that run the app's image. */
function saidOf(pod: Pod): string[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
  return [...initContainerStatuses, ...containerStatuses]
    .filter(({ name }) => runsAppImage(pod, name))
    .flatMap(({ state, lastState }: ContainerStatus) => [
      (state?.terminated ?? lastState?.terminated)?.message ?? "",
      (state?.waiting?.message ?? "").replace(/\s+/g, " "),
    ]);
}
