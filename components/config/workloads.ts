import { mapValues } from "../mapValues";
import { Problem } from "../problem";
import { commandLine, flag, healthPath, matching, timeZone, wholeNumber } from "./checks";
import { cronExpression } from "./cronExpression";
import { type Entry, readEntries } from "./entries";
import { billionths, bytes, cpu, refuseAboveLimit } from "./quantity";
import { type PlainConfig, textOf } from "./reader";

/** What a pod requests and may use; undefined is for the web process's own. */
export interface OwnResources {
  cpuRequest: string | undefined;
  cpuLimit: string | undefined;
  memoryRequest: string | undefined;
  memoryLimit: string | undefined;
}

/** A process of the project beside the web's, such as a worker. */
export interface ProcessEntry extends OwnResources {
  command: string;
  /** Number of pods; with `maxReplicas` the least number. */
  replicas: number;
  /** Number of pods up to which the use of CPU may scale; undefined for a fixed number. */
  maxReplicas: number | undefined;
  /** Whether there may never be two of it. */
  singleton: boolean;
  /** Port that it listens on; undefined for none. */
  port: number | undefined;
  /** How the port is reached from outside the cluster: at the node, or by a path of the Ingress; undefined for not at all. */
  expose: string | undefined;
  /** What tells whether it works: a command in its pod, or a path at its port. */
  healthCommand: string | undefined;
  healthPath: string | undefined;
  /** Seconds that it may take to end, such as for the task at hand. */
  terminationGraceSeconds: number;
}

/** A command that runs from time to time. */
export interface ScheduleEntry extends OwnResources {
  /** Cron expression. */
  schedule: string;
  command: string;
  timeZone: string;
  /** Seconds that a run may take. */
  deadlineSeconds: number;
  /** Seconds by which a run may be late, such as after the cluster was stopped, before it is left out. */
  startingDeadlineSeconds: number;
  /** Number of runs that are kept to be looked at, of those that succeeded and of those that failed. */
  history: number;
}

/** Names that other objects of an app have. */
export const reservedNames = [
  "web",
  "service",
  "database",
  "redis",
  "media",
  "migrate",
  "release",
  "secret",
  "key",
  "sqlite",
  "backup",
];
const resourceFields = ["cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"] as const;
const processForm = {
  fields: [
    "command",
    "replicas",
    "maxReplicas",
    "singleton",
    "port",
    "expose",
    "healthCommand",
    "healthPath",
    "terminationGraceSeconds",
    ...resourceFields,
  ],
  example: "command 'celery -A shop worker'",
} as const;
const scheduleForm = {
  fields: [
    "schedule",
    "command",
    "timeZone",
    "deadlineSeconds",
    "startingDeadlineSeconds",
    "history",
    ...resourceFields,
  ],
  example: "schedule '0 3 * * *'",
} as const;

/** What of the web process's settings others have where they say nothing. */
type Web = Record<"memoryRequest" | "memoryLimit", string>;

/** What runs beside the web process, from the same image. */
export function readWorkloads(config: PlainConfig, web: Web) {
  const processes = mapValues(readEntries(config, "processes", processForm, reservedNames), (entry) =>
    readProcessEntry(config, entry, web),
  );
  const schedules = mapValues(
    readEntries(config, "schedules", scheduleForm, [...reservedNames, ...Object.keys(processes)]),
    (entry) => readScheduleEntry(entry, web),
  );
  return { processes, schedules };
}

export type WorkloadSettings = ReturnType<typeof readWorkloads>;

function readProcessEntry(config: PlainConfig, entry: Entry, web: Web): ProcessEntry {
  const port = entry.optional("port", wholeNumber({ from: 1, to: 65535, example: 5555 }));
  const read: ProcessEntry = {
    command: entry.required("command", commandLine),
    replicas: entry.optional("replicas", wholeNumber({ from: 0, to: 1000, example: 2 })) ?? 1,
    maxReplicas: entry.optional("maxReplicas", wholeNumber({ from: 1, to: 1000, example: 10 })),
    singleton: entry.optional("singleton", flag) ?? false,
    port,
    expose: entry.optional("expose", exposure),
    healthCommand: entry.optional("healthCommand", commandLine),
    healthPath: entry.optional("healthPath", healthPath),
    terminationGraceSeconds:
      entry.optional("terminationGraceSeconds", wholeNumber({ from: 1, to: 86400, example: 60 })) ?? 30,
    ...readResources(entry, web),
  };
  refuseTogether(config, entry, read);
  return read;
}

