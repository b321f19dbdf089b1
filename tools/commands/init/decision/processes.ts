import { serverOf } from "../processes/commandWords";
import { isSingleton, type Worker, workersIn } from "../processes/workers";
import type { OtherProcess } from "../findings";
import { type Decision, emptyDecision, type Findings, type Setting } from "./decision";
import { isRedis } from "./images";
import { entryName } from "./entryName";
import { knownProcesses } from "./knownProcesses";
import { noteOnEntrypoint, notesOnProcess, notesOnWaiting } from "./processNotes";

/** Those that work on tasks, which they have to finish, and how long they are given to end, in seconds. */
const withTasks: Worker[] = [
  "celery",
  "rq",
  "huey",
  "dramatiq",
  "django-q",
  "django-tasks",
  "procrastinate",
  "background-tasks",
  "channels",
];
const graceSeconds = 60;
/** Where Flower listens, and answers without a login. */
const flower = { port: 5555, healthPath: "/healthcheck" };

/**
 * What runs beside the web process: what compose and a Procfile name, then what the project's packages need.
 *
 * @param names those that are given by now; new ones are added
 */
export function decideProcesses(findings: Findings, names: Set<string>): Decision {
  const decision = emptyDecision();
  const { processes, start } = findings;
  decision.notes.push(...notesOnWaiting(findings));
  if (start.entrypoint?.passesOn === false) {
    decision.notes.push(...noteOnEntrypoint(findings));
    return decision;
  }
  const known = new Set<Worker>();
  const once: string[] = [];
  const open: string[] = [];
  for (const each of processes.others) {
    const { where } = each;
    const command = each.command === undefined ? undefined : withOwnRedis(each.command, findings);
    if (command === undefined) {
      open.push(`${each.name} (${where})`);
    } else if (each.endsByItself) {
      once.push(`${each.name} (${command})`);
    } else {
      const workers = workersOf(each, findings);
      workers.forEach((worker) => known.add(worker));
      const name = entryName(each.name, names);
      decision.settings.push(...entry(name, where, fieldsOf(each, command, workers, findings)));
      decision.notes.push(...notesOnProcess(each, name, findings));
    }
  }
  for (const { worker, name, command, where } of knownProcesses(findings, known)) {
    decision.settings.push(...entry(entryName(name, names), where, fieldsOfKnown(command, worker)));
  }
  if (once.length > 0) {
    decision.notes.push(`No processes, since they end by themselves: ${once.join(", ")}`);
  }
  if (open.length > 0) {
    decision.notes.push(
      `No command is known for ${open.join(", ")}: \`pulumi config set --path processes.NAME.command COMMAND\` adds a process`,
    );
  }
  return decision;
}

type Fields = [field: string, value: string][];

function entry(name: string, where: string, fields: Fields): Setting[] {
  return fields.map(([field, value]) => ({ key: "processes", name, field, value, where }));
}

/** What a process runs tasks with, in its command or in the scripts that this runs. */
function workersOf({ name, command = "" }: OtherProcess, { startOf }: Findings): Worker[] {
  const own = workersIn(command);
  return own.length > 0 ? own : (startOf.get(name)?.workers ?? []);
}

/** Names of processes that plan what others do, or that poll: two would do everything twice. */
const singletonName = /(^|[_-])(clock|scheduler|beat|cron|bot)$/;

function fieldsOf(each: OtherProcess, command: string, workers: Worker[], { startOf }: Findings): Fields {
  const start = startOf.get(each.name);
  const isAlone = isSingleton(command) || (start?.isSingleton ?? false) || singletonName.test(each.name);
  const isFlower = workers.includes("flower");
  const port =
    start?.port?.value ?? flowerPort(command) ?? each.ports[0]?.value ?? (isFlower ? flower.port : undefined);
  const isServed = serverOf(command) !== undefined || isFlower || each.ports.length > 0;
  return [
    ["command", command],
    ...(isAlone ? ([["singleton", "true"]] as Fields) : replicas(each)),
    ...(isServed && port !== undefined ? ([["port", String(port)]] as Fields) : []),
    ...(isFlower && !command.includes("prefix") ? ([["healthPath", flower.healthPath]] as Fields) : []),
    ...grace(workers, each.graceSeconds),
  ];
}

function fieldsOfKnown(command: string, worker: Worker): Fields {
  return [
    ["command", command],
    ...(isSingleton(command) ? ([["singleton", "true"]] as Fields) : []),
    ...(worker === "flower"
      ? ([
          ["port", String(flower.port)],
          ["healthPath", flower.healthPath],
        ] as Fields)
      : []),
    ...grace([worker], undefined),
  ];
}

const replicas = ({ replicas: count = 1 }: OtherProcess): Fields => (count > 1 ? [["replicas", String(count)]] : []);

function grace(workers: readonly Worker[], own: number | undefined): Fields {
  const least = workers.some((worker) => withTasks.includes(worker)) ? graceSeconds : undefined;
  // What a developer waits for is too short for a task.
  const seconds = own === undefined || least === undefined ? (own ?? least) : Math.max(own, least);
  return seconds === undefined || seconds < 1 ? [] : [["terminationGraceSeconds", String(seconds)]];
}

function flowerPort(command: string): number | undefined {
  const [, port] = /--port[= ]([0-9]{1,5})(?:\s|$)/.exec(command) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** A URL of compose's Redis in a command, as in `celery --broker=redis://redis:6379/0 flower`, becomes the stack's. */
function withOwnRedis(command: string, { processes }: Findings): string {
  return processes.services
    .filter(isRedis)
    .reduce(
      (line, { name }) =>
        line.replace(
          new RegExp(
            `rediss?://(?:[^\\s"'@]*@)?${name.replaceAll(".", String.raw`\.`)}(?::\\d+)?(?:/+\\d*)?(?=[\\s"']|$)`,
            "g",
          ),
          "$$(REDIS_URL)",
        ),
      command,
    );
}
