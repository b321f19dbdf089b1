import type { Worker } from "../processes/workers";
import type { Found } from "../findings";
import type { Findings } from "./decision";
import { inEnvironment, managePath } from "./release";

/** A process that a project's packages need and none of its files starts. */
export interface KnownProcess {
  worker: Worker;
  name: string;
  command: string;
  where: string;
}

interface Row {
  worker: Worker;
  name: string;
  /** What needs it; undefined where nothing does. */
  neededBy: (findings: Findings) => Found<unknown> | undefined;
  command: (findings: Findings) => string;
}

const ofApp =
  (pattern: RegExp): Row["neededBy"] =>
  ({ settings }) => {
    const app = settings.installedApps.find((each) => pattern.test(each));
    return app === undefined ? undefined : { value: app, where: `${app} in INSTALLED_APPS` };
  };

const manage =
  (command: (findings: Findings) => string): Row["command"] =>
  (findings) =>
    `python ${managePath(findings)} ${command(findings)}`;

/** Without a number, a worker starts as many processes as the machine has CPUs, which is more than a pod has memory for. */
const rows: Row[] = [
  {
    worker: "celery",
    name: "worker",
    neededBy: ({ settings }) => settings.celeryApp,
    command: (findings) => celery(findings, "worker --loglevel info --concurrency 2"),
  },
  {
    worker: "beat",
    name: "beat",
    neededBy: ({ settings }) => settings.celeryApp && settings.celeryBeat,
    command: (findings) =>
      celery(
        findings,
        findings.settings.needsDatabaseScheduler
          ? "beat --loglevel info --scheduler django_celery_beat.schedulers:DatabaseScheduler"
          : "beat --loglevel info --schedule /tmp/celerybeat-schedule",
      ),
  },
  {
    worker: "flower",
    name: "flower",
    neededBy: ({ settings, dependencies }) =>
      dependencies.packages.has("flower") && settings.celeryApp !== undefined
        ? { value: "flower", where: dependencies.tool?.where ?? "package flower" }
        : undefined,
    command: (findings) => celery(findings, "flower --port 5555"),
  },
  {
    worker: "rq",
    name: "worker",
    neededBy: ofApp(/^django_rq(\.|$)/),
    command: manage(({ settings }) => `rqworker ${settings.queues.join(" ") || "default"}`),
  },
  {
    worker: "rqscheduler",
    name: "scheduler",
    neededBy: (findings) =>
      findings.dependencies.packages.has("rq-scheduler") ? ofApp(/^django_rq(\.|$)/)(findings) : undefined,
    command: manage(() => "rqscheduler"),
  },
  { worker: "huey", name: "huey", neededBy: ofApp(/^huey\.contrib\.djhuey$/), command: manage(() => "run_huey") },
  {
    worker: "dramatiq",
    name: "worker",
    neededBy: ofApp(/^django_dramatiq(\.|$)/),
    command: manage(() => "rundramatiq --processes 2 --threads 4"),
  },
  { worker: "django-q", name: "qcluster", neededBy: ofApp(/^django_q(\.|$)/), command: manage(() => "qcluster") },
  {
    worker: "django-tasks",
    name: "worker",
    neededBy: ofApp(/^(django_tasks\.backends\.database|django_tasks_db)(\.|$)/),
    command: manage(() => "db_worker"),
  },
  {
    worker: "procrastinate",
    name: "worker",
    neededBy: ofApp(/^procrastinate\.contrib\.django/),
    command: manage(() => "procrastinate worker"),
  },
  {
    worker: "background-tasks",
    name: "tasks",
    neededBy: ofApp(/^background_task(\.|$)/),
    command: manage(() => "process_tasks"),
  },
];

/** @param known what processes of compose or a hosting platform run already */
export function knownProcesses(findings: Findings, known: ReadonlySet<Worker>): KnownProcess[] {
  return rows
    .filter(({ worker }) => !known.has(worker))
    .flatMap((row) => {
      const found = row.neededBy(findings);
      if (found === undefined) {
        return [];
      }
      const { worker, name } = row;
      return [{ worker, name, command: inEnvironment(row.command(findings), findings), where: found.where }];
    });
}

function celery(findings: Findings, command: string): string {
  const { settings } = findings;
  const workdir = managePath(findings).includes("/") ? ` --workdir ${settings.manageFolder}` : "";
  return `celery -A ${settings.celeryApp?.value ?? ""}${workdir} ${command}`;
}
