import type { ScheduleFinding } from "../findings";
import type { Service } from "./service";

/** A label of Ofelia: the kind of a job, its name, and what is said of it. */
const label = /^ofelia\.job-(?:exec|run|local|service-run)\.([\w-]+)\.(schedule|command)$/;

/** The jobs that Ofelia runs in containers of the project, by labels of the services. */
export function ofeliaJobs(services: readonly Service[]): ScheduleFinding[] {
  const jobs = new Map<string, Partial<ScheduleFinding> & { where: string }>();
  for (const [name, { value, where }] of services.flatMap(({ labels }) => [...labels])) {
    const [, job, what] = label.exec(name) ?? [];
    if (job !== undefined && what !== undefined) {
      jobs.set(job, { where, ...jobs.get(job), [what]: value });
    }
  }
  return [...jobs].flatMap(([name, { schedule, command, where }]) =>
    schedule === undefined || command === undefined ? [] : [{ name, schedule, command, where }],
  );
}