const exposure = matching(/^(NodePort|\/[\x21-\x7e]*)$/, {
  allowed: "NodePort, or a path of the Ingress that begins with /",
  example: "NodePort",
});

/** Refuses fields that mean nothing, or two things, together. */
function refuseTogether(config: PlainConfig, entry: Entry, read: ProcessEntry): void {
  const { replicas, maxReplicas, singleton, port, expose, healthCommand, healthPath } = read;
  const refuse = (field: string, value: unknown, why: string, help: string): never => {
    throw new Problem(`Config key "${entry.pathOf(field)}" is "${String(value)}", ${why}`, help);
  };
  const remove = (field: string): string => `run \`pulumi config rm --path ${entry.pathOf(field)}\``;
  if (singleton && replicas > 1) {
    refuse("replicas", replicas, "and there is never more than one of a singleton", remove("replicas"));
  }
  if (singleton && maxReplicas !== undefined) {
    refuse("maxReplicas", maxReplicas, "and there is never more than one of a singleton", remove("maxReplicas"));
  }
  if (maxReplicas !== undefined && (replicas === 0 || maxReplicas <= replicas)) {
    const why = `and allowed is more than its replicas, which is ${replicas} and has to be at least 1`;
    refuse("maxReplicas", maxReplicas, why, remove("maxReplicas"));
  }
  const setPort = `run \`pulumi config set --path ${entry.pathOf("port")} PORT\` with the port that it listens on`;
  if (port === undefined && expose !== undefined) {
    refuse("expose", expose, "and the process has no port", setPort);
  }
  if (port === undefined && healthPath !== undefined) {
    refuse("healthPath", healthPath, "and the process has no port to ask", setPort);
  }
  if (healthPath !== undefined && healthCommand !== undefined) {
    refuse("healthPath", healthPath, "and healthCommand is set as well", remove("healthPath"));
  }
  if (expose?.startsWith("/") && textOf(config, "ingressHost") === undefined) {
    refuse(
      "expose",
      expose,
      "a path of the Ingress, and there is none without ingressHost",
      `run \`pulumi config set ingressHost django.example.com\`, or \`pulumi config set --path ${entry.pathOf("expose")} NodePort\``,
    );
  }
  if (expose === "/") {
    refuse(
      "expose",
      expose,
      "which is the path of the web process",
      `run \`pulumi config set --path ${entry.pathOf("expose")} /NAME\``,
    );
  }
}

function readScheduleEntry(entry: Entry, web: Web): ScheduleEntry {
  const seconds = { from: 1, to: 7 * 86400 };
  return {
    schedule: entry.required("schedule", cronExpression),
    command: entry.required("command", commandLine),
    timeZone: entry.optional("timeZone", timeZone) ?? "Etc/UTC",
    deadlineSeconds: entry.optional("deadlineSeconds", wholeNumber({ ...seconds, example: 3600 })) ?? 3600,
    // The controller looks every 10 s, and what is below that never starts.
    startingDeadlineSeconds:
      entry.optional("startingDeadlineSeconds", wholeNumber({ ...seconds, from: 10, example: 200 })) ?? 200,
    history: entry.optional("history", wholeNumber({ from: 0, to: 100, example: 3 })) ?? 3,
    ...readResources(entry, web),
  };
}

function readResources(entry: Entry, web: Web): OwnResources {
  const memoryLimit = entry.optional("memoryLimit", bytes("512Mi"));
  const asked = entry.optional("memoryRequest", bytes("128Mi"));
  if (asked !== undefined) {
    refuseAboveLimit(
      [entry.pathOf("memoryRequest"), asked],
      [entry.pathOf("memoryLimit"), memoryLimit ?? web.memoryLimit],
    );
  }
  const isSmall = memoryLimit !== undefined && (billionths(memoryLimit) ?? 0n) < (billionths(web.memoryRequest) ?? 0n);
  return {
    cpuRequest: entry.optional("cpuRequest", cpu("100m")),
    cpuLimit: entry.optional("cpuLimit", cpu("1")),
    memoryRequest: asked ?? (isSmall ? memoryLimit : undefined),
    memoryLimit,
  };
}
