import { Problem } from "../../components/problem";
import type { ContainerStatus, Pod, PodEvent } from "./kubernetes";

/** Why a pod does not do what an update waits for. */
export interface Diagnosis {
  pod: string;
  /** What it does instead, after its name. */
  outcome: "does not become ready" | "fails";
  /** Short name, as kubectl shows it, such as CrashLoopBackOff. */
  reason: string;
  /** What the cluster says of it, in a line; empty when it says no more than the reason. */
  detail: string;
  /** Last lines of the container's output, as far as its status holds them. */
  log: string;
  nextStep: string;
  /** Seconds that it has to last before it counts: it may pass by itself sooner. */
  patienceSeconds: number;
}

/** Exit code of a process that SIGKILL ended; Docker does not always notice that it was for want of memory. */
const killed = 137;
const raiseTheLimit = "raise the limit, such as by `pulumi config set memoryLimit 1Gi`, and run `npm run up` again";
const mendTheProject = "mend the project in app/ and run `npm run up` again";

/** What is wrong with a pod for as long as nobody mends it; undefined while it may still become ready. */
export function diagnose(pod: Pod): Diagnosis | undefined {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status;
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    return {
      pod: pod.metadata.name,
      outcome: pendingOutcome,
      reason: "Unschedulable",
      detail: oneLine(scheduled.message),
      log: "",
      nextStep: "lower `cpuRequest` or `memoryRequest` with `pulumi config set`, or give the cluster more",
      patienceSeconds: 5,
    };
  }
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const found = runsOnce(pod) ? diagnoseRun(status) : diagnoseContainer(status);
    if (found) {
      return { pod: pod.metadata.name, outcome: runsOnce(pod) ? "fails" : pendingOutcome, log: "", ...found };
    }
  }
  return undefined;
}

const pendingOutcome = "does not become ready";

/** Whether it is to end, as a migration is, and is not started again when it failed. */
const runsOnce = ({ spec }: Pod): boolean => spec?.restartPolicy === "Never";

type ContainerDiagnosis = Omit<Diagnosis, "pod" | "outcome" | "log"> & { log?: string };

function diagnoseRun(status: ContainerStatus): ContainerDiagnosis | undefined {
  const ended = status.state?.terminated;
  if (ended === undefined || ended.exitCode === 0 || ended.reason === "OOMKilled") {
    return diagnoseContainer(status);
  }
  return {
    reason: ended.reason ?? "Error",
    detail: `its command ends with exit code ${ended.exitCode}`,
    log: ended.message ?? "",
    nextStep: "mend the project in app/, or what its database says no to, and run `npm run up` again",
    patienceSeconds: 0,
  };
}

function diagnoseContainer({ image, state, lastState }: ContainerStatus): ContainerDiagnosis | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  const waiting = state?.waiting;
  if (ended?.reason === "OOMKilled") {
    return {
      reason: "OOMKilled",
      detail: "the container needs more memory than its limit",
      log: ended.message ?? "",
      nextStep: raiseTheLimit,
      patienceSeconds: 0,
    };
  }
  if (waiting?.reason === "CrashLoopBackOff" && ended?.exitCode === killed) {
    return {
      reason: waiting.reason,
      detail: "the container is killed (exit code 137), as for more memory than its limit",
      log: ended.message ?? "",
      nextStep: raiseTheLimit,
      patienceSeconds: 0,
    };
  }
  if (waiting?.reason === "CrashLoopBackOff") {
    return {
      reason: waiting.reason,
      detail: ended ? `the container ends with exit code ${ended.exitCode}` : "the container ends again and again",
      log: ended?.message ?? "",
      nextStep: mendTheProject,
      patienceSeconds: 0,
    };
  }
  return waitingProblem(waiting?.reason, waiting?.message, image);
}

function waitingProblem(
  reason: string | undefined,
  message: string | undefined,
  image: string,
): ContainerDiagnosis | undefined {
  switch (reason) {
    case "ErrImagePull":
    case "ImagePullBackOff":
    case "ErrImageNeverPull":
    case "InvalidImageName":
      return {
        reason,
        detail: `image ${image} is not on the node, and no registry has it`,
        nextStep: "run `npm run doctor`, which tells whether the cluster runs the images of this Docker daemon",
        patienceSeconds: 3,
      };
    case "CreateContainerConfigError":
    case "CreateContainerError":
    case "RunContainerError":
      return { reason, detail: oneLine(message), nextStep: mendTheProject, patienceSeconds: 5 };
    default:
      return undefined;
  }
}

/** What can be said of a pod whose time was up: what `diagnose` finds, or what its last failed probe said. */
export function diagnoseLate(pod: Pod, events: readonly PodEvent[]): Diagnosis | undefined {
  const found = diagnose(pod);
  const isReady = pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  if (found !== undefined || isReady || pod.status.phase === "Succeeded") {
    return found;
  }
  const unhealthy = events.findLast(({ reason }) => reason === "Unhealthy");
  const [container] = pod.status.containerStatuses ?? [];
  const ended = container?.state?.terminated ?? container?.lastState?.terminated;
  return {
    pod: pod.metadata.name,
    outcome: pendingOutcome,
    reason: container?.state?.waiting?.reason ?? "NotReady",
    detail: oneLine(unhealthy?.message ?? events.at(-1)?.message),
    log: ended?.message ?? "",
    nextStep: `${mendTheProject}, or give it longer with \`pulumi config set rolloutTimeoutSeconds 120\``,
    patienceSeconds: 0,
  };
}

function oneLine(text = ""): string {
  return text.replace(/\s+/g, " ").trim();
}

const shownLines = 12;

/**
 * The diagnosis for the user, with the last log lines.
 *
 * @param isServed whether pods of an earlier version answer in the meantime
 */
export function explain({ pod, outcome, reason, detail, log, nextStep }: Diagnosis, isServed: boolean): Problem {
  const failed = `Pod ${pod} ${outcome}: ${reason}${detail === "" ? "" : `, ${detail.replace(/\.$/, "")}`}`;
  const rest = isServed ? "the version before goes on serving" : "nothing is served yet";
  return new Problem(
    failed,
    `${rest}; ${nextStep}`,
    log.trim() === "" ? [] : log.trimEnd().split("\n").slice(-shownLines),
  );
}
