import type { V1Job } from "@kubernetes/client-node";

import { nameOf } from "../../../components/safeguards/verdict";
import type { KubeContext } from "../../../components/targets/kubeconfig";
import { read } from "../../../components/kubernetes/client";
import type { List, Live } from "../../../components/kubernetes/types";
import { type AppOfStack, appWords, whatOf } from "../../app/appWords";
import { configKey, setKey } from "../../app/configKey";
import { helpFor } from "../../app/onApp";
import { roleInWords, selectorOf } from "../../app/role";
import { type Workload, workloadsIn } from "../../app/workloads";
import { podsWith } from "../../logs/containerLog";
import { diagnose } from "../../rollout/diagnose";
import { eventsOf, isReady, logOf, type Place, type Pod } from "../../rollout/kubernetes";
import { endOf } from "../schedule/job";
import { priorStateOf } from "../../pulumi/prior";
import type { Deployment } from "../../pulumi/state";
import { type Finding, namespaceOf } from "./findings";
import type { CheckedStack } from "./look";

/** Restarts, and minutes since the last one, from which on a container ends again and again. */
const manyRestarts = 3;
const recentMinutes = 15;

const logLines = 12;

/** Where an app of a stack runs. */
export interface RunningApp extends AppOfStack {
  place: Place;
}

/**
 * Where what a stack deployed runs, for each app that has anything there.
 *
 * @param objects what was found of the objects that the state has
 */
export function runningApps(
  { stack }: Pick<CheckedStack, "stack">,
  deployment: Deployment,
  context: KubeContext,
  objects: readonly Finding[],
): RunningApp[] {
  const prior = priorStateOf(stack, deployment);
  if (prior.cluster?.context !== context.name) {
    return [];
  }
  const failed = new Set(objects.filter(({ status }) => status === "failed").map(({ subject }) => subject));
  return [prior, ...prior.others].flatMap(({ app, claim }): RunningApp[] =>
    claim === undefined || failed.has(namespaceOf(app))
      ? []
      : [{ stack, app, place: { context, namespace: nameOf(claim.key.metadata) } }],
  );
}

/**
 * Checks that what an app runs does run, and that the last runs of its schedules went well.
 *
 * @param folder the project's, as advice names it
 */
export async function checkWorkloads({ place, ...of }: RunningApp, folder: string): Promise<Finding[]> {
  // An update says why its release command fails.
  const workloads = (await workloadsIn(place)).filter(({ kind }) => kind !== "release");
  const jobsPath = `/apis/batch/v1/namespaces/${place.namespace}/jobs`;
  const jobs = await read<List<V1Job>>(place.context, jobsPath);
  return await Promise.all(
    workloads.map(async (workload) => {
      if (workload.kind === "schedule") {
        return scheduleFinding(workload, jobs.items, of);
      }
      const pods = (await podsWith(place, selectorOf(workload))).filter(isWanted);
      const finding = standingFinding(workload, pods, { ...of, now: Date.now() });
      return finding.status === "failed" ? await explained({ ...of, place }, finding, pods, folder) : finding;
    }),
  );
}

/** A pod that is on its way out, or was ended by its node, is replaced. */
const isWanted = ({ metadata, status: { phase } }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && phase !== "Failed" && phase !== "Succeeded";

/** Whether enough pods of a Deployment or a StatefulSet work. */
export function standingFinding(
  workload: Workload,
  pods: readonly Pod[],
  { now, ...of }: AppOfStack & { now: number },
): Finding {
  const { replicas = 1 } = workload;
  const subject = whatOf(of.app, roleInWords(workload));
  if (replicas === 0) {
    const detail = `has no pod, since \`${configKey(workload, "replicas", of.app)}\` is 0`;
    const help = `run \`${setKey(workload, "replicas", "1", of.app)}\` and \`npm run up\``;
    return { status: "note", subject, detail, help };
  }
  const ready = pods.filter(isReady).length;
  const restarts = Math.max(0, ...pods.map((pod) => recentRestarts(pod, now)));
  const count = `${ready} of ${replicas} ${replicas === 1 ? "pod" : "pods"} ready`;
  const help = `run \`npm run logs -- ${appWords(of)} ${workload.name}\` to see what it says`;
  if (restarts >= manyRestarts) {
    return { status: "failed", subject, detail: `${count}, and a container was started again ${restarts} times`, help };
  }
  return ready < replicas
    ? { status: "failed", subject, detail: count, help }
    : { status: "ok", subject, detail: count };
}

/** How often containers of a pod were started again, if the last time was a short while ago. */
function recentRestarts({ status: { containerStatuses = [] } }: Pod, now: number): number {
  const recent = containerStatuses.filter(({ lastState }) => {
    const at = Date.parse(lastState?.terminated?.finishedAt ?? "");
    return now - at < recentMinutes * 60_000;
  });
  return Math.max(0, ...recent.map(({ restartCount }) => restartCount));
}

/** A finding with what is wrong with the first pod that is not ready, and what it printed last. */
async function explained(
  { place, app }: RunningApp,
  finding: Finding,
  pods: readonly Pod[],
  folder: string,
): Promise<Finding> {
  const pod = pods.find((each) => !isReady(each)) ?? pods[0];
  if (pod === undefined) {
    return finding;
  }
  const found = diagnose(pod, await eventsOf(place, pod), undefined, folder);
  const log = found?.log.trim() ? found.log : await logOf(place, pod, logLines).catch(() => "");
  const why = found === undefined ? "" : ` (${[found.reason, found.detail].filter((part) => part !== "").join(", ")})`;
  return {
    ...finding,
    detail: `${finding.detail}${why}`,
    ...(log.trim() === "" ? {} : { output: log.trimEnd().split("\n").slice(-logLines) }),
    ...(found !== undefined && { help: helpFor(app, `${found.nextStep} and run \`npm run up\``) }),
  };
}

/** How the last run of a schedule ended. */
export function scheduleFinding(workload: Workload, jobs: readonly Live<V1Job>[], of: AppOfStack): Finding {
  const subject = whatOf(of.app, roleInWords(workload));
  const runs = jobs
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ name }) => name === workload.object) === true)
    .sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
  const last = runs.findLast((job) => endOf(job) !== undefined);
  const end = last && endOf(last);
  if (last === undefined || end === undefined) {
    return { status: "ok", subject, detail: runs.length === 0 ? "has not run yet" : "runs for the first time" };
  }
  const at = end.lastTransitionTime ?? last.metadata.creationTimestamp;
  if (end.type === "Complete") {
    return { status: "ok", subject, detail: `its last run ended well at ${at}` };
  }
  const why =
    end.reason === "DeadlineExceeded" ? `did not end within ${last.spec?.activeDeadlineSeconds ?? "its"} s` : "failed";
  return {
    status: "failed",
    subject,
    detail: `its last run ${why} at ${at} (Job ${last.metadata.name})`,
    help: `run \`npm run logs -- ${appWords(of)} ${workload.name} --no-follow\` to see why, and \`npm run schedule -- ${appWords(of)} ${workload.name}\` to run it again`,
  };
}
