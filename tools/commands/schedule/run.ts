import { setTimeout } from "node:timers/promises";

import type { V1Job } from "@kubernetes/client-node";

import { readIfThere } from "../../../components/kubernetes/client";
import type { Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { configKey, setKey } from "../../app/configKey";
import type { Workload } from "../../app/workloads";
import { followLines, podsWith } from "../../logs/containerLog";
import { diagnose } from "../../rollout/diagnose";
import { type Diagnosis, explainRun } from "../../rollout/diagnosis";
import { clusterTime, eventsOf, type Place, type Pod, refusalOf } from "../../rollout/kubernetes";
import { diagnoseRefusal } from "../../rollout/refusal";
import { type Progress, step } from "../../terminal/progress";
import { endOf } from "./job";

/** A run of a schedule. */
export interface Run extends Place {
  /** Name of its Job. */
  job: string;
  workload: Workload;
  /** The project's folder, as advice names it. */
  folder: string;
}

/** How a run ended, as far as it was seen. */
export type Outcome =
  | { end: "well" }
  | { end: "failed"; exitCode: number; problem: Problem }
  /** It did not start, and will not. */
  | { end: "stuck"; problem: Problem }
  | { end: "unseen" };

const pauseMilliseconds = 500;

/** A run whose Job somebody deleted. */
class DeletedProblem extends Problem {}

/** Shows the log of a run from its start to its end, or until `signal` ends the look at it. */
export async function followRun(
  run: Run,
  show: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    return await follow(run, show, signal);
  } catch (error) {
    if (error instanceof DeletedProblem) {
      return { end: "failed", exitCode: 1, problem: error };
    }
    throw error;
  }
}

async function follow(run: Run, show: (text: string) => Promise<void>, signal: AbortSignal): Promise<Outcome> {
  const stuck = await step(`Start of ${run.job}`, async (progress) => await untilStarted(run, progress, signal));
  if (stuck !== undefined) {
    return { end: "stuck", problem: explainRun(stuck) };
  }
  /** Time of the last line, by the pod's uid. */
  const last = new Map<string, string>();
  while (!signal.aborted) {
    const job = await jobOf(run);
    for (const pod of await podsOf(run)) {
      await showLog(run, pod, last, show, signal);
    }
    const end = endOf(job);
    if (end !== undefined) {
      return end.type === "Complete" ? { end: "well" } : await failure(run, job, end.reason ?? "");
    }
    await pause(signal);
  }
  return { end: "unseen" };
}

/** Waits until a container of the run has begun. Resolves to what keeps it from that; undefined otherwise. */
async function untilStarted(run: Run, progress: Progress, signal: AbortSignal): Promise<Diagnosis | undefined> {
  const since = await clusterTime(run.context);
  let trouble: { reason: string; since: number } | undefined;
  while (!signal.aborted) {
    const pods = await podsOf(run);
    if (pods.some((pod) => hasBegun(pod, run.workload)) || endOf(await jobOf(run)) !== undefined) {
      return undefined;
    }
    const [pod] = pods;
    const found =
      pod === undefined ? await refusal(run, since) : diagnose(pod, await eventsOf(run, pod), undefined, run.folder);
    if (found?.reason !== trouble?.reason) {
      trouble = found && { reason: found.reason, since: Date.now() };
      progress.detail(found === undefined ? "" : `${found.reason}, ${found.detail}`);
    }
    // What may pass has the run's own time.
    if (found !== undefined && trouble !== undefined && found.patience !== "rollout") {
      if (Date.now() - trouble.since >= found.patience * 1000) {
        return found;
      }
    }
    await pause(signal);
  }
  return undefined;
}

async function refusal(run: Run, since: number): Promise<Diagnosis | undefined> {
  const job = { ...run, kind: "Job", name: run.job, template: {} };
  const message = await refusalOf(job, since);
  return message === undefined
    ? undefined
    : diagnoseRefusal(message, { ...job, role: run.workload, fewerReplicas: undefined });
}

/** Never rejects: what broke off is read again. */
async function showLog(
  run: Run,
  pod: Pod,
  last: Map<string, string>,
  show: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const container = run.workload.app;
  if (container === undefined || !hasBegun(pod, run.workload)) {
    return;
  }
  const { uid } = pod.metadata;
  try {
    for await (const line of followLines(run, { pod, container }, last.get(uid) ?? "", signal)) {
      await show(line.text);
      last.set(uid, line.time === "" ? (last.get(uid) ?? "") : line.time);
    }
  } catch {
    // The connection broke off, or the pod is gone.
  }
}

async function failure(run: Run, job: Live<V1Job>, reason: string): Promise<Outcome> {
  const { workload, folder } = run;
  const failed = `Schedule ${workload.name} failed`;
  if (reason === "DeadlineExceeded") {
    const seconds = job.spec?.activeDeadlineSeconds ?? 0;
    const key = configKey(workload, "deadlineSeconds");
    const help = `give it longer with \`${setKey(workload, "deadlineSeconds", String(2 * seconds))}\` and \`npm run up\``;
    return {
      end: "failed",
      exitCode: 1,
      problem: new Problem(`${failed}: it did not end within ${seconds} s (\`${key}\`)`, help),
    };
  }
  const pod = (await podsOf(run)).at(-1);
  const ended = pod?.status.containerStatuses?.find(({ name }) => name === workload.app)?.state?.terminated;
  const found = pod && diagnose(pod, await eventsOf(run, pod), undefined, folder);
  return {
    end: "failed",
    exitCode: ended?.exitCode === undefined || ended.exitCode === 0 ? 1 : ended.exitCode,
    // Its log was shown.
    problem: found === undefined ? new Problem(`${failed} (${reason})`) : explainRun({ ...found, log: "" }),
  };
}

const podsOf = async (run: Run): Promise<Pod[]> => await podsWith(run, `batch.kubernetes.io/job-name=${run.job}`);

async function jobOf({ context, namespace, job, workload }: Run): Promise<Live<V1Job>> {
  const key = { apiVersion: "batch/v1", kind: "Job", metadata: { name: job, namespace } };
  const found = await readIfThere<Live<V1Job>>(context, key);
  if (found === undefined) {
    const failed = `Schedule ${workload.name} was not seen to its end: Job ${job} was deleted, and its pod with it`;
    throw new DeletedProblem(failed, "run the command again");
  }
  return found;
}

const hasBegun = ({ status }: Pod, { app }: Workload): boolean =>
  status.containerStatuses?.some(
    ({ name, state }) => name === app && (state?.running !== undefined || state?.terminated !== undefined),
  ) === true;

async function pause(signal: AbortSignal): Promise<void> {
  await setTimeout(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
}
