import { Problem } from "../../components/problem";

/** Why a rollout does not go on. */
export interface Diagnosis {
  /** What does not do as it should, such as "Pod web-1". */
  subject: string;
  /** What it does instead, after its name. */
  outcome: "does not become ready" | "fails" | "gets no pod";
  /** Short name, as kubectl shows it, such as CrashLoopBackOff. */
  reason: string;
  /** What the cluster says of it, in a line; empty when it says no more than the reason. */
  detail: string;
  /** Last lines of the container's output, as far as its status holds them. */
  log: string;
  /** What helps, as a clause that another "and ..." may follow. */
  nextStep: string;
  /** Seconds that it has to last before it ends the rollout; "rollout" for what may pass within the rollout's own time. */
  patience: number | "rollout";
  /** Whether the output of the process may tell more. @default false */
  isByProcess?: boolean;
  /** Name of the process that is to run, where it is not the one that serves the page. @default web */
  process?: string;
}

/** What helps where the project itself is to blame. */
export const mend = (folder: string): string => `mend the project in ${folder}/`;

const shownLines = 12;

/**
 * The diagnosis for the user, with the last log lines.
 *
 * @param isServed whether pods of an earlier version do what these are for in the meantime
 * @param retry how the update is run again after the next step, as the end of a clause; "" where a save does
 */
export function explain(diagnosis: Diagnosis, isServed: boolean, retry: string): Problem {
  const { subject, outcome, log, nextStep } = diagnosis;
  const rest = standing(diagnosis, isServed);
  return new Problem(
    `${subject} ${outcome}: ${reasonOf(diagnosis)}`,
    `${rest}; ${withRetry(nextStep, retry)}`,
    shownOf(log),
  );
}

/** What goes on in the meantime. */
function standing({ process }: Diagnosis, isServed: boolean): string {
  if (process !== undefined) {
    return isServed ? `process ${process} goes on in the version before` : `process ${process} does not run yet`;
  }
  return isServed ? "the version before goes on serving" : "nothing is served yet";
}

/** The diagnosis of what runs once, apart from any rollout. */
export function explainRun(diagnosis: Diagnosis): Problem {
  const { subject, outcome, log, nextStep } = diagnosis;
  return new Problem(
    `${subject} ${outcome}: ${reasonOf(diagnosis)}`,
    withRetry(nextStep, "run `npm run up`"),
    shownOf(log),
  );
}

const shownOf = (log: string): string[] => (log.trim() === "" ? [] : log.trimEnd().split("\n").slice(-shownLines));

/** A line about what is waited for, while it may still come right. */
export function describeWait(diagnosis: Diagnosis, seconds: number): string {
  return `${diagnosis.subject}: ${reasonOf(diagnosis)}; the rollout goes on for up to ${seconds} s`;
}

/** A next step, and then the update again. */
export function withRetry(nextStep: string, retry: string): string {
  return retry === "" ? nextStep : `${nextStep}${nextStep.includes(", ") ? "," : ""} and ${retry}`;
}

function reasonOf({ reason, detail }: Diagnosis): string {
  return detail === "" ? reason : `${reason}, ${detail.replace(/\.$/, "")}`;
}

export function oneLine(text = ""): string {
  return text.replace(/\s+/g, " ").trim();
}
