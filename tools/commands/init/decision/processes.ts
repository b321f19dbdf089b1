import path from "node:path";

import { commandsIn, serverOf } from "../processes/commandWords";
import { isOfPlatform } from "../processes/platforms/readPlatforms";
import { isNamedAsPreparing, scriptEndsByItself } from "../processes/ends";
import { isSingleton, type Worker, workersIn } from "../processes/workers";
import type { OtherProcess } from "../findings";
import { isGiven } from "../variables/given";
import { isPlaceholder, isSecret } from "../variables/secrets";
import { type Decision, emptyDecision, type Findings, type Missing, missingVariable, type Setting } from "./decision";
import { isRedis } from "./images";
import { entryName } from "./entryName";
import { knownProcesses } from "./knownProcesses";
import { fromRoot } from "./release";
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
 * What runs beside the web process: what compose and a hosting platform name, then what the project's packages need.
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
  const known = new Set<Worker>(workersOfWeb(findings));
  const once: string[] = [];
  const open: OtherProcess[] = [];
  for (const each of processes.others) {
    const { where } = each;
    const command =
      each.command === undefined ? undefined : withOwnRedis(fromRoot(each.command, where, findings), findings);
    if (command === undefined) {
      open.push(each);
    } else if (each.endsByItself || endsByItsScript(each, findings)) {
      once.push(`${each.name} (${command})`);
    } else if (!isStartedByScript(each, findings)) {
      const workers = workersOf(each, findings);
      workers.forEach((worker) => known.add(worker));
      const name = entryName(each.name, names);
      decision.settings.push(...entry(name, where, fieldsOf(each, command, workers, findings)));
      decision.notes.push(...notesOnProcess(each, name, findings));
      decision.missing.push(...secretsWithoutValue(command, where, findings));
    }
  }
  const byPackages = knownProcesses(findings, known);
  for (const { worker, name, command, where } of byPackages) {
    decision.settings.push(...entry(entryName(name, names), where, fieldsOfKnown(command, worker)));
  }
  if (once.length > 0) {
    decision.notes.push(`No processes, since they end by themselves: ${once.join(", ")}`);
  }
  const unknown = open.filter((each) => !byPackages.some(({ name }) => name === each.name));
  if (unknown.length > 0) {
    const list = unknown.map(({ name, where }) => `${name} (${where})`).join(", ");
    decision.notes.push(
      `No command is known for ${list}: \`pulumi config set --path processes.NAME.command COMMAND\` adds a process`,
    );
  }
  return decision;
}

/** Whether the scripts of a process do something once, or its name says so and nothing that they do speaks against it. */
function endsByItsScript({ name }: OtherProcess, { startOf }: Findings): boolean {
  const start = startOf.get(name);
  const [, ...script] = start?.lines ?? [];
  const isAtWork = start !== undefined && (start.serves || start.workers.length > 0);
  return scriptEndsByItself(script.map(({ text }) => text)) || (isNamedAsPreparing(name) && !isAtWork);
}

/**
 * Whether a line of a hosting platform starts what a script of a compose service or of the web process does: each is that
 * platform's way to start the same. Where the service's own command says so, the line is left out before.
 */
function isStartedByScript({ where, command = "" }: OtherProcess, findings: Findings): boolean {
  const workers = isOfPlatform(where) ? workersIn(command) : [];
  const ofServices = [
    ...workersOfWeb(findings),
    ...findings.processes.others
      .filter((other) => !isOfPlatform(other.where))
      .flatMap((other) => workersOf(other, findings)),
  ];
  return workers.length > 0 && workers.every((worker) => ofServices.includes(worker));
}

/** What the web process starts beside its server: a second beat would do everything twice. */
function workersOfWeb({ start, image }: Findings): Worker[] {
  const command = image?.command === undefined ? start.process : start.image;
  return [start.entrypoint, command].flatMap((each) => each?.workersBesideServer ?? []);
}

/** Secrets that a command has as variables and nothing sets: Flower would take an empty password. */
function secretsWithoutValue(command: string, where: string, { processes, env, image }: Findings): Missing[] {
  const isSet = (name: string): boolean =>
    isGiven(name, { database: "postgres", hasRedis: true }) ||
    processes.environment.has(name) ||
    image?.config.environment.has(name) === true ||
    env.values.some((each) => each.name === name && !isPlaceholder(each.value, true));
  return [...command.matchAll(/\$\{(\w+)\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => isSecret(name) && !isSet(name))
    .map((name) => missingVariable(name, where, true));
}

type Fields = [field: string, value: string][];

function entry(name: string, where: string, fields: Fields): Setting[] {
  return fields.map(([field, value]) => ({ key: "processes", name, field, value, where }));
}

/** What a process runs tasks with, in its command or in the scripts that this runs. */
function workersOf({ name, command = "" }: OtherProcess, { startOf, settings }: Findings): Worker[] {
  const inScripts = startOf.get(name)?.workers ?? [];
  const [own] = [workersIn(command), inScripts].filter((workers) => workers.length > 0);
  const [, named] = namesOfWorkers.find(([pattern]) => pattern.test(name)) ?? [];
  return own ?? named ?? (settings.celeryApp === undefined || runsOther(name, command) ? [] : workersByName(name));
}

/** What processes are by their names, where their scripts do not say: a second one would be started for a package. */
const namesOfWorkers: [pattern: RegExp, workers: Worker[]][] = [
  [/huey/, ["huey"]],
  [/dramatiq/, ["dramatiq"]],
  [/qcluster/, ["django-q"]],
  [/(^|[_-])rq[_-]?worker/, ["rq"]],
];

/** Whether a process has no word of Celery in it, and runs a server or a command of Django. */
const runsOther = (name: string, command: string): boolean =>
  !/celery|flower/.test(`${name} ${command}`) &&
  (serverOf(command) !== undefined || /\bmanage\.py\b|\bdjango-admin\b/.test(command));

/** What a process of Celery is by its name, where its script does not say: a second beat would do everything twice. */
function workersByName(name: string): Worker[] {
  if (/(^|[_-]|celery)beat|scheduler/.test(name)) {
    return ["beat"];
  }
  return name.includes("flower") ? ["flower"] : /celery|worker/.test(name) ? ["celery"] : [];
}

/** Names of processes that plan what others do, or that poll: two would do everything twice. */
const singletonName = /(^|[_-])(clock|scheduler|beat|cron|bot)$/;

/** The names of the scripts of Python that a command line runs, without their end. */
const scriptsIn = (command: string): string[] =>
  commandsIn(command)
    .flat()
    .filter((word) => word.endsWith(".py"))
    .map((word) => path.posix.basename(word, ".py"));

function fieldsOf(each: OtherProcess, command: string, workers: Worker[], { startOf }: Findings): Fields {
  const start = startOf.get(each.name);
  const isAlone =
    isSingleton(command) ||
    (start?.isSingleton ?? false) ||
    workers.includes("beat") ||
    workers.includes("huey") ||
    [each.name, ...scriptsIn(command)].some((name) => singletonName.test(name));
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
