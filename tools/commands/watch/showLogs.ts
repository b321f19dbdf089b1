import { selectorOf } from "../../app/role";
import { workloadNamed, workloadsIn } from "../../app/workloads";
import { podsWith } from "../../logs/containerLog";
import { followLogs } from "../../logs/followLogs";
import { latestLines } from "../../logs/latestLines";
import { containerIn, sourcesOf } from "../../logs/logSources";
import { LogWriter, standardOutput } from "../../logs/logWriter";
import { endLine } from "../../terminal/openLine";
import type { Place } from "../../rollout/kubernetes";

/**
 * Shows the logs of a stack's pods as they come, until `signal` ends it.
 *
 * @param options `only`: what alone is shown. @default all that run the app's image
 *   `since`: of pods that are older only what they print from now on is shown
 * @throws a `Problem` for a name that is not known
 */
export async function showLogs(
  place: Place,
  stack: string,
  { only, since, signal }: { only: string | undefined; since: Date; signal: AbortSignal },
): Promise<void> {
  const known = await workloadsIn(place);
  const wanted = only === undefined ? undefined : workloadNamed(known, only, { stack, what: "process" });
  const labelSelector = selectorOf(wanted);
  const pods = (await podsWith(place, labelSelector)).filter(
    ({ metadata }) => Date.parse(metadata.creationTimestamp) < since.getTime(),
  );
  const closed = new AbortController();
  const screen = standardOutput(() => {
    closed.abort();
  });
  const writer = new LogWriter(
    screen,
    known.map(({ name }) => name),
    true,
  );
  const latest = await latestLines(place, sourcesOf(pods, containerIn), { tail: 0 });
  await followLogs({
    ...place,
    labelSelector,
    containerOf: containerIn,
    known: latest.known,
    onLine: async ({ text }, { pod }) => {
      endLine();
      await writer.write(pod, text);
    },
    onAway: () => undefined,
    signal: AbortSignal.any([signal, closed.signal]),
  });
}
