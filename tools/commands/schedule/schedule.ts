import { randomBytes } from "node:crypto";

import type { V1CronJob, V1Job } from "@kubernetes/client-node";

import { read, send } from "../../../components/kubernetes/client";
import { objectPath } from "../../../components/kubernetes/objectPath";
import type { List, Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import { readProjectPlace } from "../../../components/config/project";
import { appWords } from "../../app/appWords";
import { type AppChoice, type AppOption, onApp } from "../../app/onApp";
import { ownPlace } from "../../app/ownPlace";
import { workloadNamed, workloadsIn } from "../../app/workloads";
import { standardOutput } from "../../logs/logWriter";
import type { Place } from "../../rollout/kubernetes";
import { showError } from "../../terminal/showError";
import { jobFrom, type NewJob, running } from "./job";
import { followRun } from "./run";

/** Exit code of a command that Ctrl-C ended. */
const interruptedCode = 130;

/**
 * Runs a schedule of a stack now, shows its log, and takes over its exit code. Ctrl-C ends the look at it, not the run.
 *
 * @throws a `Problem` for a schedule that is not known, that runs already, or whose run does not start
 */
export async function schedule(stack: string, name: string, options: AppOption = {}): Promise<void> {
  await onApp(stack, options, async (choice) => {
    await runNow(choice, name);
  });
}

async function runNow(choice: AppChoice, name: string): Promise<void> {
  const { stack, config } = choice;
  const place = await ownPlace(choice, `A schedule runs in the namespace of stack ${stack}, and`);
  const schedules = (await workloadsIn(place)).filter(({ kind }) => kind === "schedule");
  const workload = workloadNamed(schedules, name, { stack, what: "schedule" });
  const job = await create(place, await cronJobToRun(place, workload.object, { choice, name }));
  const looking = new AbortController();
  process.once("SIGINT", () => {
    looking.abort();
  });
  const screen = standardOutput(() => {
    looking.abort();
  });
  const { folder } = readProjectPlace(config);
  const run = { ...place, job: job.metadata.name, workload, folder };
  const goesOn = `Job ${job.metadata.name} goes on in the cluster; \`${logsOf(choice, name)}\` follows its log`;
  const show = async (text: string): Promise<void> => {
    await screen.write(`${text}\n`);
  };
  const outcome = await followRun(run, show, looking.signal).catch((error: unknown) => {
    console.error(goesOn);
    throw error;
  });
  switch (outcome.end) {
    case "unseen":
      console.error(goesOn);
      process.exitCode = interruptedCode;
      return;
    case "stuck":
      await remove(place, job);
      throw outcome.problem;
    case "failed":
      showError(outcome.problem);
      process.exitCode = outcome.exitCode;
      return;
    case "well":
      console.error(`Schedule ${name} ran (Job ${job.metadata.name})`);
  }
}

const logsOf = (choice: AppChoice, name: string): string => `npm run logs -- ${appWords(choice)} ${name}`;

async function cronJobToRun(
  { context, namespace }: Place,
  object: string,
  { choice, name }: { choice: AppChoice; name: string },
): Promise<Live<V1CronJob>> {
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const [cronJob, { items }] = await Promise.all([
    read<Live<V1CronJob>>(context, `/apis/batch/v1/namespaces/${namespace}/cronjobs/${object}`),
    read<List<V1Job>>(context, jobs),
  ]);
  const [other] = running(items, cronJob);
  // Two at once are what its policy rules out.
  if (other !== undefined && cronJob.spec?.concurrencyPolicy === "Forbid") {
    throw new Problem(
      `Schedule ${name} runs already (Job ${other})`,
      `follow it with \`${logsOf(choice, name)}\`, and run it again once it has ended`,
    );
  }
  return cronJob;
}

async function create({ context }: Place, cronJob: Live<V1CronJob>): Promise<NewJob> {
  const job = jobFrom(cronJob, randomBytes(3).toString("hex").slice(0, 5));
  const query = { fieldManager: "kubernetes-django" };
  const { status, body } = await send(context, { method: "PATCH", path: objectPath(job), query, object: job });
  if (status >= 300) {
    throw new Problem(`Job ${job.metadata.name} cannot be created (${status})`, undefined, [messageIn(body)]);
  }
  return job;
}

async function remove({ context }: Place, job: NewJob): Promise<void> {
  const query = { propagationPolicy: "Background" };
  await send(context, { method: "DELETE", path: objectPath(job), query });
}

/** The API server's own words. */
function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body;
  }
}
