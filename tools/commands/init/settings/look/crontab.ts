import type { Found } from "../../found";
import { plainText, type Value } from "../interpreter/values";
import type { Evaluation } from "./evaluation";

/** A job of django-crontab: what it calls, and when. */
export interface CronJob {
  schedule: string;
  /** Such as `shop.cron.clean`. */
  callable: string;
  /** Arguments; undefined where some are no texts. */
  args: string[] | undefined;
}

/** The jobs of CRONJOBS, which django-crontab puts into the crontab of a machine. */
export function findCronJobs(evaluation: Evaluation): Found<CronJob>[] {
  const jobs = evaluation.setting("CRONJOBS");
  const where = evaluation.placeOf("CRONJOBS");
  return (jobs?.kind === "list" ? jobs.items : []).flatMap((job) => {
    const [schedule, callable, args] = job.kind === "list" ? job.items : [];
    const [when, what] = [plainText(schedule), plainText(callable)];
    return when === undefined || what === undefined
      ? []
      : [{ value: { schedule: when, callable: what, args: textsOf(args) }, where }];
  });
}

function textsOf(args: Value | undefined): string[] | undefined {
  if (args?.kind !== "list") {
    return [];
  }
  const texts = args.items.flatMap((item) => plainText(item) ?? []);
  return texts.length === args.items.length ? texts : undefined;
}
