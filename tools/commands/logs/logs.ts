import { appWords } from "../../app/appWords";
import { type AppChoice, type AppOption, onApp } from "../../app/onApp";
import { ownPlace } from "../../app/ownPlace";
import { selectorOf } from "../../app/role";
import { type Workload, workloadNamed, workloadsIn } from "../../app/workloads";
import { podsWith } from "../../logs/containerLog";
import { type ContainerChange, followLogs, type FollowOptions, keyOf } from "../../logs/followLogs";
import { latestLines } from "../../logs/latestLines";
import type { LogSource } from "../../logs/logLine";
import { containerIn, sourcesOf } from "../../logs/logSources";
import { labelOf, LogWriter, standardOutput } from "../../logs/logWriter";
import { Problem } from "../../../components/problem";
import type { Pod } from "../../rollout/kubernetes";

/** Options of `npm run logs`. */
export interface LogsOptions extends AppOption {
  /** A number of lines, or "all". */
  tail: string;
  follow: boolean;
  prefix: boolean;
  previous?: boolean;
}

/**
 * Shows the logs of what a stack runs: the last lines, and those that come until Ctrl-C, through replaced pods.
 *
 * Standard output is the logs, standard error what is said about them.
 *
 * @param name of a process, schedule or part of the stack. @default all that run the app's image
 * @throws a `Problem` for a name that is not known, and where there is no log
 */
export async function logs(stack: string, name: string | undefined, options: LogsOptions): Promise<void> {
  const tail = readTail(options.tail);
  await onApp(stack, options, async (choice) => {
    await logsOf(choice, name, { ...options, tail });
  });
}

type Shown = Omit<LogsOptions, "tail"> & { tail: number | undefined };

async function logsOf(choice: AppChoice, name: string | undefined, { tail, ...options }: Shown): Promise<void> {
  const { stack } = choice;
  const place = await ownPlace(choice, `The logs are those of the pods of stack ${stack}, and`);
  const known = await workloadsIn(place);
  const wanted = name === undefined ? undefined : workloadNamed(known, name, { stack, what: "process" });
  const labelSelector = selectorOf(wanted);
  const pods = await podsWith(place, labelSelector);
  // Of a schedule the last runs are what is asked for; of all, what runs.
  const past = new Set(wanted === undefined ? pods.filter(isOver).map(({ metadata }) => metadata.uid) : []);
  const containerOf = (pod: Pod): string | undefined => (past.has(pod.metadata.uid) ? undefined : containerIn(pod));
  const sources = sourcesOf(pods, containerOf);
  const closed = new AbortController();
  const screen = standardOutput(() => {
    closed.abort();
  });
  const names = known.map((each) => each.name);
  const writer = new LogWriter(screen, names, options.prefix);
  sources.forEach(({ pod }) => {
    writer.expect(pod);
  });
  const isPrevious = options.previous === true;
  const latest = await latestLines(place, sources, { tail, previous: isPrevious });
  for (const { line, source } of latest.lines) {
    await writer.write(source.pod, line.text);
  }
  if (isPrevious || !options.follow) {
    if (latest.lines.length === 0 && tail !== 0) {
      throw nothingProblem(choice, wanted, { isPrevious, hasPods: sources.length > 0 });
    }
    return;
  }
  const waitsFor = sources.length > 0 ? undefined : (wanted?.name ?? `stack ${stack}`);
  await follow({ ...place, labelSelector, containerOf, known: latest.known }, { sources, waitsFor, writer, closed });
}

interface Following {
  /** What was there at the beginning. */
  sources: LogSource[];
  /** What nothing runs of yet; undefined where something does. */
  waitsFor: string | undefined;
  writer: LogWriter;
  closed: AbortController;
}

async function follow(
  what: Pick<FollowOptions, "context" | "namespace" | "labelSelector" | "containerOf" | "known">,
  { sources, waitsFor, writer, closed }: Following,
): Promise<void> {
  const end = (): void => {
    closed.abort();
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  const old = new Set(sources.map(keyOf));
  if (waitsFor !== undefined) {
    console.error(`No pod of ${waitsFor} runs: its log is shown once one does; Ctrl-C ends it`);
  }
  await followLogs({
    ...what,
    onLine: async ({ text }, { pod }) => {
      await writer.write(pod, text);
    },
    onChange: (change, source) => {
      const said = inWords(change, source, old);
      if (said !== undefined) {
        console.error(said);
      }
    },
    onAway: (reason) => {
      console.error(reason === undefined ? "The cluster answers again" : `${reason}: waiting until it answers`);
    },
    signal: closed.signal,
  }).finally(end);
}

/** What is said of a container; undefined for what the user sees from the beginning. */
function inWords(change: ContainerChange, source: LogSource, old: Set<string>): string | undefined {
  const label = labelOf(source.pod);
  if (change.is === "begun") {
    return old.delete(keyOf(source)) ? undefined : `${label} starts (pod ${source.pod.metadata.name})`;
  }
  const reason = ["", "Error", "Completed"].includes(change.reason) ? "" : `, ${change.reason}`;
  return `${label} ended with exit code ${change.exitCode}${reason}`;
}

const isOver = ({ status: { phase } }: Pod): boolean => phase === "Succeeded" || phase === "Failed";

/** Undefined for all. Throws a `Problem` for what is no number. */
export function readTail(text: string): number | undefined {
  if (text === "all") {
    return undefined;
  }
  if (!/^\d+$/.test(text)) {
    throw new Problem(`--tail is "${text}": allowed is a number of lines, or all`);
  }
  // No log has so many, and the cluster refuses a greater number.
  return Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

function nothingProblem(
  choice: AppChoice,
  wanted: Workload | undefined,
  { isPrevious, hasPods }: { isPrevious: boolean; hasPods: boolean },
): Problem {
  const { stack } = choice;
  const whose = wanted === undefined ? `stack ${stack}` : wanted.name;
  if (isPrevious && hasPods) {
    return new Problem(`No container of ${whose} was started again, so there is no log of one before`);
  }
  if (hasPods) {
    return new Problem(`The log of ${whose} is empty`);
  }
  return wanted?.kind === "schedule"
    ? new Problem(
        `No run of schedule ${whose} has a log`,
        `run \`npm run schedule -- ${appWords(choice)} ${whose}\` to run it now`,
      )
    : new Problem(`No pod of ${whose} runs`, `run \`npm run doctor -- ${stack}\` to see why`);
}
