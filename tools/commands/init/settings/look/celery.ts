import path from "node:path";

import type { Found } from "../../found";
import { Interpreter, type ProjectModule } from "../interpreter/interpreter";
import { Recording } from "../interpreter/record";
import { truth, unknown, type Value } from "../interpreter/values";
import { celeryLabel } from "../libraries/celery";
import type { ModuleFiles } from "../project/modules";
import { mentions } from "../python/mentions";
import type { Statement } from "../python/syntax";
import type { Evaluation } from "./evaluation";

/** What settings and the module with Celery's application say of it. */
export interface CeleryFindings {
  /** What `celery -A` takes, such as `shop`; undefined where there is no application. */
  celeryApp: Found<string> | undefined;
  /** What names periodic tasks: settings, the application, or django-celery-beat. */
  celeryBeat: Found<true> | undefined;
  /** Whether the schedule is in the database and settings do not say so to Celery. */
  needsDatabaseScheduler: boolean;
}

/** An application of Celery, and what it is configured with. */
export interface CeleryApplication {
  found: Found<string>;
  module: ProjectModule;
  evaluate: (environment: Readonly<Record<string, string>>, explores?: boolean) => Evaluation;
}

/** Modules in which projects make their application, below the package of the settings or another one. */
const usual = [
  "celery",
  "celery_app",
  "celeryapp",
  "celeryconf",
  "celery_config",
  "celery_init",
  "taskapp.celery",
  "",
  "tasks",
];

/**
 * Finds the application of Celery: beside the settings, else in another package of the project.
 *
 * @param settings name of the settings module
 */
export function findCeleryApplication(
  modules: ModuleFiles,
  settings: string | undefined,
): CeleryApplication | undefined {
  const parents = (settings ?? "").split(".").map((_, index, all) => all.slice(0, all.length - index - 1).join("."));
  const packages = [...new Set([...parents.filter((name) => name !== ""), ...modules.topPackages()])];
  const names = packages.flatMap((name) => usual.map((inner) => (inner === "" ? name : `${name}.${inner}`)));
  for (const name of [...names, "celery_app", "celeryapp"]) {
    const module = modules.has(name) ? modules.find(name) : undefined;
    const line = module && applicationIn(module.body);
    if (module !== undefined && line !== undefined) {
      const value = path.basename(module.file) === "celery.py" ? name.replace(/\.celery$/, "") : name;
      return {
        found: { value, where: `${module.file}:${line}` },
        module,
        evaluate: (environment, explores = false) => evaluated(modules, module, name, environment, explores),
      };
    }
  }
  return undefined;
}

/** The line of `app = Celery(...)`. */
function applicationIn(body: readonly Statement[]): number | undefined {
  return body.find(
    (statement) =>
      statement.kind === "assign" &&
      statement.value?.kind === "call" &&
      /^(\w+)?Celery$/.test(calleeOf(statement.value.callee)),
  )?.line;
}

const calleeOf = (callee: { kind: string; name?: string }): string => callee.name ?? "";

function evaluated(
  modules: ModuleFiles,
  module: ProjectModule,
  name: string,
  environment: Readonly<Record<string, string>>,
  explores: boolean,
): Evaluation {
  const record = new Recording(new Map(Object.entries(environment)), explores);
  const { names } = new Interpreter(record, modules).execute(module, name);
  const app = [...names].find(([, value]) => value.kind === "object" && value.behaviour.label === celeryLabel);
  const conf = app?.[1].kind === "object" ? app[1].behaviour.attribute?.("conf") : undefined;
  return {
    record,
    setting: (key): Value | undefined => {
      const value = conf?.kind === "object" ? conf.behaviour.attribute?.(key) : undefined;
      return value === unknown ? undefined : value;
    },
    placeOf: () => (app && record.places.get(app[0])) ?? module.file,
  };
}

const schedules = ["CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE", "BEAT_SCHEDULE"];
const schedulers = ["CELERY_BEAT_SCHEDULER", "CELERYBEAT_SCHEDULER", "BEAT_SCHEDULER"];

export function findCelery(
  application: CeleryApplication | undefined,
  evaluation: Evaluation,
  installedApps: readonly string[],
): CeleryFindings {
  const set = [...schedules, ...schedulers].find((setting) => {
    const value = evaluation.setting(setting);
    return value !== undefined && truth(value) !== false;
  });
  const usesDatabase = installedApps.some((app) => app.split(".")[0] === "django_celery_beat");
  const inSettings = set ?? (usesDatabase ? "INSTALLED_APPS" : undefined);
  const hasOwn =
    application !== undefined &&
    mentions(application.module.body, /^(beat_schedule|beat_scheduler|add_periodic_task)$/);
  return {
    celeryApp: application?.found,
    celeryBeat:
      inSettings !== undefined
        ? { value: true, where: evaluation.placeOf(inSettings) }
        : hasOwn
          ? { value: true, where: application.module.file }
          : undefined,
    needsDatabaseScheduler: usesDatabase && !schedulers.some((setting) => evaluation.setting(setting) !== undefined),
  };
}
