import { baseName, commandsIn } from "./commandWords";

/** What runs tasks beside the web process, by the package that it belongs to. */
export type Worker =
  | "celery"
  | "beat"
  | "flower"
  | "rq"
  | "rqscheduler"
  | "huey"
  | "dramatiq"
  | "django-q"
  | "django-tasks"
  | "procrastinate"
  | "background-tasks"
  | "channels"
  | "apscheduler";

/** The word of a command line by which each is known, and words of which one has to follow it. */
const words: [worker: Worker, word: RegExp, following?: RegExp][] = [
  ["celery", /^celery$/, /^worker$/],
  ["beat", /^celery$/, /^beat$/],
  ["flower", /^celery$/, /^flower$/],
  ["flower", /^flower$/],
  ["rq", /^(rqworker|rqworker-pool)$/],
  ["rqscheduler", /^rqscheduler$/],
  ["huey", /^(run_huey|run_djhuey|huey_consumer(\.py)?)$/],
  ["dramatiq", /^(rundramatiq|dramatiq)$/],
  ["django-q", /^qcluster$/],
  ["django-tasks", /^db_worker$/],
  ["procrastinate", /^procrastinate$/, /^worker$/],
  ["background-tasks", /^process_tasks$/],
  ["channels", /^runworker$/],
  ["apscheduler", /^runapscheduler$/],
];

/** Those of which two at once would do everything twice. */
const singletons: Worker[] = ["beat", "rqscheduler", "huey", "apscheduler"];

/** What a command line runs tasks with; empty for one that runs none. A worker of Celery may have beat in it. */
export function workersIn(line: string): Worker[] {
  return commandsIn(line).flatMap((command) => {
    const names = command.map(baseName);
    const found = words.find(([, word, following]) => {
      const at = names.findIndex((name) => word.test(name));
      return at !== -1 && (following === undefined || names.slice(at + 1).some((name) => following.test(name)));
    });
    const [worker] = found ?? [];
    const hasBeat = worker === "celery" && command.some((word) => /^(-[A-Za-z]*B|--beat)$/.test(word));
    return worker === undefined ? [] : hasBeat ? [worker, "beat"] : [worker];
  });
}

/** Whether a command line must never run twice at once. */
export function isSingleton(line: string): boolean {
  return workersIn(line).some((worker) => singletons.includes(worker));
}
